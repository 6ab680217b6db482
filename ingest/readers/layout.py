"""From lines to blocks: which lines make one paragraph or item, which are headings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from guidelines.types import Page
from ingest.readers import headings
from ingest.readers.lists import Marker, Nesting, inline_items, marker
from ingest.readers.wrapping import close_seams, goes_on, hangs, is_full, text_width
from ingest.types import Block, BlockKind

_TITLE_LEVEL, _CAPITALS_LEVEL, _SECTION_LEVEL, _SHORT_LEVEL = 1, 2, 3, 4
_TITLE_LENGTH, _SHORT_LENGTH = 84, 64
_RUN = 3
"""So many short lines in a row are a list without bullets, not headings."""
_STEP_REACH = 60
"""How many lines further down the next step of a numbered list may begin."""
_DRAWN = Marker("drawn", None, 0)
_OPENS = re.compile(r":[\s❶-❿①-⑳⓫-⓴]*$")


@dataclass(slots=True)
class Line:
    """A line of the canonical text.

    ``kind`` is what its format says it is, if it says so; an item may still grow. ``full`` says whether it reaches the right
    margin, where that was seen and need not be guessed.
    """

    text: str
    page: int | None = None
    kind: BlockKind | None = None
    level: int = 0
    table: int | None = None
    full: bool | None = None


@dataclass(slots=True)
class _Open:
    """A block that may still grow. ``last`` is its last line."""

    kind: BlockKind
    start: int
    end: int
    last: str
    level: int = 0
    mark: Marker | None = None
    column: int = 0


def lay_out(lines: Sequence[Line]) -> tuple[str, tuple[Block, ...], tuple[Page, ...]]:
    """The canonical text of ``lines``, its blocks and its pages."""
    seams = close_seams([line.text for line in lines])
    whole = [line for number, line in enumerate(lines) if number not in seams]
    layout = _Layout(whole)
    layout.run()
    return "\n".join(line.text for line in whole), tuple(layout.blocks), tuple(layout.pages)


@dataclass
class _Layout:
    lines: Sequence[Line]
    blocks: list[Block] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._words = [line.text.strip() for line in self.lines]
        self._width = text_width([line.text.rstrip() for line in self.lines])
        self._run = _runs(self.lines, self._words)
        self._nesting = Nesting()
        self._number: tuple[int, ...] = ()
        self._open: _Open | None = None
        self._blank = True

    def run(self) -> None:
        """Go through all lines."""
        start = 0
        for number, line in enumerate(self.lines):
            if self._words[number]:
                self._turn_page(line, start)
                self._line(number, line, start)
            self._blank = not self._words[number]
            start += len(line.text) + 1
        self._close()

    def _line(self, number: int, line: Line, start: int) -> None:
        if line.kind is BlockKind.ITEM:
            self._begin(line.kind, line.text, start, line.level, _DRAWN)
            return
        if line.kind is not None:
            self._close()
            end = start + len(line.text)
            self.blocks.append(Block(line.kind, start, end, line.level, line.table))
            self._nesting.reset()
            if line.kind is BlockKind.HEADING:
                self._number = headings.decimal_number(line.text) or self._number
            return
        for first, (begin, end) in enumerate(inline_items(line.text)):
            piece = line.text[begin:end]
            if first or not self._heading(number, piece, start):
                self._piece(number, piece, start + begin, forced=first > 0)

    def _piece(self, number: int, piece: str, start: int, *, forced: bool) -> None:
        words = piece.strip()
        indent = len(piece) - len(piece.lstrip())
        mark = marker(words)
        if mark is not None and (forced or self._opens_item(mark, words)):
            self._begin(BlockKind.ITEM, piece, start, self._nesting.level(mark, 0 if forced else indent), mark)
        elif self._continues(words, indent):
            self._grow(piece, start)
        else:
            self._begin_unmarked(number, piece, start)

    def _begin_unmarked(self, number: int, piece: str, start: int) -> None:
        """A paragraph; or an item, where it is part of a numbered step, joins two items, or stands in a run of short lines."""
        words = piece.strip()
        item = self._open if self._open is not None and self._open.kind is BlockKind.ITEM else None
        if headings.is_connective(words) and item is not None:
            self._begin(BlockKind.ITEM, piece, start, item.level, item.mark)
        elif (step := self._nesting.step) and (self._under_step(item) or self._step_goes_on(number, step[0])):
            self._begin(BlockKind.ITEM, piece, start, step[1] + 1)
        elif self._run[number]:
            self._begin(BlockKind.ITEM, piece, start, 1)
        else:
            self._nesting.interrupt()
            self._begin(BlockKind.PARAGRAPH, piece, start)

    def _under_step(self, item: _Open | None) -> bool:
        """Whether the line before is a numbered step that ends in a colon."""
        return item is not None and not self._blank and item.mark is not None and bool(_OPENS.search(item.last))

    def _opens_item(self, mark: Marker, words: str) -> bool:
        """A bullet does, but for a dash before a number in a full line (a range); a number only where it counts."""
        if mark.order is None:
            return not (words[0] in "-–—+" and words[mark.width].isdigit() and self._goes_on(words))
        return self._nesting.continues(mark) or (self._blank and mark.style[-2:] != "A.")

    def _continues(self, words: str, indent: int) -> bool:
        block = self._open
        if block is None or self._blank or block.kind is BlockKind.HEADING:
            return False
        if headings.is_connective(words):
            return self._goes_on(words)
        if block.kind is BlockKind.PARAGRAPH:
            return True
        if block.mark is None:
            return block.level > 1 or self._goes_on(words)
        if block.mark.order is None:
            return self._goes_on(words) or not words[0].isupper() or indent > block.column
        return self._goes_on(words) or not _OPENS.search(block.last)

    def _goes_on(self, words: str) -> bool:
        return self._open is not None and not self._blank and goes_on(self._open.last, words, self._width)

    def _heading(self, number: int, piece: str, start: int) -> bool:
        """Write ``piece`` as a heading, if it is one."""
        words = piece.strip()
        level = self._heading_level(number, words) if headings.reads_like_heading(words) else None
        if level is None:
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
        self._nesting.reset()
        self._begin(BlockKind.HEADING, piece, start, level)
        return True

    def _heading_level(self, number: int, words: str) -> int | None:
        following = self._following(number)
        if self._open is None and not self.blocks:
            ended = len(words) <= _TITLE_LENGTH and not hangs(words) and not following[:1].islower()
            return _TITLE_LEVEL if following and ended and marker(words) is None else None
        inside = self._open is not None and self._open.kind is not BlockKind.HEADING and not self._blank
        listed = marker(following) is not None
        if inside and self._open is not None and not headings.opens_with_dose(following):
            last = self._open.last
            if is_full(last, words, self._width, tolerance=0.0 if listed else 0.15) and not last.endswith("."):
                return None
        if inside and self._open is not None and hangs(self._open.last):
            return None
        if headings.is_capitals(words):
            return _CAPITALS_LEVEL
        if len(following) < 3 or following[0].islower():
            return None
        number_of = headings.decimal_number(words)
        if number_of is not None and headings.counts_on(number_of, self._number):
            self._number = number_of
            return _CAPITALS_LEVEL + len(number_of) - 1
        if marker(words) is not None:
            return None
        if headings.is_section_name(words):
            return _SECTION_LEVEL
        return _SHORT_LEVEL if self._short_title(number, words, following, listed=listed) else None

    def _short_title(self, number: int, words: str, following: str, *, listed: bool) -> bool:
        """A short line right above a list or a longer line; none of a run of short lines, no part of a numbered step."""
        if (
            len(headings.without_brackets(words)) > _SHORT_LENGTH
            or not words[0].isupper()
            or words.endswith(":")
            or self._nesting.step
        ):
            return False
        if not self._words[number + 1] or self._run[number]:
            return False
        longer = following[0].isdigit() or (
            len(following) > 1.3 * len(words) and not headings.reads_like_heading(following)
        )
        return listed or longer

    def _step_goes_on(self, number: int, step: Marker) -> bool:
        """Whether the next step of a numbered list comes, before anything else that ends a list."""
        for words in self._words[number + 1 : number + _STEP_REACH]:
            mark = marker(words) if words else None
            if mark is not None and mark.style == step.style and mark.order == (step.order or 0) + 1:
                return True
            if words and headings.is_capitals(words) and headings.reads_like_heading(words):
                return False
        return False

    def _following(self, number: int) -> str:
        return next((words for words in self._words[number + 1 : number + 8] if words), "")

    def _begin(self, kind: BlockKind, piece: str, start: int, level: int = 0, mark: Marker | None = None) -> None:
        self._close()
        indent = len(piece) - len(piece.lstrip())
        self._open = _Open(kind, start + indent, start + len(piece.rstrip()), piece.strip(), level, mark, indent)

    def _grow(self, piece: str, start: int) -> None:
        if self._open is not None:
            self._open.end = start + len(piece.rstrip())
            self._open.last = piece.strip()

    def _close(self) -> None:
        if self._open is not None:
            self.blocks.append(Block(self._open.kind, self._open.start, self._open.end, self._open.level))
            self._open = None

    def _turn_page(self, line: Line, start: int) -> None:
        if line.page is not None and (not self.pages or self.pages[-1].number != line.page):
            self.pages.append(Page(number=line.page, start=start + len(line.text) - len(line.text.lstrip())))


def _runs(lines: Sequence[Line], words: Sequence[str]) -> bytearray:
    """For every line, whether it is one of several short ones, none of which says where it belongs."""
    member = bytearray(len(lines))
    first = 0
    for number in range(len(lines) + 1):
        if number == len(lines) or lines[number].kind is not None or not _is_short(words[number]):
            if number - first >= _RUN:
                member[first:number] = b"\1" * (number - first)
            first = number + 1
    return member


def _is_short(words: str) -> bool:
    if not words or len(words) > _SHORT_LENGTH or words.endswith((".", ":", ";")) or not words[0].isupper():
        return False
    return marker(words) is None and not headings.is_section_name(words) and not headings.is_capitals(words)
