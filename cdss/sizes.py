"""Which weights and ages a sentence or a table row is for: "60 to 69 kg", "child 6 to 12 years", "above 40 kg".

Only what is said before the first amount counts: "for a child of 13 to 40 kg, give 5 mg" is for these weights, and "50 mg
twice daily above 85 kg" is for everybody, with a dose of its own for some. Weights are in kilograms, ages in years.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from cdss.people import NO_AGE, ages_in
from checkers.types import Patient

NEAR = 0.15
"""A row for one exact weight is told to those within this share of it: rows stand that far apart in tables by weight."""
_A_KG = 1.0
_YEARS_IN = {"d": 1 / 365.25, "w": 7 / 365.25, "m": 1 / 12, "y": 1.0}

_N = r"(\d{1,3}(?:\.\d+)?)"
_AGE_UNIT = r"(days?|weeks?|months?|mths?|years?|yrs?)"
_TO = r"\s?(?:to|-|–|—|until|and)\s?(?:[<≤]\s?|under\s|below\s|less than\s)?"
_ABOVE = r"(?:above|over|more than|greater than|at least|older than|from|>=?|≥)\s?"
_BELOW = r"(?:below|under|less than|up to|younger than|<=?|≤)\s?"
_MORE = r"\s(?:or|and) (?:more|over|above|older|heavier|up)\b"
_LESS = r"\s(?:or|and) (?:less|under|below|younger|lighter)\b"

_AMOUNT = re.compile(
    r"\d\s?(?:mg|mcg|µg|μg|micrograms?|milligrams?|g|grams?|ml|mL|units?|mmol|meq|mEq|joules?|J|tablets?|capsules?|puffs?|drops?)\b"
    r"(?!\s?/\s?(?:d?L|min))"
)
_NOT_KG = r"(?<![\d./])"
_EXACTLY = re.compile(rf"\bweight\b[^:;]{{0,60}}:\s?{_N}\s?kg\s?(?:;|$)", re.IGNORECASE)
_KG = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("between", rf"{_NOT_KG}{_N}\s?(?:kg)?{_TO}{_N}\s?kg\b"),
        ("above", rf"{_ABOVE}{_N}\s?kg\b|{_NOT_KG}{_N}\s?kg{_MORE}"),
        ("below", rf"{_BELOW}{_N}\s?kg\b|{_NOT_KG}{_N}\s?kg{_LESS}"),
        ("exactly", _EXACTLY.pattern),
    )
)
_AGE = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("between", rf"{_NOT_KG}{_N}\s?{_AGE_UNIT}?{_TO}{_N}\s?{_AGE_UNIT}\b"),
        ("above", rf"{_ABOVE}{_N}\s?{_AGE_UNIT}\b|{_NOT_KG}{_N}\s?{_AGE_UNIT}(?: of age)?{_MORE}"),
        ("below", rf"{_BELOW}{_N}\s?{_AGE_UNIT}\b|{_NOT_KG}{_N}\s?{_AGE_UNIT}(?: of age)?{_LESS}"),
    )
)
_AGE_FOLLOWS = re.compile(
    r"(?:\bage[ds]?|\b(?:child(?:ren)?|infants?|adults?|adolescents?|patients?|people|persons?|boys?|girls?|neonates?|m[ae]n|wom[ae]n|those))"
    r"(?:\s(?:who (?:is|are)|aged?|between|of))*\s?$|\bage\b[^:;]{0,60}:[^;]{0,24}$",
    re.IGNORECASE,
)
_IS_AGE = re.compile(r"[\s-]?(?:of age|olds?)\b", re.IGNORECASE)
_SAYS_AGE = re.compile(r"of age|older|younger", re.IGNORECASE)
_ASKED_KG = re.compile(r"(?<![\d.,/])(\d{1,3}(?:\.\d{1,2})?)\s?(?:kg|kilos?|kilograms?)\b(?!\s?/)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Size:
    """How heavy and how old somebody is; ``None`` where it is not known."""

    weight_kg: float | None = None
    age_years: float | None = None


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low`` to ``high``, both included."""

    low: float
    high: float

    def has(self, value: float) -> bool:
        """Whether ``value`` lies in it."""
        return self.low <= value <= self.high


UNKNOWN = Size()


def size_of(question: str, patient: Patient | None) -> Size:
    """What question and patient say of a person's size; where they differ, or the question names two, nothing."""
    weights = {float(match[1]) for match in _ASKED_KG.finditer(question)}
    ages = set(ages_in(question))
    known = patient or Patient()
    return Size(_only(weights, known.weight_kg, 1.0), _only(ages, known.age_years, 1.0))


def _only(said: set[float], known: float | None, apart: float) -> float | None:
    if known is None:
        return next(iter(said)) if len(said) == 1 else None
    return known if all(abs(value - known) <= apart for value in said) else None


def suits(size: Size, text: str) -> bool:
    """Whether a sentence, with the words that it leans on, may be for somebody of this size: it is for no others only."""
    weights, ages = _ranges(text)
    return _in_any(weights, size.weight_kg) and _in_any(ages, size.age_years)


def worked_for(text: str) -> float | None:
    """The one exact weight that a row is worked out for: "Body weight of the child: 18 kg; one dose: 270 mg"."""
    match = _EXACTLY.search(text)
    return float(match[1]) if match else None


def _in_any(ranges: tuple[Range, ...], value: float | None) -> bool:
    return value is None or not ranges or any(each.has(value) for each in ranges)


@lru_cache(maxsize=20_000)
def _ranges(text: str) -> tuple[tuple[Range, ...], tuple[Range, ...]]:
    """The weights and the ages that ``text`` says it is for."""
    amount = _AMOUNT.search(text)
    head = text[: amount.start()] if amount else text
    return tuple(_weights(head)), tuple(_ages(head))


def _weights(head: str) -> Iterator[Range]:
    taken: list[tuple[int, int]] = []
    for kind, match in _matches(_KG, head, taken):
        low, *rest = [float(number) for number in match.groups() if number]
        if kind == "exactly":
            yield Range(low * (1 - NEAR), low * (1 + NEAR))
        else:
            yield _range(kind, low, rest[0] if rest else low, _A_KG)


def _ages(head: str) -> Iterator[Range]:
    taken: list[tuple[int, int]] = []
    for kind, match in _matches(_AGE, head, taken):
        said = (
            _SAYS_AGE.search(match[0])
            or _AGE_FOLLOWS.search(head, 0, match.start())
            or _IS_AGE.match(head, match.end())
        )
        if not said or NO_AGE.match(head, match.end()):
            continue
        groups = [group for group in match.groups() if group]
        numbers = [float(group) for group in groups if group[0].isdigit()]
        units = [_YEARS_IN[group[0].lower()] for group in groups if not group[0].isdigit()]
        yield _range(kind, numbers[0] * units[0], numbers[-1] * units[-1], units[-1])


def _matches(
    patterns: tuple[tuple[str, re.Pattern[str]], ...], head: str, taken: list[tuple[int, int]]
) -> Iterator[tuple[str, re.Match[str]]]:
    """Every place once, by the first pattern that reads it."""
    for kind, match in chain.from_iterable(((kind, m) for m in pattern.finditer(head)) for kind, pattern in patterns):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            taken.append(match.span())
            yield kind, match


def _range(kind: str, low: float, high: float, step: float) -> Range:
    """Between whole numbers nobody is left out: "60 to 69 kg" goes up to 70, "6 to 12 years" to the thirteenth birthday."""
    if kind == "between":
        return Range(low, high + step)
    return Range(low, float("inf")) if kind == "above" else Range(0.0, high)
