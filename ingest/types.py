"""What a reader hands to the splitter."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from guidelines.types import Metadata, Page


class BlockKind(StrEnum):
    """What a run of text is. Blocks are in reading order, do not overlap, and between them stands only white space."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    CAPTION = "caption"
    HEADER = "header"
    ROW = "row"


@dataclass(frozen=True, slots=True)
class Block:
    """``text[start:end]`` is one heading, paragraph, list item, table caption, table header row or table row.

    ``level`` is a heading's depth from 1, or a list item's nesting from 1. ``table`` numbers the table (from 0) that a
    caption, header or row belongs to, so that the splitter knows which header is whose.
    """

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    table: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A source file, read: its canonical text, what each part of it is, and what it says of itself.

    ``metadata`` holds only what the file states; ``notes`` say in words what was left out (repeated page headers, scripts)
    or could not be told.
    """

    text: str
    blocks: tuple[Block, ...]
    metadata: Metadata = field(default_factory=Metadata)
    pages: tuple[Page, ...] = ()
    notes: tuple[str, ...] = ()
    media_type: str


class UnreadableError(Exception):
    """The file cannot be read; the message says why in one line and, where there is one, the way out."""


class NotAGuidelineError(Exception):
    """The file can be read, but there is nothing in it to index; the message says why. It is skipped, not failed."""
