"""Page furniture: what a page carries between the lines of its text, such as page numbers and running heads.

A copy may leave furniture out or carry it along. A line counts as furniture only if its form or its repetition shows it,
and never if it holds a cue or a figure with a unit: a lost "500" is worse than a page number too many.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from checkers.cues import cue
from checkers.units import unit, unit_pattern

_ENDS = re.compile(r"\r\n|[\n\r\f\v\x85\u2028\u2029]")
_PAGE = re.compile(
    r"\s*(?:[-–—|] ?)?(?:page|p\.|pg\.?) ?(?:[|:] ?)?\d{1,4}(?: ?(?:of|/) ?\d{1,4})?(?: ?[-–—|])?\s*"
    r"|\s*\d{1,4} ?\| ?page\s*"
    r"|\s*[-–—|] ?\d{1,4} ?[-–—|]\s*"
    r"|.{0,80}\bpage \d{1,4} of \d{1,4}\s*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*(\d{1,4})(?: of \d{1,4})?\s*")
_DIGITS = re.compile(r"\d+")
_LEANS = re.compile(
    r"(?:\b(?:of|for|every|than|least|most|to|is|are|aged?|over|under|give|by|dose|at|or|and|in|a|the|about|take)|[<>≤≥=±:×x/(+-])\s*$",
    re.IGNORECASE,
)
"""What a figure may follow in a sentence or a table cell."""
_GOES_ON = re.compile(r"\s*(?:or (?:more|less)|and (?:over|above|under)|times\b|[/×x.,-])")
_COUNTED = frozenset(
    "time doses cells breaths cycles tablets capsules drops patches vials sprays puffs angle".split()
) | {"beats counted", "calendar time"}
_LAST_COUNT = 12
"""More tablets, doses or hours than this do not stand alone on a line."""
_SINGULAR = re.compile(r"\s*(?:dose|cell|beat|breath|cycle|tablet|capsule|drop|patch|vial|spray|puff)\b", re.IGNORECASE)
_LINE_CHARS = 120
_MOST_LINES = 50_000
"""A book of a megabyte has a third of that; with more, what is furniture is left in, which accepts nothing."""
_SEEN = 3
"""A line without a page number beside it is a running head only if it stands in the text so often."""


def without_furniture(text: str, *, heads: bool) -> str:
    """``text`` without its page numbers and, with ``heads``, its running heads; ``text`` itself if it has none."""
    text_lines = _ENDS.split(text)
    if not 1 < len(text_lines) <= _MOST_LINES:
        return text
    lines = _Lines(text_lines, [sign == "\f" for sign in _ENDS.findall(text)])
    dropped = lines.page_numbers()
    if heads:
        dropped = lines.with_heads(dropped)
    if not any(dropped):
        return text
    return "\n".join(
        line for at, line in enumerate(lines.lines) if not dropped[at] and not lines.is_gap_of(dropped, at)
    )


class _Lines:
    """A text's lines. ``above[n]`` and ``below[n]`` are the nearest ones that are not empty, or ``None``."""

    def __init__(self, lines: list[str], feeds: list[bool]) -> None:
        self.lines = lines
        self.feeds = feeds
        self.above = _nearest(lines, range(len(lines)))
        self.below = _nearest(lines, range(len(lines) - 1, -1, -1))

    def page_numbers(self) -> list[bool]:
        """Which lines are page numbers."""
        paged = [_PAGE.fullmatch(line) is not None and _harmless(line) for line in self.lines]
        alone = [
            (number := _NUMBER.fullmatch(line)) is not None and self._stands_alone(paged, at, int(number[1]))
            for at, line in enumerate(self.lines)
        ]
        return [page or number for page, number in zip(paged, alone, strict=True)]

    def _stands_alone(self, paged: list[bool], at: int, number: int) -> bool:
        """Whether a line that is only a number is a page's and not a table's: set apart, and no figure of a sentence."""
        above, below = self.above[at], self.below[at]
        before = "" if above is None else self.lines[above][-_LINE_CHARS:]
        behind = "" if below is None else self.lines[below][:_LINE_CHARS]
        at_feed = any(self.feeds[above or 0 : below])
        if _is_figure(number, behind, at_feed=at_feed):
            return False
        if at_feed:
            return True
        set_apart = above is None or above < at - 1 or paged[above], below is None or below > at + 1 or paged[below]
        return all(set_apart) and not _LEANS.search(before)

    def with_heads(self, dropped: list[bool]) -> list[bool]:
        """``dropped``, with the running heads: lines that repeat, beside a page number or in the middle of a sentence."""
        masked = list(map(_masked, self.lines))
        seen = Counter(masked)
        often = [
            times if (times := seen[mask]) > 1 and _is_head(line) else 0
            for mask, line in zip(masked, self.lines, strict=True)
        ]
        if not any(often):
            return dropped
        made = list(dropped)
        for order, near in ((range(len(made)), self.above), (range(len(made) - 1, -1, -1), self.below)):
            for at in order:
                neighbour = near[at]
                made[at] |= often[at] >= 2 and neighbour is not None and made[neighbour]
        for at, times in enumerate(often):
            above, below = self.above[at], self.below[at]
            if times >= _SEEN and above is not None and below is not None:
                made[at] |= self.lines[below].lstrip()[0].islower() and self.lines[above].rstrip()[-1] not in ".:;"
        return made

    def is_gap_of(self, dropped: list[bool], at: int) -> bool:
        """Whether a line is empty only because of the furniture next to it."""
        if self.lines[at].strip():
            return False
        return any(near is not None and dropped[near] for near in (self.above[at], self.below[at]))


def _nearest(lines: list[str], order: range) -> list[int | None]:
    nearest: list[int | None] = [None] * len(lines)
    last: int | None = None
    for at in order:
        nearest[at] = last
        if lines[at].strip():
            last = at
    return nearest


def _harmless(line: str) -> bool:
    return len(line) <= _LINE_CHARS and cue(line) is None and not _figure().search(line)


@cache
def _figure() -> re.Pattern[str]:
    return re.compile(rf"\d[\s-]?{unit_pattern()}")


def _is_figure(number: int, behind: str, *, at_feed: bool) -> bool:
    """Whether ``number`` and the line behind it make a quantity. Beside a form feed "347 / minutes" is still a page's."""
    if found := _unit_first().match(behind):
        counted = unit(found[1]).dimension in _COUNTED
        return not counted or number <= _LAST_COUNT or (not at_feed and not _SINGULAR.match(behind))
    return _GOES_ON.match(behind) is not None


@cache
def _unit_first() -> re.Pattern[str]:
    return re.compile(rf"\s*({unit_pattern()})")


def _masked(line: str) -> str:
    return _DIGITS.sub("0", line.strip())


def _is_head(line: str) -> bool:
    return sum(map(str.isalpha, line)) >= 8 and line.rstrip()[-1] not in ".;:," and _harmless(line)
