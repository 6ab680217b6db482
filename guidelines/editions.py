"""Which edition of a guideline is in force: what is known of a document without its text, and what has replaced it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from guidelines.types import Metadata, Status

_NOT_IN_FORCE = (Status.DRAFT, Status.WITHDRAWN)
"""A draft replaces nothing yet, and a withdrawn edition nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentHead:
    """A document without its text: light enough to hold those of a whole library.

    ``path`` is where it was read from, ``None`` when it is not in the live generation. ``superseded_on`` is the day from
    which a newer edition in the live generation is in force.
    """

    id: str
    work: str
    title: str
    source: str
    media_type: str
    content_hash: str
    metadata: Metadata
    notes: tuple[str, ...]
    passages: int
    added_at: datetime
    path: str | None = None
    superseded_on: date | None = None

    @property
    def in_force_from(self) -> date:
        """The effective date; when the edition states none, the day it came into the library."""
        return self.metadata.effective_date or self.added_at.date()


def superseded_on(head: DocumentHead, editions: Iterable[DocumentHead]) -> date | None:
    """The first day on which another of ``editions`` (of any work) replaces ``head``, or ``None``.

    An edition is replaced by one of the same work that names it in ``supersedes``, or that has a later effective date.
    """
    days = [
        other.in_force_from
        for other in editions
        if other.work == head.work and other.id != head.id and other.metadata.status not in _NOT_IN_FORCE
        if follows(other.metadata, head.metadata)
    ]
    return min(days, default=None)


def follows(newer: Metadata, older: Metadata) -> bool:
    """Whether ``newer`` says that it comes after ``older``, two editions of one work: by name, or by a later date."""
    if older.edition is not None and older.edition in newer.supersedes:
        return True
    return bool(newer.effective_date and older.effective_date and newer.effective_date > older.effective_date)


def ranked(heads: Iterable[DocumentHead]) -> list[DocumentHead]:
    """``heads`` with ``superseded_on`` filled in, the ones to prefer first: not superseded, then the latest.

    Two editions often share passages word for word; the passage is then that of the document that comes first here.
    """
    works: defaultdict[str, list[DocumentHead]] = defaultdict(list)
    for head in heads:
        works[head.work].append(head)
    known = [replace(head, superseded_on=superseded_on(head, works[head.work])) for head in _flat(works.values())]
    known.sort(key=lambda head: head.id)
    known.sort(key=lambda head: head.metadata.effective_date or date.min, reverse=True)
    known.sort(key=lambda head: head.superseded_on is not None)
    return known


def _flat(groups: Iterable[Sequence[DocumentHead]]) -> Iterable[DocumentHead]:
    return (head for group in groups for head in group)
