"""Where the words of a quote stand in its source, exactly, and whether they stand there whole.

Everything here takes time in proportion to the length of the source, whatever the texts are.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from checkers.fold import BREAK, Folded
from checkers.units import unit_pattern

WORK = 8
"""Characters of the source that may be looked at, in multiples of its length, before a search gives up."""


@dataclass(frozen=True, slots=True)
class Place:
    """``source.text[start:end]`` is the quote. ``torn`` says what it tears apart at an edge, in words, or is empty."""

    start: int
    end: int
    torn: str = ""


def places(quote: Folded, source: Folded) -> Iterator[Place]:
    """Every place where ``quote`` stands exactly in ``source``, from the first."""
    for start, end in _spans(quote, source):
        yield Place(start, end, torn(source, start, end))


def _spans(quote: Folded, source: Folded) -> Iterator[tuple[int, int]]:
    if not quote.text:
        return
    if not (quote.broken or source.broken):
        yield from _finds(quote.text, source.text)
        return
    sought, here = _skeleton(quote), _skeleton(source)
    for start, end in _finds(sought.text, here.text):
        if sought.agrees(here, start, end):
            yield here.origin(start), here.origin(end - 1) + 1


def _finds(sought: str, text: str) -> Iterator[tuple[int, int]]:
    """Overlapping occurrences of ``sought``, until the work is out of proportion to ``text``."""
    if not sought:
        return
    budget = WORK * (len(text) + 1000)
    at = text.find(sought)
    while at >= 0 and budget > 0:
        yield at, at + len(sought)
        budget -= len(sought) + 16
        at = text.find(sought, at + 1)


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """A text without the hyphens inside its words. ``at`` says before which character each stood, ``kinds`` which it was."""

    text: str
    at: list[int]
    kinds: list[str]

    def origin(self, index: int) -> int:
        """Where character ``index`` stands in the text with its hyphens."""
        return index + bisect_right(self.at, index)

    def agrees(self, other: _Skeleton, start: int, end: int) -> bool:
        """Whether every hyphen here has its like in ``other.text[start:end]``; a broken line's may also have nothing."""
        low, high = bisect_right(other.at, start), bisect_left(other.at, end)
        mine = dict(zip(self.at, self.kinds, strict=True))
        theirs = {at - start: kind for at, kind in zip(other.at[low:high], other.kinds[low:high], strict=True)}
        pairs = ((mine.get(at), theirs.get(at)) for at in mine.keys() | theirs.keys())
        return all(here == there or BREAK in (here, there) for here, there in pairs)


_INNER = re.compile(rf"[-{BREAK}](?<=[^\W\d_][-{BREAK}])(?=[^\W\d_])")


@lru_cache(maxsize=8)
def _skeleton(folded: Folded) -> _Skeleton:
    found = list(_INNER.finditer(folded.text))
    return _Skeleton(
        text=_INNER.sub("", folded.text),
        at=[match.start() - number for number, match in enumerate(found)],
        kinds=[match[0] for match in found],
    )


def torn(source: Folded, start: int, end: int) -> str:
    """What the cut ``source.text[start:end]`` tears apart: a word, a number, a number and its unit. Empty if nothing."""
    marks = source.marks
    before, after = marks[max(0, start - 24) : start], marks[end : end + 24]
    first, last = marks[start : min(end, start + 24)], marks[max(start, end - 24) : end]
    if _left().search(f"{before}\x00{first}"):
        left = re.search(r"(?:\S+ ?)?\S*$", before)
        return f"{left[0] if left else ''}{first.split()[0]}".replace(BREAK, "").strip()
    if _right().search(f"{last}\x00{after}"):
        right = re.match(r"\S*(?: (?:per )?\S+)?" if after[:1] == " " else r"\S+", after)
        return f"{' '.join(last.split()[-2:])}{right[0] if right else ''}".replace(BREAK, "").strip()
    return ""


_BROKEN = r"(?:\w{cut}[^\W_A-Z]|[A-Z]{cut}\w)"
"""A word broken at a line's end; before a capital the hyphen was a dash ("abscess- / Establish drainage")."""


@cache
def _left() -> re.Pattern[str]:
    """The text before a cut, NUL, the text behind it, torn apart where the quote begins."""
    return re.compile(
        r"[^\W_]\x00[^\W_]"  # a word or a number
        rf"|\w[-'/^]\x00\w|{_BROKEN.format(cut=f'{BREAK}{chr(92)}x00')}"  # a compound: "non-|steroidal", "mg/|kg"
        r"|\d ?[.,·:/×x*^–−-] ?\x00[.·]?\d|\d\x00[.,·]\d"  # a number, a range or a pair
        r"|(?:\A|[\s(\[])[-–−+]\x00[.·]?\d"  # a sign and its number
        r"|[<>≤≥±~]=? ?\x00[.·]?\d"  # a comparator and its number
        rf"|\d[ -]?\x00(?:{unit_pattern()}|[%°/×]|x ?\d)"  # a number and its unit
        rf"|[\w%°] ?\x00(?:/ ?\w|per (?:{unit_pattern()}|dose\b|\d))"  # a unit and what it is per
    )


@cache
def _right() -> re.Pattern[str]:
    """The same where the quote ends."""
    return re.compile(
        r"[^\W_]\x00[^\W_]"
        rf"|\w\x00[-'/^]\w|{_BROKEN.format(cut=f'{chr(92)}x00{BREAK}')}"
        r"|\d\x00 ?[.,·:/×x*^–−-] ?\d|\d[.,·]\x00\d"
        r"|[<>≤≥±~]=? ?\x00[.·]?\d"
        rf"|\d\x00(?:[ -]?{unit_pattern()}| ?[%°+½¼¾⅓⅔])"
        rf"|[\w%°]\x00(?: ?/ ?\w| per (?:{unit_pattern()}|dose\b|\d)|[-–] ?\d)"
    )
