"""A claim and the words that are to carry it, folded once, in the form in which every grounding rule reads them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from checkers.fold import BREAK, LINE, Origin, fold
from checkers.names import drugs
from checkers.quantities import Quantity, quantities
from checkers.sentences import MARKER, sentences
from checkers.types import Claim, Finding, Severity, Subject
from checkers.words import Known, Word, content, known

_NO_MORE = r"(?:not|never|stopped|withheld|avoided|discontinued|omitted)\b"
_COMMON, _NEAREST = 60, 20
"""Clauses with one word that are looked at, and clauses that may be the source of one: both keep the work bounded."""
_PART = rf";|,?\s(?:but|however|whereas|while)\b|,?\sand\s(?={_NO_MORE})"
"""Ends a part of a sentence that has its own condition and its own figures."""
_CLAUSE = re.compile(rf"{_PART}|:|[–—](?=\s)|,\s(?:and|or|then)\s(?=\w+\s(?:should|must|may|can|is|are|not)\b)")
_PRONOUN = re.compile(
    rf"\b(?:it|them|they|this (?:drug|medicine)|the (?:drug|medicine|treatment|dose))\b|\A{_NO_MORE}", re.IGNORECASE
)
_ENOUGH = 0.5
"""Share of the best overlap that another clause must reach to count as a source of the same thing."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence that stands for itself: ``text`` at ``[start, end)`` of the claim or of one quote.

    ``stems`` are those of its content words, ``drugs`` those of the drugs it names; both have the drugs of the clauses before
    it that it only calls "it".
    """

    text: str
    start: int
    end: int
    stems: frozenset[str]
    drugs: frozenset[str]


class Grounds:
    """What a claim says (``claim``) and what its quotes say (``quotes``), folded, words broken at a line's end joined.

    ``marks`` is the claim with its line ends and dashes.

    Two quotes of which one is the header or the lead of the other are also read together, as one more quote. ``context`` is
    what stands over the quotes: title, section and population of the documents they are from.
    """

    def __init__(self, claim: Claim, question: str | None) -> None:
        self._given = claim.text
        self.marks, *quoted = map(_unwrapped, (claim.text, *(quote.quote for quote in claim.quotes or ())))
        self.claim = _plain(self.marks)
        led = list(_under_their_leads(quoted))
        self._quoted_marks = [*quoted, *(marks for _, marks in led)]
        self._parts = [(at, _plain(marks).strip(_BETWEEN)) for at, marks in (*led, *enumerate(quoted))]
        self.quotes = tuple(map(_plain, self._quoted_marks))
        cited = [quote.citation for quote in claim.quotes or () if quote.citation]
        over = (" ".join((citation.title, citation.section, *citation.population)) for citation in cited)
        self.context = _plain(fold(" . ".join(dict.fromkeys(over))).marks)
        self.question = _plain(fold(question or "").marks)

    @cached_property
    def is_verbatim(self) -> bool:
        """Whether the claim is whole quotes, in their order, and nothing else: it says no more and no less than they do."""
        rest, next_quote = self.claim.strip(_BETWEEN), 0
        while rest:
            fitting = [(at, len(part)) for at, part in self._parts if at >= next_quote and _begins(rest, part)]
            if not fitting:
                return False
            at, length = max(fitting, key=lambda part: part[1])
            rest, next_quote = rest[length:].lstrip(_BETWEEN), at + 1
        return True

    @cached_property
    def claimed(self) -> tuple[Quantity, ...]:
        """The quantities of the claim."""
        return quantities(self.claim)

    @cached_property
    def quoted(self) -> list[Quantity]:
        """The quantities of all quotes."""
        return [quantity for found in self.quoted_by_quote for quantity in found]

    @cached_property
    def quoted_by_quote(self) -> list[tuple[Quantity, ...]]:
        """The quantities of each of ``quotes``."""
        return [quantities(quote) for quote in self.quotes]

    @cached_property
    def clauses(self) -> list[Clause]:
        """The clauses of the claim."""
        return list(_clauses(self.marks))

    @cached_property
    def quoted_clauses(self) -> list[Clause]:
        """The clauses of all quotes."""
        return [clause for marks in self._quoted_marks for clause in _clauses(marks)]

    @cached_property
    def parts(self) -> list[Clause]:
        """The claim in longer parts than clauses: what stands before a colon goes with what stands behind it."""
        return list(_clauses(self.marks, _PARTS))

    @cached_property
    def quoted_parts(self) -> list[Clause]:
        """The quotes in such parts."""
        return [part for marks in self._quoted_marks for part in _clauses(marks, _PARTS)]

    @cached_property
    def quoted_sentences(self) -> list[str]:
        """The sentences of all quotes."""
        return [
            plain[start:end]
            for marks, plain in zip(self._quoted_marks, self.quotes, strict=True)
            for start, end in sentences(marks)
        ]

    @cached_property
    def content(self) -> tuple[Word, ...]:
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

    @cached_property
    def quoted_content(self) -> list[Word]:
        """The content words of all quotes, those of each once."""
        return [word for quote in dict.fromkeys(self.quotes) for word in content(quote)]

    def is_figure(self, word: Word) -> bool:
        """Whether ``word`` of the claim is part of a quantity: "q6h"."""
        last = bisect_right(self._figure_starts, word.start) - 1
        return last >= 0 and word.start < self.claimed[last].end

    @cached_property
    def _figure_starts(self) -> list[int]:
        return [quantity.start for quantity in self.claimed]

    @cached_property
    def with_stem(self) -> dict[str, list[int]]:
        """Numbers of ``quoted_clauses`` by the stems in them."""
        found: dict[str, list[int]] = {}
        for number, clause in enumerate(self.quoted_clauses):
            for stem in clause.stems:
                found.setdefault(stem, []).append(number)
        return found

    def sources(self, clause: Clause) -> list[Clause]:
        """The clauses of the quotes that say what ``clause`` says, by the content words they share; the nearest first."""
        shared = Counter(number for stem in clause.stems for number in self.with_stem.get(stem, ())[:_COMMON])
        nearest = sorted(shared.items(), key=lambda pair: (-pair[1], pair[0]))[:_NEAREST]
        return [self.quoted_clauses[number] for number, count in nearest if count > _ENOUGH * nearest[0][1]]

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


def _under_their_leads(quoted: list[str]) -> Iterator[tuple[int, str]]:
    """Quotes by number, read as they stand in the document: cells under their headers, an item under the line that opens it."""
    for at, marks in enumerate(quoted[1:], 1):
        cells = [cell.strip() for cell in marks.split("|")]
        for lead in reversed(quoted[:at]):
            names = [name.strip(" :") for name in lead.split("|")]
            if len(cells) == len(names) > 1:
                told = zip(names, cells, strict=True)
                yield at, "; ".join(f"{name}: {cell}" if name else cell for name, cell in told if cell)
                break
        if quoted[at - 1][-1:] not in (".", "!", "?", "|", ""):
            yield at, f"{quoted[at - 1].rstrip(':')}: {marks}"


def _begins(text: str, part: str) -> bool:
    """Whether ``text`` begins with ``part`` and with nothing that goes on from its last word."""
    return part != "" and text.startswith(part) and not text[len(part) : len(part) + 1].isalnum()


_BETWEEN = " .;:|\r\n"
"""What may stand between two quotes that are told one after the other."""


def _plain(marks: str) -> str:
    return marks.translate(_TO_PLAIN)


_TO_PLAIN = str.maketrans("\r\n–—−", "  ---")


_PARTS = re.compile(_PART)


def _clauses(marks: str, between: re.Pattern[str] = _CLAUSE) -> Iterator[Clause]:
    plain = _plain(marks)
    for start, end in sentences(marks):
        ends = [(match.start(), match.end()) for match in between.finditer(marks, start, end)]
        spoken_of: frozenset[str] = frozenset()
        for first, last in zip(
            (start, *(after for _, after in ends)), (*(before for before, _ in ends), end), strict=True
        ):
            if text := plain[first:last].strip():
                names, pronoun = drugs(text), _PRONOUN.search(text)
                named = frozenset(word.stem for word in names)
                back = pronoun is not None and all(pronoun.start() < word.start for word in names)
                meant = spoken_of if back else frozenset()
                spoken_of = named | meant or spoken_of
                first = plain.index(text, first)
                stems = frozenset(word.stem for word in content(text))
                yield Clause(text, first, first + len(text), stems | meant, named | meant)
