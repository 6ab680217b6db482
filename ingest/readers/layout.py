"""From lines to blocks: which lines make one paragraph or item, which are headings.

Text that went through a PDF or a scanner has lost what it looked like; what is left are line lengths, blank lines, capitals,
bullets. A line that could have held the next word was ended on purpose; one that is full goes on in the next.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from guidelines.types import Page
from ingest.readers import headings
from ingest.readers.lists import Marker, Nesting, inline_items, marker
from ingest.types import Block, BlockKind

_ENDED = (".", "!", "?", ":", ";")
_HANGING = re.compile(
    r"(?:[,(/&–—-]|\b(?:and|or|of|the|a|an|to|in|for|with|by|on|at|from|as|per|is|are|be|may|e\.g\.|i\.e\.))$"
)
_SLACK = 0.85
"""A line shorter than this share of the text's width, next word included, was ended on purpose."""
_WIDTHS = range(40, 140)
_TITLE_LEVEL, _CAPITALS_LEVEL, _SECTION_LEVEL, _SHORT_LEVEL = 1, 2, 3, 4
_SHORT_TITLE = 64


@dataclass(slots=True)
class Line:
    """A line of the canonical text. ``kind`` is what its format says it is, if it says so."""

    text: str
    page: int | None = None
    kind: BlockKind | None = None
    level: int = 0
    table: int | None = None


