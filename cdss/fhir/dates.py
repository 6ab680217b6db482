"""Dates of FHIR: a year, a month, a day or an instant. Source: hl7.org/fhir/R4/datatypes.html, date and dateTime."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from datetime import UTC, date, datetime, time
from functools import lru_cache

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:T|$)")


@lru_cache(maxsize=8192)
def span(written: str | None) -> tuple[date, date] | None:
    """The first and the last day that ``written`` may mean; ``None`` if it is no date."""
    match = _DATE.match((written or "").strip())
    if match is None:
        return None
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        if month is None:
            return date(year or 0, 1, 1), date(year or 0, 12, 31)
        if day is None:
            return date(year or 0, month, 1), date(year or 0, month, monthrange(year or 0, month)[1])
        return date(year or 0, month, day), date(year or 0, month, day)
    except ValueError:
        return None


@lru_cache(maxsize=8192)
def instant(written: str | None) -> datetime | None:
    """The first instant that ``written`` may mean, to tell what came first; a time that names no zone is taken as UTC."""
    days = span(written)
    if written is None or days is None:
        return None
    try:
        found = datetime.fromisoformat(written.strip())
    except ValueError:  # a year or a month
        found = datetime.combine(days[0], time())
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def first_instant(*written: str | None) -> datetime | None:
    """That of the first readable of ``written``."""
    return next((found for one in written if (found := instant(one)) is not None), None)


def first_day(*written: str | None) -> date | None:
    """The first day that the first readable of ``written`` may mean: how old something is at most."""
    return next((found[0] for one in written if (found := span(one)) is not None), None)


def last_day(*written: str | None) -> date | None:
    """The last day that the first readable of ``written`` may mean."""
    return next((found[1] for one in written if (found := span(one)) is not None), None)


def years_between(birth: date, day: date) -> float:
    """Years from ``birth`` to ``day``; whole on each birthday (29 February has its birthday on 1 March in common years)."""
    years = day.year - birth.year
    last = _birthday(birth, day.year)
    if last > day:
        years, last = years - 1, _birthday(birth, day.year - 1)
    following = _birthday(birth, last.year + 1)
    return round(years + (day - last).days / (following - last).days, 4)


def _birthday(birth: date, year: int) -> date:
    return date(year, 3, 1) if (birth.month, birth.day) == (2, 29) and not isleap(year) else birth.replace(year=year)
