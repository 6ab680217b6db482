"""How often: every way of saying it comes down to times a day, exactly. Source: ``data/frequencies.toml``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from checkers.numerals import NUMBER, value
from checkers.tables import any_of, table
from checkers.units import DAY, unit

MASK = "\x00"

_ORDINALS = {
    word: Fraction(value)
    for words, value in (
        ("second 2nd", 2),
        ("third 3rd", 3),
        ("fourth 4th", 4),
        ("sixth 6th", 6),
        ("eighth 8th", 8),
        ("twelfth 12th", 12),
    )
    for word in words.split()
}
_TIMES = {"once": Fraction(1), "twice": Fraction(2), "thrice": Fraction(3)}


@dataclass(frozen=True, slots=True)
class Frequency:
    """``low`` to ``high`` times a ``period``: "day", or "month" for what no number of days makes.

    ``daily`` marks a bare "daily" or "every day", which does not say in how many doses.
    """

    start: int
    end: int
    low: Fraction
    high: Fraction
    period: str = "day"
    daily: bool = False


def frequencies(text: str) -> tuple[list[Frequency], str]:
    """Every frequency in ``text``, and the text, as long as before, with them blanked out so that no number is read twice."""
    found: list[Frequency] = []
    for pattern, read in _readers():

        def blank(match: re.Match[str], read: _Reader = read) -> str:
            low, high, period = read(match)
            found.append(Frequency(match.start(), match.end(), low, high, period, daily=read is _daily))
            return MASK * len(match[0])

        text = pattern.sub(blank, text)
    return sorted(found, key=lambda frequency: frequency.start), text


_Reader = Callable[[re.Match[str]], tuple[Fraction, Fraction, str]]


def _phrase(match: re.Match[str]) -> tuple[Fraction, Fraction, str]:
    """ "bid", "every other day"."""
    times = _phrases()[_key(match[0])]
    return times, times, "day"


def _daily(match: re.Match[str]) -> tuple[Fraction, Fraction, str]:
    """A bare "daily"."""
    del match
    return Fraction(1), Fraction(1), "day"


def _interval(match: re.Match[str]) -> tuple[Fraction, Fraction, str]:
    """ "every 4 to 6 hours", "q8h", "6-hourly", "every week"."""
    low = _count(match["low"] or "one")
    high = max(low, _count(match["high"])) if match["high"] else low
    written = unit(match["unit"].lower()) if match.groupdict().get("unit") else unit("hour")
    length = written.per / DAY if written.dimension == "time" else written.per
    period = "day" if written.dimension == "time" else "month"
    if not low:
        return Fraction(0), Fraction(0), period
    return 1 / (high * length), 1 / (low * length), period


def _times(match: re.Match[str]) -> tuple[Fraction, Fraction, str]:
    """ "3 times a day", "once weekly", "2-3 x/day", "weekly"."""
    low = _count(match["low"] or "once")
    high = max(low, _count(match["high"])) if match["high"] else low
    period = _key(match["period"])
    forms = table("frequencies")["periods"]
    name = next(name for name, row in forms.items() if period in row)
    per_period, counted_in = {
        "hour": (Fraction(24), "day"),
        "day": (Fraction(1), "day"),
        "week": (Fraction(1, 7), "day"),
        "month": (Fraction(1), "month"),
        "year": (Fraction(1, 12), "month"),
    }[name]
    return low * per_period, high * per_period, counted_in


def _count(written: str) -> Fraction:
    key = re.sub(r"\s?(?:times|\bx|(?<=\d)x|×)$", "", written.lower())
    return _TIMES.get(key) or _ORDINALS.get(key) or value(key)


def _key(phrase: str) -> str:
    return re.sub(r"[\s-]+", " ", phrase.lower())


@cache
def _phrases() -> dict[str, Fraction]:
    rows = table("frequencies")["times_a_day"]
    return {_key(form): Fraction(times) for times, forms in rows.items() for form in forms}


@cache
def _readers() -> tuple[tuple[re.Pattern[str], _Reader], ...]:
    """What is tried first comes first: "every 12 hours" before "hours", "twice daily" before "daily"."""
    rows = table("frequencies")
    periods = any_of(form for forms in rows["periods"].values() for form in forms)
    adverbs = any_of(
        form for forms in rows["periods"].values() for form in forms if form.endswith("ly") and form != "daily"
    )
    joint = r"(?:\s?-\s?|\s(?:to|or)\s)"
    number = f"(?:{NUMBER})"
    span = r"(?:hours?|hrs?|h|days?|d|weeks?|wks?|months?|years?|yrs?|minutes?|mins?|min|seconds?|secs?)"
    interval = rf"(?P<low>{number}|{any_of(_ORDINALS)})(?:{joint}(?P<high>{number}))?"
    count = rf"(?:{any_of(_TIMES)}|{number})"
    times = rf"(?P<low>{count})(?:{joint}(?P<high>{count}))?"
    each = rf"(?:\s?/\s?|\s(?:a|per|each|every|in)\s|[\s-])(?P<period>{periods})"
    patterns: tuple[tuple[str, _Reader], ...] = (
        (rf"(?P<low>{count}){joint}(?P<high>{any_of(_TIMES)}|{number}\s?(?:times|x|×)){each}", _times),
        (any_of(_phrases()), _phrase),
        (rf"(?:every|each)\s{interval}[\s-]?(?P<unit>{span})", _interval),
        (rf"q\.?\s?{interval}\s?(?P<unit>{span})\.?", _interval),
        (rf"{interval}[\s-]?hourly", _interval),
        (r"(?:every|each)\s(?P<low>)(?P<high>)(?P<unit>hour|week|month|year|minute)", _interval),
        (rf"{times}\s?(?:times|x|×|doses|divided\sdoses){each}", _times),
        (rf"(?P<low>{any_of(_TIMES)})(?P<high>){each}", _times),
        (rf"{times}(?:\s?/\s?|\s(?:a|per|each|every)\s)(?P<period>{periods})", _times),
        (any_of(rows["daily"]["forms"]), _daily),
        (rf"(?P<low>)(?P<high>)(?P<period>{adverbs})", _times),
    )
    return tuple(
        (re.compile(rf"(?<![\w./-]){pattern}(?![\w²-]|\.\w)", re.IGNORECASE), read) for pattern, read in patterns
    )
