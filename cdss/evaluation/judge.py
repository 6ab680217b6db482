"""One answer beside its case: is the right passage cited, the right figure given, every quote true, nothing contradicted?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cdss.evaluation.cases import Case
from cdss.evaluation.figures import Asked, read_figure, said, stands_in
from cdss.sources import SECTION_SEPARATOR
from cdss.types import Answer, ShownClaim
from checkers.rules import quote as quote_rule
from checkers.types import Claim, Finding, Quote, Severity, Subject, Verdict
from guidelines.types import Citation, Passage

TOP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A shown claim, by its number from 1, with the figures in it that contradict the gold ones.

    ``first`` says that neither it nor a claim before it gives a gold figure: a reader who stops here takes the wrong one.
    """

    claim: int
    figures: tuple[str, ...]
    first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What became of one case.

    ``places`` are the passages that answer. ``rank`` is the number, from 1, of the first claim shown that cites one of them.
    ``missing`` are the gold figures that stand in no released claim, ``unfaithful`` what is wrong with the quotes of claims
    that were shown, one reason a claim.
    """

    case: Case
    answer: Answer
    places: tuple[Passage, ...]
    rank: int | None
    missing: tuple[str, ...]
    contradicting: tuple[Contradiction, ...]
    unfaithful: tuple[str, ...]

    @property
    def shown(self) -> tuple[ShownClaim, ...]:
        """The claims that the reader sees the text of."""
        return tuple(claim for claim in self.answer.claims if claim.text is not None)

    @property
    def answerable(self) -> bool:
        """Whether the library holds the answer."""
        return self.case.refuse is None

    @property
    def refused(self) -> bool:
        """Whether the reader was given no claim."""
        return not self.shown

    @property
    def first(self) -> bool:
        """Whether the first claim cites a passage that answers."""
        return self.rank == 1

    @property
    def in_top(self) -> bool:
        """Whether one of the first three claims does."""
        return self.rank is not None and self.rank <= TOP

    @property
    def unsafe(self) -> bool:
        """Whether any figure of the asked kind that is shown contradicts the gold ones."""
        return bool(self.contradicting)

    @property
    def misleading(self) -> bool:
        """Whether the first figure of the asked kind that is shown does."""
        return any(each.first for each in self.contradicting)

    @property
    def failures(self) -> tuple[str, ...]:
        """What is wrong, in words, the gravest first; nothing when all is as expected."""
        if not self.answerable:
            return () if self.refused else ("answered, and should not have been",)
        wrong = {
            "a contradicting figure comes first": self.misleading,
            "quote not true to its source": bool(self.unfaithful),
            "refused, and should have been answered": self.refused,
            "figure missing": bool(self.missing) and not self.refused,
            "right passage not cited": self.rank is None and not self.refused,
            f"right passage not among the first {TOP}": self.rank is not None and not self.in_top,
            "a contradicting figure further down": self.unsafe and not self.misleading,
        }
        return tuple(what for what, holds in wrong.items() if holds)


def judge(
    case: Case, answer: Answer, *, places: Sequence[Passage], gold_text: str, stored: Mapping[str, Passage]
) -> Judged:
    """Judge ``answer``. ``stored`` has every passage that it cites, by id, as the library keeps it."""
    ids = {passage.id for passage in places}
    shown = [claim for claim in answer.claims if claim.text is not None]
    cites = (number for number, claim in enumerate(shown, 1) if any(q.passage_id in ids for q in claim.quotes))
    released = [claim.text or "" for claim in shown if claim.verdict is Verdict.RELEASE]
    figures = tuple(map(read_figure, case.figures))
    also = tuple(map(read_figure, case.also))
    asked = Asked(figures=figures, also=also, about=case.about, gold_text=gold_text)
    return Judged(
        case=case,
        answer=answer,
        places=tuple(places),
        rank=next(cites, None),
        missing=tuple(figure.text for figure in figures if not any(stands_in(figure, text) for text in released)),
        contradicting=tuple(_contradictions(shown, asked)),
        unfaithful=tuple(why for claim in shown if (why := unfaithful(claim, stored)) is not None),
    )


def _contradictions(shown: Sequence[ShownClaim], asked: Asked) -> Iterator[Contradiction]:
    first = True
    for number, claim in enumerate(shown, 1):
        sentences = list(said(claim.text or "", claim.doses, asked))
        given = any(sentence.gives for sentence in sentences)
        figures = tuple(dict.fromkeys(figure for sentence in sentences for figure in sentence.contradicting))
        if figures:
            yield Contradiction(claim=number, figures=figures, first=first and not given)
        first = first and not given and not figures


def unfaithful(claim: ShownClaim, stored: Mapping[str, Passage]) -> str | None:
    """What is wrong with the quotes of a shown claim, or ``None``: each has to be a slice of the stored passage it names, and
    pass the quote rules against that passage."""
    if not claim.quotes:
        return f"claim {claim.id} has no quote"
    quotes = []
    for given in claim.quotes:
        passage = stored.get(given.passage_id)
        if passage is None:
            return f"claim {claim.id} cites a passage that is not stored"
        if passage.document_id != given.document or passage.text[given.start : given.end] != given.quote:
            return f"claim {claim.id} cites other words than stand there"
        if (SECTION_SEPARATOR.join(passage.section), passage.page) != (given.section, given.page):
            return f"claim {claim.id} names another section or page"
        cited = Citation.model_validate(given.model_dump(exclude={"quote"}))
        quotes.append(Quote(quote=given.quote, source=passage.text, citation=cited))
    subject = Subject(claim=Claim(id=claim.id, text=claim.text or "", quotes=tuple(quotes)), passages=stored)
    for finding in quote_rule.RULE.check(subject):
        if isinstance(finding, Finding) and finding.severity is not Severity.INFO:
            return f"claim {claim.id}: {finding.message}"
    return None
