"""How far a number reaches: "at least 5" is not "more than 5", and neither is "5". Source: ``data/comparators.toml``."""

from __future__ import annotations

import re
from functools import cache

from checkers.tables import any_of, table

ABOUT = "about"
DURING = "during"
"""Not in the table: what "over" means before a time ("over 30 minutes")."""

_TURNED = {"more_than": "at_most", "less_than": "at_least"}
_NOT = re.compile(r"\b(?:not|never|don't|cannot|no)\s(?:\w+\s){0,3}$", re.IGNORECASE)
_WINDOW = 60


def reach(text: str, start: int, end: int, *, of_time: bool) -> str:
    """The class of the comparator around the number at ``text[start:end]``, "" if there is none; "about" counts as none.

    ``of_time`` says that it is a time: then "over" is how long, not how much.
    """
    before = text[max(0, start - _WINDOW) : start]
    phrases, pattern = _before()
    if match := pattern.search(before):
        phrase = _key(match[1])
        name = phrases[phrase]
        if of_time and phrase == "over":
            return DURING
        if name in _TURNED and _NOT.search(before[: match.start()]):
            return _TURNED[name]
        return "" if name == ABOUT else name
    phrases, pattern = _after()
    match = pattern.match(text, end)
    return phrases[_key(match[1] or match[2])] if match else ""


def _key(phrase: str) -> str:
    return re.sub(r"[\s-]+", " ", phrase.lower())


@cache
def _before() -> tuple[dict[str, str], re.Pattern[str]]:
    """Phrases that stand in front of a number, and a pattern that ends where the number begins."""
    phrases = _phrases("before")
    filler = (
        r"(?:(?:of|is|are|a|an|the|age|doses?|dosage|total|daily|single|recommended|allowed|adult|by|be|to)[\s:]+)*"
    )
    signs, words = _split(phrases)
    return phrases, re.compile(
        rf"((?:(?<![\w])(?:{any_of(words)})(?![\w])|{any_of(signs)}))[\s:=-]*{filler}[(\[]?$", re.IGNORECASE
    )


@cache
def _after() -> tuple[dict[str, str], re.Pattern[str]]:
    """Phrases that stand behind a number and its unit; "maximum" does so only if no number of its own follows."""
    phrases = _phrases("after")
    signs, words = _split(phrases)
    own = r"(?![\w])(?!\.?[\s:]+(?:(?:of|is|dose|daily|single|total|per|day)[\s:]+)*[\d(])"
    return phrases, re.compile(rf"(?:({any_of(signs)})|[\s-]?[(]?({any_of(words)}){own})", re.IGNORECASE)


def _phrases(side: str) -> dict[str, str]:
    rows = {name: row for name, row in table("comparators").items() if isinstance(row, dict)}
    return {_key(phrase): name for name, row in rows.items() for phrase in row[side]}


def _split(phrases: dict[str, str]) -> tuple[list[str], list[str]]:
    return [p for p in phrases if not p[0].isalpha()], [p for p in phrases if p[0].isalpha()]
