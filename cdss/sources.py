"""Stored sentences as they are quoted: cut by offset, with the words they lean on and the place they stand in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from checkers.types import Quote
from guidelines.editions import DocumentHead
from guidelines.types import CELL_SEPARATOR, Citation, Passage, SentenceKind, Status

SECTION_SEPARATOR = " > "

_CELLS = re.compile(rf"(?:^|\s){re.escape(CELL_SEPARATOR.strip())}(?:\s|$)")
"""Between the cells of a row whose white space was folded: an empty cell at either end has lost its space."""
_LINE_BREAK_HYPHEN = re.compile(r"(?<=[a-zß-ÿ])[-\u2010\u00ad]\s*\n\s*(?=[a-zß-ÿ])")


@dataclass(frozen=True, slots=True)
class Source:
    """Sentence ``number`` of a passage, ready to be quoted.

    ``passages`` holds every passage that one of its leads may stand in; ``head`` is its document's.
    """

    passage: Passage
    number: int
    head: DocumentHead
    passages: Mapping[str, Passage]
    as_of: date

    def quotes(self) -> tuple[Quote, ...]:
        """What it leans on, outermost first, then the sentence itself: each an exact slice of a stored passage."""
        sentence = self.passage.sentences[self.number]
        leads = [
            self._quote(self.passages[lead.passage_id] if lead.passage_id else self.passage, lead.start, lead.end)
            for lead in sentence.leads
        ]
        return (*leads, self._quote(self.passage, sentence.start, sentence.end))

    def text(self) -> str:
        """The sentence as it reads alone: white space folded, broken words joined, cells under their headers."""
        *leads, own = (fold(quote.quote) for quote in self.quotes())
        if self.passage.sentences[self.number].kind is SentenceKind.ROW:
            return _row(leads, own)
        return " ".join((*(lead if lead.endswith((":", ".", ";", ",")) else f"{lead}:" for lead in leads), own))

    def _quote(self, passage: Passage, start: int, end: int) -> Quote:
        return Quote(
            quote=passage.text[start:end],
            source=passage.text,
            citation=cite(passage, self.head, start, end, self.as_of),
        )


def cite(passage: Passage, head: DocumentHead, start: int, end: int, as_of: date) -> Citation:
    """Where ``passage.text[start:end]`` stands, with its edition's status on the day ``as_of``."""
    known = head.metadata
    return Citation(
        passage_id=passage.id,
        document=head.id,
        title=head.title,
        section=SECTION_SEPARATOR.join(passage.section),
        page=passage.page,
        edition=known.edition,
        status=status_on(head, as_of),
        start=start,
        end=end,
        effective_date=known.effective_date,
        review_date=known.review_date,
        superseded_on=head.superseded_on,
        publisher=known.publisher,
        jurisdiction=known.jurisdiction,
        population=known.population,
    )


def status_on(head: DocumentHead, as_of: date) -> Status:
    """An edition is superseded from the day on which a newer one of the same work is in force, and not before."""
    declared = head.metadata.status
    if head.superseded_on is None or declared in (Status.WITHDRAWN, Status.DRAFT):
        return declared
    if head.superseded_on <= as_of:
        return Status.SUPERSEDED
    return Status.ACTIVE if declared is Status.SUPERSEDED else declared


def fold(text: str) -> str:
    """``text`` on one line, with words that were broken at a line's end joined again."""
    return " ".join(_LINE_BREAK_HYPHEN.sub("", text).split())


def _row(leads: list[str], row: str) -> str:
    """``Caption: header: cell; header: cell``; a cell that is empty says nothing, and neither does its header."""
    *captions, header = leads or [""]
    names, cells = _CELLS.split(header), _CELLS.split(row)
    if len(names) != len(cells):
        return " ".join((*(f"{lead}:" for lead in leads), row))
    named = zip((name.strip(" :") for name in names), cells, strict=True)
    told = "; ".join(f"{name}: {cell}" if name else cell for name, cell in named if cell)
    caption = " ".join(captions).strip(" :.")
    return f"{caption}: {told}" if caption else told
