"""Page furniture: what a page carries between the lines of its text, such as page numbers and repeated headings.

A copy may leave furniture out or carry it along. A line counts as furniture only if its form or its repetition shows it,
and never if it holds a cue or a figure with a unit: a lost "500" is worse than a page number too many.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from checkers.cues import cue
from checkers.units import unit_pattern

_PAGE = re.compile(
    r"\s*(?:[-–—|] ?)?(?:page|p\.|pg\.?) ?\d{1,4}(?: ?(?:of|/) ?\d{1,4})?(?: ?[-–—|])?\s*"
    r"|\s*[-–—|] ?\d{1,4} ?[-–—|]\s*"
    r"|.{0,80}\bpage \d{1,4} of \d{1,4}\s*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*\d{1,4}\s*")
_DIGITS = re.compile(r"\d+")
_LEANS = re.compile(
    r"(?:\b(?:of|for|every|than|least|most|to|is|are|aged?|over|under|give|by|dose|at|or|and|in|a|the|about|:|=)|[<>≤≥=±:×x/(+-])\s*$",
    re.IGNORECASE,
)
_LINE_CHARS = 120
_SEEN = 3
"""A line without a page number beside it is a running head only if it stands in the text so often."""


def without_furniture(text: str) -> str:
    """``text`` without its furniture; ``text`` itself if there is none."""
    if "\n" not in text and "\f" not in text:
        return text
    lines = re.split(r"\r\n|[\n\r\f\v\x85\u2028\u2029]", text)
    ends_page = ["\f" in sign for sign in re.findall(r"\r\n|[\n\r\f\v\x85\u2028\u2029]", text)]
    seen = Counter(_masked(line) for line in lines if line.strip())
    paged = [_PAGE.fullmatch(line) is not None and _harmless(line) for line in lines]
    paged = [
        paged[at] or (_NUMBER.fullmatch(line) is not None and _stands_alone(lines, paged, ends_page, at))
        for at, line in enumerate(lines)
    ]
    dropped = [paged[at] or _repeats(lines, paged, seen, at) for at in range(len(lines))]
    if not any(dropped):
        return text
    return "\n".join(
        line for at, line in enumerate(lines) if not dropped[at] and (line.strip() or not _beside(dropped, lines, at))
    )


def _masked(line: str) -> str:
    return _DIGITS.sub("0", line.strip())


def _harmless(line: str) -> bool:
    return len(line) <= _LINE_CHARS and cue(line) is None and not _figure().search(line)


@cache
def _figure() -> re.Pattern[str]:
    return re.compile(rf"\d[\s-]?{unit_pattern()}")


def _stands_alone(lines: list[str], paged: list[bool], ends_page: list[bool], at: int) -> bool:
    """Whether a line that is only a number is a page's and not a table's: set apart, in a sentence that goes on."""
    above, below = _filled(lines, at, -1), _filled(lines, at, 1)
    apart = (at == 0 or not lines[at - 1].strip() or paged[at - 1] or ends_page[at - 1]) and (
        at + 1 == len(lines) or not lines[at + 1].strip() or paged[at + 1] or ends_page[at]
    )
    return apart and not _LEANS.search(above) and not _unit_first().match(below)


@cache
def _unit_first() -> re.Pattern[str]:
    return re.compile(rf"\s*(?:{unit_pattern()}|or (?:more|less)|and (?:over|above|under)|times\b|[%°/×x.,-])")


def _filled(lines: list[str], at: int, step: int) -> str:
    at += step
    while 0 <= at < len(lines) and not lines[at].strip():
        at += step
    return lines[at] if 0 <= at < len(lines) else ""


def _repeats(lines: list[str], paged: list[bool], seen: Counter[str], at: int) -> bool:
    """Whether a line is a running head: it stands elsewhere too, in the middle of a sentence or beside a page number."""
    line = lines[at]
    often = seen[_masked(line)]
    if often < 2 or not line.strip() or line.rstrip()[-1] in ".;:," or not _harmless(line):
        return False
    near = any(paged[max(0, at - 3) : at + 4])
    return near or (
        often >= _SEEN
        and _filled(lines, at, 1).lstrip()[:1].islower()
        and _filled(lines, at, -1).rstrip()[-1:] not in (".", ":", "")
    )


def _beside(dropped: list[bool], lines: list[str], at: int) -> bool:
    """Whether an empty line is only there because of the furniture next to it."""
    for step in (-1, 1):
        near = at + step
        while 0 <= near < len(lines) and not lines[near].strip():
            near += step
        if 0 <= near < len(lines) and dropped[near]:
            return True
    return False
