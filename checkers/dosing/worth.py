"""What a phrase of a prescription is worth."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Basis = Literal["dose", "day", "hour", "minute"]


class NotOne(Exception):
    """The grammar takes it for a phrase, but its numbers or units cannot be one."""


@dataclass(frozen=True, slots=True)
class Amount:
    """``low`` to ``high`` of ``unit``. ``form`` says that it counts tablets or puffs; ``basis`` is ``None`` where not stated.

    ``ends`` are the two amounts of "5 mg to 10 mg", a range or a change. ``a_day`` is set by "a week" and the like.
    """

    start: int
    end: int
    low: Fraction
    high: Fraction
    unit: str
    form: bool = False
    per_kg: bool = False
    per_m2: bool = False
    basis: Basis | None = None
    a_day: Fraction | None = None
    ends: tuple[Amount, Amount] | None = None


@dataclass(frozen=True, slots=True)
class Concentration:
    """So much in so much, or a laboratory value: never a dose."""


@dataclass(frozen=True, slots=True)
class Strength:
    """What one tablet, puff or vial holds: an amount, or one for each ingredient. ``counted`` is how many are taken."""

    amounts: tuple[Amount, ...]
    form: str | None = None
    counted: Amount | None = None


@dataclass(frozen=True, slots=True)
class Often:
    """Times a day, the most frequent of a range. ``daily`` marks a bare "daily"."""

    a_day: Fraction
    daily: bool = False


@dataclass(frozen=True, slots=True)
class Divided:
    """A day's amount is given in so many parts, if that is said."""

    a_day: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Lasting:
    """So many days, the longest of a range. ``infusion`` is how long one dose takes to run in, ``over`` that "over" says so."""

    days: Fraction
    infusion: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class Within:
    """What the amount is of, said apart from it: "4 g of paracetamol in 24 hours"."""

    basis: Basis | None = None
    a_day: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Age:
    """An age."""


Worth = Amount | Concentration | Strength | Often | Divided | Lasting | Within | Age
