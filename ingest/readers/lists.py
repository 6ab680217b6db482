"""List items in running text: which marks open one, and how deep it is nested."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

_BULLETS = "■□▪▫◼◻▶►▸•●○◦◆◇❖➢➤➔✓✔‣⁃∙・·\uf0b7\uf0a7\uf0d8\uf0fc\uf076"
_BULLET = re.compile(rf"[{_BULLETS}]\s*|[-–—−*+]\s+|o\s+(?=\S)")
_CIRCLED = re.compile("[\u2460-\u2473\u2776-\u2793\u24eb-\u24f4]\\s*")
_NUMBERED = re.compile(
    r"(?P<open>\(?)(?:(?P<number>\d{1,3})|(?P<roman>[ivx]{1,5})|(?P<letter>[A-Za-z]))(?P<close>[.)])\s+(?=\S)"
)
_INLINE = re.compile(rf"(?<=\s)(?=[{_BULLETS.replace('·', '')}]\s*\S)")
_ROMAN = {"i": 1, "v": 5, "x": 10}


@dataclass(frozen=True, slots=True)
class Marker:
    """What opens a list item: ``style`` is shared by the items of one list; ``order`` counts them, or is ``None``."""

    style: str
    order: int | None
    width: int


def marker(text: str) -> Marker | None:
    """The mark that ``text`` (without leading white space) opens with, if it opens a list item.

    A number or letter may as well be a wrapped year or an initial ("P. falciparum"): ``Nesting`` decides.
    """
    if found := _BULLET.match(text):
        return Marker(text[0], None, found.end())
    if found := _CIRCLED.match(text):
        return Marker("❶", _circled(text[0]), found.end())
    if found := _NUMBERED.match(text):
        shape = f"{found['open']}{{}}{found['close']}"
        if found["number"]:
            return Marker(shape.format("1"), int(found["number"]), found.end())
        if found["letter"] and found["letter"] not in "ivx":
            case = "a" if found["letter"].islower() else "A"
            return Marker(shape.format(case), ord(found["letter"]) - ord(case) + 1, found.end())
        return Marker(shape.format("i"), _roman(found["roman"] or found["letter"]), found.end())
    return None


def inline_items(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the pieces of one line that bullets cut it into ("Signs: ■ fever ■ rash"): one span if there are none."""
    cuts = [0, *(found.start() for found in _INLINE.finditer(text)), len(text)]
    for start, end in itertools.pairwise(cuts):
        if text[start:end].strip():
            yield start, end


class Nesting:
    """Follows a document's lists and says how deep each item is.

    Items of one style are siblings unless they are indented differently; a new style opens a deeper list. Where a conversion
    lost all indentation, style alone decides, and a style that was seen above another one stays above it.
    """

    def __init__(self) -> None:
        self._open: list[tuple[Marker, int]] = []
        self._above: set[tuple[str, str]] = set()

    @property
    def step(self) -> tuple[Marker, int] | None:
        """The innermost open numbered item and its level."""
        for depth in range(len(self._open), 0, -1):
            if self._open[depth - 1][0].order is not None:
                return self._open[depth - 1][0], depth
        return None

    def reset(self) -> None:
        """A heading ends all lists."""
        self._open.clear()

    def interrupt(self) -> None:
        """A paragraph between items ends bulleted lists; numbered ones may go on."""
        while self._open and self._open[-1][0].order is None:
            self._open.pop()

    def continues(self, mark: Marker) -> bool:
        """Whether a number or letter is the first or the next one of a list; a bullet always is."""
        if mark.order is None or mark.order == 1:
            return True
        return any(
            other.style == mark.style and other.order is not None and other.order + 1 == mark.order
            for other, _ in self._open
        )

    def level(self, mark: Marker, indent: int) -> int:
        """Depth, from 1, of an item with this mark at this indentation."""
        for depth in range(len(self._open) - 1, -1, -1):
            other, column = self._open[depth]
            if other.style == mark.style and abs(column - indent) <= 1:
                del self._open[depth:]
                break
        else:
            while self._open and (
                self._open[-1][1] > indent + 1 or (mark.style, self._open[-1][0].style) in self._above
            ):
                self._open.pop()
        if self._open and self._open[-1][1] >= indent - 1:
            self._above.add((self._open[-1][0].style, mark.style))
        self._open.append((mark, indent))
        return len(self._open)


def _circled(character: str) -> int:
    for first, number in (("①", 1), ("❶", 1), ("➀", 1), ("➊", 1), ("⓫", 11)):
        if 0 <= ord(character) - ord(first) < (20 if first == "①" else 10):
            return ord(character) - ord(first) + number
    return 1


def _roman(text: str) -> int:
    values = [_ROMAN[character] for character in text]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))
