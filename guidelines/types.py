"""What a guideline is.

Offsets count Unicode code points (Python string indices), half-open ``[start, end)``. Those of a ``Passage`` count in its
document's text; those of a ``Sentence`` or a ``Quote`` count in its passage's text, so that a quote can be cut from a
passage without its document at hand.

All types are frozen and validated when they are made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

DEFAULT_TENANT = "default"
SCHEMA_VERSION = 1

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
"""One line of metadata: never empty, never padded. Unknown is ``None``, not ``""``."""


class Status(StrEnum):
    """Where an edition stands in its publisher's own words; ``UNKNOWN`` when the document does not say."""

    ACTIVE = "active"
    DRAFT = "draft"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


class Setting(StrEnum):
    """Where care is given."""

    COMMUNITY = "community"
    PRIMARY = "primary"
    HOSPITAL = "hospital"
    PREHOSPITAL = "prehospital"


class Frozen(BaseModel):
    """A value: cannot change, refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Metadata(Frozen):
    """What is known of an edition. Everything may be unknown (``None``, empty); nothing is guessed.

    ``work`` names the guideline across its editions ("nice-ng143"); ``edition`` names one of them as the publisher does
    ("2022", "REVISED 07-03-25"). ``supersedes`` lists the editions of the same work that this one replaces.
    ``population`` uses "adult", "child", "neonate", "pregnancy"; ``setting`` where care is given; ``jurisdiction`` is an
    ISO 3166 code or "international".
    """

    title: Text | None = None
    work: Text | None = None
    publisher: Text | None = None
    edition: Text | None = None
    effective_date: date | None = None
    review_date: date | None = None
    population: tuple[Text, ...] = ()
    setting: tuple[Setting, ...] = ()
    jurisdiction: Text | None = None
    status: Status = Status.UNKNOWN
    licence: Text | None = None
    reference: Text | None = None
    supersedes: tuple[Text, ...] = ()


class Page(Frozen):
    """Page ``number`` of the source begins at code point ``start`` of the document's text."""

    number: int = Field(ge=1)
    start: int = Field(ge=0)


class Document(Frozen):
    """One edition of one guideline, as it was read.

    ``id`` is ``<work>-<ten hex digits>`` of a hash over bytes, metadata and the versions of reader and splitter: the same
    file read the same way is the same document. ``text`` is the canonical text that every offset counts in.
    """

    id: Text
    work: Text
    title: Text
    source: Text = Field(description="name of the file it came from, without its folder")
    media_type: Text
    content_hash: Text = Field(description="SHA-256 of the file's bytes, hexadecimal")
    metadata: Metadata
    text: str
    pages: tuple[Page, ...] = ()
    notes: tuple[str, ...] = Field(default=(), description="what the reader left out or could not tell, in words")
    tenant: Text = DEFAULT_TENANT

    def page_at(self, offset: int) -> int | None:
        """The page that code point ``offset`` stands on, or ``None`` for a source without pages."""
        number = None
        for page in self.pages:
            if page.start > offset:
                break
            number = page.number
        return number


class SentenceKind(StrEnum):
    """What a sentence is in its document: it decides how it can be shown alone."""

    PROSE = "prose"
    ITEM = "item"
    ROW = "row"
    HEADER = "header"
    CAPTION = "caption"


class Lead(Frozen):
    """Words that a sentence leans on and that stand elsewhere: a table's header row or caption, the line that opens a list.

    ``passage_id`` is ``None`` when the words stand in the same passage. Offsets count in that passage's text.
    """

    passage_id: str | None = None
    start: int = Field(ge=0)
    end: int = Field(gt=0)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A numbered, quotable slice of a passage: a sentence, a list item or a table row.

    The text of a row has one cell a column, joined by ``CELL_SEPARATOR``, and its header row is a lead.
    """

    start: int
    end: int
    kind: SentenceKind = SentenceKind.PROSE
    leads: tuple[Lead, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a sentence needs 0 <= start < end, not [{self.start}, {self.end})")


CELL_SEPARATOR = " | "
"""Stands between the cells of a table row in a document's text."""


class Passage(Frozen):
    """A contiguous slice of a document, small enough to retrieve and whole enough to read.

    ``text == document.text[start:end]``, always. ``id`` is a hash of work, edition, section, text and occurrence, so that
    it survives a change elsewhere in the document.
    """

    id: Text
    document_id: Text
    section: tuple[str, ...] = Field(description="headings from the outermost to the nearest")
    page: int | None = None
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    text: str
    sentences: tuple[Sentence, ...]

    @model_validator(mode="after")
    def _offsets_fit(self) -> Self:
        if self.end - self.start != len(self.text):
            raise ValueError(f"passage {self.id}: [{self.start}, {self.end}) does not fit {len(self.text)} code points")
        if self.sentences and self.sentences[-1].end > len(self.text):
            raise ValueError(f"passage {self.id}: a sentence ends outside the text")
        return self

    def sentence_text(self, number: int) -> str:
        """The words of sentence ``number`` (from 0), exactly as they stand in the source."""
        sentence = self.sentences[number]
        return self.text[sentence.start : sentence.end]


def passage_id(*, work: str, edition: str | None, section: tuple[str, ...], text: str, occurrence: int) -> str:
    """32 hexadecimal digits (a UUID's worth, as the vector engine wants) that name a passage by what it says."""
    parts = (work, edition or "", *section, text, str(occurrence))
    return sha256("\x1f".join(parts).encode()).hexdigest()[:32]


class Citation(Frozen):
    """Where a quote stands, in the words a clinician would use to find it.

    ``start`` and ``end`` count in the passage's text. ``status`` is that of the edition on the day it was judged by;
    ``superseded_on`` is the day from which a newer edition of the same work is in force.
    """

    passage_id: Text
    document: Text = Field(description="document id")
    title: Text
    section: str = Field(description='headings, joined by " > "')
    page: int | None = None
    edition: str | None = None
    status: Status = Status.UNKNOWN
    start: int = Field(ge=0)
    end: int = Field(gt=0)
    effective_date: date | None = None
    review_date: date | None = None
    superseded_on: date | None = None
    publisher: str | None = None
    jurisdiction: str | None = None
    population: tuple[str, ...] = ()
