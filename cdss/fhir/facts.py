"""What a chart tells: facts with where they are from, and gaps with why nothing is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact that the rules use. ``name`` is a field of ``checkers.types.Patient`` or ``labs.NAME``; ``on`` is its date."""

    name: str
    value: float | str | bool
    unit: str | None = None
    on: date | None = None
    source: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A fact that is not known though something of it is recorded, and why: stale, in an unknown unit, only in part."""

    fact: str
    reason: str
