"""Dates as documents write them. A date that can be read in two ways is no date."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_ISO = re.compile(r"(?<!\d)(?P<year>[12]\d{3})-?(?P<month>\d{2})-?(?P<day>\d{2})(?!\d)")
_DAY_FIRST = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH},?\s+(?P<year>[12]\d{{3}})(?!\d)", re.I
)
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>[12]\d{{3}})(?!\d)", re.I)
_NUMERIC = re.compile(r"(?<!\d)(?P<first>\d{1,2})[-/.](?P<second>\d{1,2})[-/.](?P<year>(?:[12]\d)?\d{2})(?!\d)")


def read_date(text: str, *, month_first: bool = False) -> date | None:
    """The first date in ``text``: ISO, with a month's name, or in digits if those can be read in one way only.

    ``month_first`` says that the document is from the United States, where 07-03-25 is the third of July 2025.
    """
    for pattern in (_ISO, _DAY_FIRST, _MONTH_FIRST):
        if found := pattern.search(text):
            month = found["month"].lower()
            return _date(int(found["year"]), _MONTHS.get(month) or int(month), int(found["day"]))
    if found := _NUMERIC.search(text):
        return _numeric(int(found["first"]), int(found["second"]), found["year"], month_first=month_first)
    return None


def _numeric(first: int, second: int, year: str, *, month_first: bool) -> date | None:
    full = int(year) if len(year) == 4 else _century(int(year))
    if month_first:
        return _date(full, first, second)
    if len(year) == 2 and first != second:
        return None
    readings = {found for found in (_date(full, first, second), _date(full, second, first)) if found}
    return readings.pop() if len(readings) == 1 else None


def _century(year: int) -> int:
    """Two digits up to 49 are of this century: no guideline is older than 1950, none younger than 2049."""
    return year + (2000 if year < 50 else 1900)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
