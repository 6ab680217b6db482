"""Stored sentences as they are quoted: cut by offset, with the words they lean on and the place they stand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from checkers.types import Quote
from guidelines.alone import alone, fold
from guidelines.editions import DocumentHead
from guidelines.types import Citation, Passage, Status

SECTION_SEPARATOR = " > "

__all__ = ["SECTION_SEPARATOR", "Source", "cite", "fold", "status_on"]


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
        return alone(self.passage, self.number, self.passages)

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
