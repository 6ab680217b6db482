"""What stands on which side of a word with two unlike sides: "A rather than B", "from A to B", "A is more potent than B",
"A lowers B". Source: ``data/directions.toml``.
"""

from __future__ import annotations

import re
from functools import cache

from checkers.people import groups
from checkers.polarity import SCOPE_ENDS
from checkers.remember import remembered
from checkers.tables import any_of, table
from checkers.words import content, neutral_stems

_WINDOW = 120
_PASSIVE = re.compile(
    r"\s(?:\w+ly\s)?by\b(?!\s(?:mouth|\w+ (?:injection|infusion)|injection|infusion)\b)", re.IGNORECASE
)
_MOVE = re.compile(r"\bfrom\b(?P<one>[^.;:]{2,60}?)\bto\b", re.IGNORECASE)
_THAN = re.compile(
    r"\b(?P<how>(?:more|less|fewer)(?:\s\w+)?|[^\W\d_]{2,}er)\s(?:[^.;:,]{0,60}?\s)?than\b", re.IGNORECASE
)

Side = tuple[str, str, str]
"""A kind of word and the stems of what stands on its first and on its second side."""


@remembered()
def directed(text: str) -> frozenset[Side]:
    """Every pair of content words on the two sides of such a word in folded ``text``."""
    found: set[Side] = set()
    for match in _sided().finditer(text):
        kind, before, behind = str(match.lastgroup), _before(text, match.start()), _behind(text, match.end())
        if kind == "acts" and (by := _PASSIVE.match(behind)):
            before, behind = behind[by.end() :], before
        elif kind == "last":
            kind, before, behind = "first", behind, before
        found |= _pairs(kind, before, behind)
    for match in _MOVE.finditer(text):
        found |= _pairs("from", match["one"], _behind(text, match.end()))
    for match in _THAN.finditer(text):
        found |= _pairs(match["how"].lower(), _before(text, match.start()), _behind(text, match.end()))
    return frozenset(found)


def _before(text: str, end: int) -> str:
    return SCOPE_ENDS.split(text[max(0, end - _WINDOW) : end])[-1]


def _behind(text: str, start: int) -> str:
    return SCOPE_ENDS.split(text[start : start + _WINDOW])[0]


def _pairs(kind: str, one: str, other: str) -> set[Side]:
    here, there = (_stems(side, acting=kind == "acts") for side in (one, other))
    return {(kind, first, second) for first in here - there for second in there - here}


def _stems(side: str, *, acting: bool) -> set[str]:
    """What stands on a side. How often something acts and on whom may be said on either: "rarely", "in adults"."""
    whom = {at for _, start, end in groups(side) for at in range(start, end)} if acting else set[int]()
    found = (word for word in content(side) if word.start not in whom and not (acting and word.text.endswith("ly")))
    return {word.stem for word in found} - neutral_stems()


@cache
def _sided() -> re.Pattern[str]:
    rows = table("directions")
    kinds = "|".join(f"(?P<{kind}>{any_of(rows[kind])})" for kind in ("first", "last", "acts"))
    return re.compile(rf"(?<![\w-])(?:{kinds})(?![\w-])", re.IGNORECASE)
