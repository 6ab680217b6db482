"""How far a number reaches: "at least 5" is not "more than 5", and neither is "5". Source: ``data/comparators.toml``."""

from __future__ import annotations

import re
from functools import cache

from checkers.tables import any_of, table

ABOUT = "about"
DURING = "during"
"""Not in the table: what "over" means before a time ("over 30 minutes")."""

FILLERS = frozenset(
    "of is are a an the age dose doses dosage total daily single recommended allowed adult by be to".split()
)
"""Words that may stand between a comparator and its number: "a maximum daily dose of 4 g"."""
_TURNED = {"more_than": "at_most", "less_than": "at_least"}
_NOT = re.compile(r"\b(?:not|never|don't|cannot|no)\s(?:\w+\s){0,3}$", re.IGNORECASE)
_NUMBER_AND = re.compile(r"\d[\d.]*[^.;,:\d]{0,20}\s(?:and|or)\s$", re.IGNORECASE)
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
            return _behind(text, end) or DURING
        if f"and {phrase}" in _after()[0] and _ends_another(before, match.start(), match.end(1)):
            return _behind(text, end)
        if name in _TURNED and _NOT.search(before[: match.start()]):
            return _TURNED[name]
        return "" if name == ABOUT else name
    return _behind(text, end)


def _ends_another(before: str, start: int, end: int) -> bool:
    """Whether the phrase at ``before[start:end]`` belongs to the number before it: "12 years and over: 400 mg".

    "Under 80 years and below 150 mmHg" has one for each, unless a colon shows where the first one ends.
    """
    number = _NUMBER_AND.search(before[:start])
    if number is None:
        return False
    return ":" in before[end:] or not _before()[1].search(before[: number.start()])


def _behind(text: str, end: int) -> str:
    phrases, pattern = _after()
    match = pattern.match(text, end)
    return phrases[_key(match[1] or match[2] or match[3])] if match else ""


def _key(phrase: str) -> str:
    return re.sub(r"[\s-]+", " ", phrase.lower())


@cache
def _before() -> tuple[dict[str, str], re.Pattern[str]]:
    """Phrases that stand in front of a number, and a pattern that ends where the number begins."""
    phrases = _phrases("before")
    filler = rf"(?:(?:{'|'.join(sorted(FILLERS))})[\s:]+)*"
    signs, words = _split(phrases)
    return phrases, re.compile(
        rf"((?:(?<![\w])(?:{any_of(words)})(?![\w])|{any_of(signs)}))[\s:=-]*{filler}[(\[]?$", re.IGNORECASE
    )


@cache
def _after() -> tuple[dict[str, str], re.Pattern[str]]:
    """Phrases that stand behind a number and its unit; "maximum" does so only if no number of its own follows."""
    phrases = _phrases("after")
    signs, words = _split(phrases)
    either = [word for word in words if word in _phrases("before")]
    own = r"(?!\.?[\s:]+(?:(?:of|is|dose|daily|single|total|per|day)[\s:]+)*[\d(])"
    behind = [word for word in words if word not in either]
    return phrases, re.compile(
        rf"(?:({any_of(signs)})|[\s-]?[(]?(?:({any_of(behind)})(?!\w)|({any_of(either)})(?!\w){own}))", re.IGNORECASE
    )


def _phrases(side: str) -> dict[str, str]:
    rows = {name: row for name, row in table("comparators").items() if isinstance(row, dict)}
    return {_key(phrase): name for name, row in rows.items() for phrase in row[side]}


def _split(phrases: dict[str, str]) -> tuple[list[str], list[str]]:
    return [p for p in phrases if not p[0].isalpha()], [p for p in phrases if p[0].isalpha()]
