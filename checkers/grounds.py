"""A claim and the words that are to carry it, folded once, in the form in which every grounding rule reads them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from checkers.fold import BREAK, LINE, Origin, fold
from checkers.quantities import Quantity, quantities
from checkers.sentences import MARKER, sentences
from checkers.types import Claim, Finding, Severity, Subject
from checkers.words import Known, Word, content, known

_CLAUSE = re.compile(
    r"[;:]|,?\s(?:but|however|whereas|while)\b|[–—](?=\s)|,\s(?:and|or|then)\s(?=\w+\s(?:should|must|may|can|is|are|not)\b)"
)
_ENOUGH = 0.5
"""Share of the best overlap that another clause must reach to count as a source of the same thing."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence that stands for itself: ``text`` at ``[start, end)`` of the claim or of one quote."""

    text: str
    start: int
    end: int
    stems: frozenset[str]


class Grounds:
    """What a claim says (``claim``) and what its quotes say (``quotes``), folded, words broken at a line's end joined.

    Two quotes of which one is the header or the lead of the other are also read together, as one more quote. ``context`` is
    what stands over the quotes: title, section and population of the documents they are from.
    """

    def __init__(self, claim: Claim, question: str | None) -> None:
        self._given = claim.text
        self._marks, *quoted = map(_unwrapped, (claim.text, *(quote.quote for quote in claim.quotes or ())))
        self.claim = _plain(self._marks)
        self._quoted_marks = [*quoted, *_under_their_leads(quoted)]
        self.quotes = tuple(map(_plain, self._quoted_marks))
        self._given_quotes = len(quoted)
        cited = [quote.citation for quote in claim.quotes or () if quote.citation]
        over = (" ".join((citation.title, citation.section, *citation.population)) for citation in cited)
        self.context = _plain(fold(" . ".join(dict.fromkeys(over))).marks)
        self.question = _plain(fold(question or "").marks)

    @cached_property
    def is_verbatim(self) -> bool:
        """Whether the claim is its quotes and nothing else: then it says no more and no less than they do."""
        said = _bare(self.claim)
        return said == _bare(" ".join(self.quotes[: self._given_quotes])) or any(
            said == _bare(quote) for quote in self.quotes
        )

    @cached_property
    def claimed(self) -> list[Quantity]:
        """The quantities of the claim."""
        return quantities(self.claim)

    @cached_property
    def quoted(self) -> list[Quantity]:
        """The quantities of all quotes."""
        return [quantity for found in self.quoted_by_quote for quantity in found]

    @cached_property
    def quoted_by_quote(self) -> list[list[Quantity]]:
        """The quantities of each of ``quotes``."""
        return [quantities(quote) for quote in self.quotes]

    @cached_property
    def clauses(self) -> list[Clause]:
        """The clauses of the claim."""
        return list(_clauses(self._marks))

    @cached_property
    def quoted_clauses(self) -> list[Clause]:
        """The clauses of all quotes."""
        return [clause for marks in self._quoted_marks for clause in _clauses(marks)]

    @cached_property
    def quoted_sentences(self) -> list[str]:
        """The sentences of all quotes."""
        return [_plain(marks)[start:end] for marks in self._quoted_marks for start, end in sentences(marks)]

    @cached_property
    def content(self) -> list[Word]:
        """The content words of the claim."""
        return content(self.claim)

    @cached_property
    def known(self) -> Known:
        """All that the claim may speak of: quotes, what stands over them, and the question."""
        return known((*self.quotes, self.context, self.question))

    @cached_property
    def asked_stems(self) -> frozenset[str]:
        """The stems of the question and of what stands over the quotes."""
        return frozenset(word.stem for text in (self.context, self.question) for word in content(text))

    def sources(self, clause: Clause) -> list[Clause]:
        """The clauses of the quotes that say what ``clause`` says, by the content words they share; the nearest first."""
        shared = [(len(clause.stems & quoted.stems), quoted) for quoted in self.quoted_clauses]
        most = max((count for count, _ in shared), default=0)
        near = [(count, quoted) for count, quoted in shared if count and count > _ENOUGH * most]
        return [quoted for _, quoted in sorted(near, key=lambda pair: -pair[0])]

    @cached_property
    def _origin(self) -> Origin:
        return Origin(self._given, self.claim)

    def finding(
        self, rule: str, severity: Severity, message: str, at: tuple[int, int] | None, **evidence: str | None
    ) -> Finding:
        """A finding about ``claim[start:end]``; its span counts in the claim as it was given."""
        span = self._origin.span(*at) if at else None
        return Finding(rule=rule, severity=severity, message=message, span=span, evidence=evidence)


def grounds(subject: Subject) -> Grounds | None:
    """The grounds of the subject's claim; ``None`` where it has no quotes, and then no grounding rule has anything to say."""
    return _grounds(subject.claim, subject.question) if subject.claim.quotes else None


@lru_cache(maxsize=4)
def _grounds(claim: Claim, question: str | None) -> Grounds:
    return Grounds(claim, question)


def _unwrapped(text: str) -> str:
    """``text`` folded, on one line but for paragraphs and list items: a claim never keeps the line ends of its source."""
    return _LINE_END.sub(" ", fold(text).marks.replace(BREAK, ""))


_LINE_END = re.compile(rf"{LINE}(?!{MARKER})")


def _under_their_leads(quoted: list[str]) -> Iterator[str]:
    """Quotes read as they stand in the document: a table's cells under their headers, an item under the line that opens it."""
    for at, marks in enumerate(quoted[1:], 1):
        cells = marks.split("|")
        for lead in reversed(quoted[:at]):
            names = lead.split("|")
            if len(cells) == len(names) > 1:
                yield "; ".join(f"{name.strip(' :')}: {cell.strip()}" for name, cell in zip(names, cells, strict=True))
                break
        if quoted[at - 1][-1:] not in (".", "!", "?", "|", ""):
            yield f"{quoted[at - 1].rstrip(':')}: {marks}"


def _bare(text: str) -> str:
    return " ".join(text.strip(" .;:").split())


def _plain(marks: str) -> str:
    return marks.translate(_TO_PLAIN)


_TO_PLAIN = str.maketrans("\r\n–—−", "  ---")


def _clauses(marks: str) -> Iterator[Clause]:
    plain = _plain(marks)
    for start, end in sentences(marks):
        at = start
        for match in _CLAUSE.finditer(marks, start, end):
            yield from _clause(plain, at, match.start())
            at = match.end()
        yield from _clause(plain, at, end)


def _clause(plain: str, start: int, end: int) -> Iterator[Clause]:
    if text := plain[start:end].strip():
        start = plain.index(text, start)
        yield Clause(text, start, start + len(text), frozenset(word.stem for word in content(text)))
