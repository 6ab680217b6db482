"""Where a sentence, a list item or a table cell begins and ends in a folded text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from checkers.fold import LINE, PARAGRAPH
from checkers.tables import table

REACH = 800
"""A sentence longer than this is none; looking no further keeps the work bounded."""

_STOP = re.compile(r"[.!?]+['\")\]]*(?=[ \r\n]|\Z)|[\n\r|]")
_OPENING = tuple("([\"'•")
"""What a line may begin with, other than a capital, to begin a sentence."""
_LAST_WORD = re.compile(r"(?:^|[\s(\[])([A-Za-z][A-Za-z.]*)$")
_ENUMERATOR = re.compile(r"(?:[\r\n|]|[.:;] |\A)\(?(?:\d{1,2}|[A-Za-z]|[ivx]{1,4})$")
MARKER = r"(?:\(?(?:\d{1,2}|[A-Za-z]|[ivx]{1,4})[.)]|[-–—*•]) "
"""What opens a list item."""
_MARKER = re.compile(MARKER)
_MARKER_LAST = re.compile(
    r"(?:[\r\n]\(?(?:\d{1,2}(?:\.\d{1,2})*|[A-Za-z]|[ivx]{1,4})|(?<=[.!?)\]]) (?:\d{1,2}(?:\.\d{1,2})*|[a-z]))[.)]$"
)
_JOINS = re.compile(
    r"(?:[,(/-]|\b(?:and|or|of|the|a|an|to|in|for|with|by|than|is|are|be|not|at|on|from|as|if|per|every|mg|ml|kg"
    r"|avoid|should|must|may|can|unless|without|only|before|after|consider|give|take|use|no|never|until|when))$",
    re.IGNORECASE,
)


def sentences(marks: str) -> Iterator[tuple[int, int]]:
    """``(start, end)`` of every sentence of ``marks``, white space trimmed."""
    start = 0
    for stop in stops(marks, 0, len(marks)):
        yield from _trimmed(marks, start, stop)
        start = stop
    yield from _trimmed(marks, start, len(marks))


def sentence_around(marks: str, start: int, end: int) -> tuple[int, int]:
    """The sentence or sentences that ``marks[start:end]`` is part of.

    A cut that takes the next item's number along ("... at night.\\n2.") ends before it.
    """
    if marker := _MARKER_LAST.search(marks[max(start, end - 12) : end]):
        return sentence_around(marks, start, end - len(marker[0]))
    floor, ceiling = max(0, start - REACH), min(len(marks), end + REACH)
    before = reversed(list(_STOP.finditer(marks, floor, start)))
    first = next((match.end() for match in before if _ends(marks, match, floor)), floor)
    after = _STOP.finditer(marks, max(start, end - 4), ceiling)
    last = next((match.end() for match in after if match.end() >= end and _ends(marks, match, start)), ceiling)
    return first, last


def stops(marks: str, start: int, end: int) -> Iterator[int]:
    """Offsets in ``marks[start:end]`` behind which another sentence begins."""
    for match in _STOP.finditer(marks, start, end):
        if _ends(marks, match, start):
            yield match.end()


def _ends(marks: str, match: re.Match[str], floor: int) -> bool:
    sign, before, after = (
        match[0],
        marks[max(floor, match.start() - 24) : match.start()],
        marks[match.end() : match.end() + 2].lstrip(),
    )
    if sign in (PARAGRAPH, "|"):
        return True
    if sign == LINE:
        if _MARKER.match(marks, match.end()):
            return True
        return after[:1] in _OPENING or (after[:1].isupper() and not _JOINS.search(before))
    if sign[0] != ".":
        return True
    if _ENUMERATOR.search(before):
        return False
    word = _LAST_WORD.search(before)
    if word and word[1].lower() in ("no", "ref", "refs", "fig", "table") and after[:1].isdigit():
        return True  # a cut behind "Ref." takes a number and what follows along; it does not hide a condition
    return not (
        word and word[1].lower() in _abbreviations() and (not after or not after[0].isupper() or "." in word[1])
    )


def _trimmed(marks: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = marks[start:end]
    if body := piece.strip(" \r\n|"):
        lead = start + piece.index(body)
        yield lead, lead + len(body)


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(table("cues")["abbreviations"]["words"])