@dataclass(slots=True)
class _Open:
    """A block that may still grow."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    last: str = ""
    mark: Marker | None = None
    column: int = 0


def lay_out(lines: Sequence[Line]) -> tuple[str, tuple[Block, ...], tuple[Page, ...]]:
    """The canonical text of ``lines``, its blocks and its pages."""
    layout = _Layout(lines)
    layout.run()
    return "\n".join(line.text for line in lines), tuple(layout.blocks), tuple(layout.pages)


@dataclass
class _Layout:
    lines: Sequence[Line]
    blocks: list[Block] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._width = _text_width(self.lines)
        self._nesting = Nesting()
        self._open: _Open | None = None
        self._blank = True

    def run(self) -> None:
        """Go through all lines."""
        start = 0
        for number, line in enumerate(self.lines):
            if line.text.strip():
                self._turn_page(line, start)
                self._line(number, line, start)
                self._blank = False
            else:
                self._blank = True
            start += len(line.text) + 1
        self._close()

    def _line(self, number: int, line: Line, start: int) -> None:
        if line.kind is not None:
            self._close()
            self._begin(line.kind, line.text, start, level=line.level, table=line.table)
            if line.kind is BlockKind.HEADING:
                self._nesting.reset()
            self._close(table=line.table)
            return
        for first, (begin, end) in enumerate(inline_items(line.text)):
            piece = line.text[begin:end]
            if first or not self._heading(number, piece, start):
                self._piece(piece, start + begin, forced=first > 0)

    def _piece(self, piece: str, start: int, *, forced: bool) -> None:
        words = piece.strip()
        indent = len(piece) - len(piece.lstrip())
        mark = marker(words)
        if mark is not None and (forced or self._opens_item(mark, words)):
            self._close()
            level = self._nesting.level(mark, 0 if forced else indent)
            self._begin(BlockKind.ITEM, piece, start, level=level, mark=mark, column=indent)
        elif self._continues(words, indent):
            self._grow(piece, start)
        else:
            self._close()
            self._nesting.interrupt()
            self._begin(BlockKind.PARAGRAPH, piece, start, column=indent)

    def _opens_item(self, mark: Marker, words: str) -> bool:
        """A bullet does; a number or initial only if it counts on, or stands where a wrapped line cannot."""
        if mark.order is None:
            return not (self._runs_on(words) and words[0] in "-–—+*" and words[mark.width : mark.width + 1].isdigit())
        return self._nesting.continues(mark) or (self._blank and mark.style[-2:] != "A.")

    def _continues(self, words: str, indent: int) -> bool:
        block = self._open
        if block is None:
            return False
        if self._blank:
            return words[0].islower() and not block.last.endswith(_ENDED)
        if block.kind is BlockKind.ITEM and block.mark is not None and block.mark.order is None:
            return self._runs_on(words) or not words[0].isupper() or indent > block.column
        return True

    def _runs_on(self, words: str) -> bool:
        """Whether the open block's last line is full, so that ``words`` go on with it."""
        if self._open is None or self._blank:
            return False
        last = self._open.last
        if _HANGING.search(last) or words[0].islower():
            return True
        if not self._width:
            return False
        return len(last) + 1 + len(words.split(maxsplit=1)[0]) > _SLACK * self._width and not last.endswith(_ENDED)

    def _heading(self, number: int, piece: str, start: int) -> bool:
        """Write ``piece`` as a heading, if it is one."""
        words = piece.strip()
        if not headings.reads_like_heading(words) or (level := self._heading_level(number, words)) is None:
            return False
        block = self._open
        if (
            block is not None
            and block.kind is BlockKind.HEADING
            and not self._blank
            and level == block.level == _CAPITALS_LEVEL
        ):
            self._grow(piece, start)
            return True
        self._close()
        self._nesting.reset()
        self._begin(BlockKind.HEADING, piece, start, level=level)
        return True

    def _heading_level(self, number: int, words: str) -> int | None:
        if self._open is not None and self._open.kind is not BlockKind.HEADING and self._runs_on(words):
            return None
        following = self._following(number)
        if not self.blocks and self._open is None:
            return _TITLE_LEVEL if following is not None and len(words) <= _SHORT_TITLE + 20 else None
        if headings.is_capitals(words):
            return _CAPITALS_LEVEL
        if following is None or following[0].islower():
            return None
        if (depth := headings.numbered(words)) is not None and "." in words.split()[0]:
            return _CAPITALS_LEVEL + depth - 1
        if marker(words) is not None:
            return None
        if headings.is_section_name(words):
            return _SECTION_LEVEL
        return _SHORT_LEVEL if self._short_title(number, words, following) else None

    def _short_title(self, number: int, words: str, following: str) -> bool:
        """A short line that opens a list or a longer line; not one of a run of short lines, nor part of a numbered step."""
        if len(words) > _SHORT_TITLE or not words[0].isupper() or words.endswith(":") or self._nesting.counting:
            return False
        if number + 1 >= len(self.lines) or not self.lines[number + 1].text.strip():
            return False
        opens = marker(following) is not None
        return opens or (
            not headings.reads_like_heading(following) and (following[0].isdigit() or len(following) > 1.3 * len(words))
        )

    def _following(self, number: int) -> str | None:
        for line in self.lines[number + 1 : number + 8]:
            if line.text.strip():
                return line.text.strip()
        return None

    def _begin(
        self,
        kind: BlockKind,
        piece: str,
        start: int,
        *,
        level: int = 0,
        mark: Marker | None = None,
        column: int = 0,
        table: int | None = None,
    ) -> None:
        del table
        lead = len(piece) - len(piece.lstrip()) if kind not in (BlockKind.ROW, BlockKind.HEADER) else 0
        self._open = _Open(kind, start + lead, start + len(piece.rstrip()), level, piece.strip(), mark, column)
        if kind in (BlockKind.ROW, BlockKind.HEADER):
            self._open.end = start + len(piece)

    def _grow(self, piece: str, start: int) -> None:
        assert self._open is not None
        self._open.end = start + len(piece.rstrip())
        self._open.last = piece.strip()

    def _close(self, *, table: int | None = None) -> None:
        if self._open is not None:
            block = self._open
            self.blocks.append(Block(block.kind, block.start, block.end, block.level, table))
            self._open = None

    def _turn_page(self, line: Line, start: int) -> None:
        if line.page is not None and (not self.pages or self.pages[-1].number != line.page):
            lead = len(line.text) - len(line.text.lstrip())
            self.pages.append(Page(number=line.page, start=start + lead))


def _text_width(lines: Sequence[Line]) -> int:
    """How long a full line is: measured on lines whose sentence goes on in the next; 0 if the text is not wrapped."""
    lengths = sorted(
        len(line.text.rstrip())
        for line, after in zip(lines, lines[1:], strict=False)
        if len(line.text) in _WIDTHS and after.text.strip()[:1].islower() and line.text.strip()[-1:] not in _ENDED
    )
    return lengths[int(0.9 * len(lengths))] if len(lengths) > 2 else 0
