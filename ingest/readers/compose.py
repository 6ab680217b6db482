"""Write a document's canonical text block by block, and keep where each block stands."""

from __future__ import annotations

import re
from collections import Counter

from guidelines.types import CELL_SEPARATOR, Page
from ingest.types import Block, BlockKind


class Composer:
    """Appends blocks to a text: a blank line between them, a single line break inside lists and tables."""

    def __init__(self, *, keep_signs: bool = False) -> None:
        """``keep_signs`` keeps texts without letters and digits: in a table cell a dash says that there is no dose."""
        self._keep_signs = keep_signs
        self._parts: list[str] = []
        self._length = 0
        self._tables = 0
        self._page: int | None = None
        self.blocks: list[Block] = []
        self.pages: list[Page] = []
        self._notes: Counter[str] = Counter()

    @property
    def notes(self) -> tuple[str, ...]:
        """What was noted, each with how often."""
        return tuple(note.format(count) for note, count in self._notes.items())

    def note(self, note: str) -> None:
        """Count something that was left out or changed; ``{}`` in ``note`` stands for the number."""
        self._notes[note] += 1

    @property
    def text(self) -> str:
        """Everything written so far."""
        return "".join(self._parts)

    def next_table(self) -> int:
        """A number for a new table, from 0."""
        self._tables += 1
        return self._tables - 1

    def page(self, number: int) -> None:
        """The next block begins on page ``number``."""
        self._page = number

    def add(self, kind: BlockKind, text: str, *, level: int = 0, table: int | None = None) -> None:
        """Append one block; a text without letters and digits (a rule, an icon) is not a block."""
        text = text.strip()
        if text and (self._keep_signs or any(map(str.isalnum, text))):
            self._append(kind, text, level, table)

    def add_row(self, cells: list[str], *, table: int, header: bool = False) -> None:
        """Append a table row; line breaks in a cell become spaces, a row without words is dropped.

        An empty cell keeps its separator, so that a cell's number is its column's number; a first cell alone stands alone.
        """
        flat = [" ".join(cell.split()).replace(CELL_SEPARATOR, CELL_SEPARATOR.strip()) for cell in cells]
        if not any(flat[1:]):
            del flat[1:]
        if any(flat):
            self._append(BlockKind.HEADER if header else BlockKind.ROW, CELL_SEPARATOR.join(flat), 0, table)

    def _append(self, kind: BlockKind, text: str, level: int, table: int | None) -> None:
        if self.blocks:
            self._write(self._gap(kind, table))
        start = self._length
        self._write(text)
        self.blocks.append(Block(kind, start, self._length, level, table))
        if self._page is not None:
            self.pages.append(Page(number=self._page, start=start))
            self._page = None

    def _gap(self, kind: BlockKind, table: int | None) -> str:
        last = self.blocks[-1]
        same_list = kind is last.kind is BlockKind.ITEM
        same_table = table is not None and table == last.table
        return "\n" if same_list or same_table else "\n\n"

    def _write(self, part: str) -> None:
        self._parts.append(part)
        self._length += len(part)


_SPACES = re.compile(r"[ \t\n\r\f]+")


def squeeze(text: str) -> str:
    """One space for every run of ordinary white space; a no-break space stays, it holds number and unit together."""
    return _SPACES.sub(" ", text).strip(" ")
