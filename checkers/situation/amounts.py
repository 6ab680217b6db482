"""Amounts in one unit of each kind, so that they can be compared: mass in mg, volume in mL, activity in MBq, else as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Literal

from checkers.numerals import NUMBER, value
from checkers.remember import remembered
from checkers.types import Dose
from checkers.units import unit

Per = Literal["dose", "day", "hour", "minute"]
_KINDS = {
    "mass": "mass", "volume": "volume", "units": "units", "amount": "amount", "equivalents": "amount", "activity": "activity"
}  # fmt: skip
_UNITS = {"volume": "mL", "amount": "mmol (mEq)", "activity": "MBq"}
_BASE = {
    "mass": Decimal("0.001"), "volume": Decimal("0.001"), "amount": Decimal("0.001"), "units": Decimal(1),
    "activity": Decimal(1_000_000),
}  # fmt: skip


@cache
def measure(name: str) -> tuple[str, Decimal]:
    """The kind of measure of a unit and how much of its base one of it is: mg, mL, units, mmol or mEq.

    Kinds are those of ``Medicine.measured_in``; a unit that is none of them (tablet, puff, mg PE) is a kind of its own.
    """
    try:
        known = unit(name)
    except KeyError:
        return name, Decimal(1)
    kind = _KINDS.get(known.dimension)
    per = Decimal(known.per.numerator) / Decimal(known.per.denominator)
    if kind is None:
        return name, Decimal(1)
    return kind, per / _BASE[kind]


@dataclass(frozen=True, slots=True)
class Amount:
    """``low`` to ``high`` of the base unit of ``kind``, per kilogram or square metre if so, per dose, day, hour or minute."""

    low: Decimal
    high: Decimal
    kind: str
    per: Per = "dose"
    per_kg: bool = False
    per_m2: bool = False

    def times(self, factor: Decimal) -> Amount:
        """So many times as much."""
        return replace(self, low=self.low * factor, high=self.high * factor)


def amount_of(dose: Dose) -> Amount | None:
    """What a dose comes to; ``None`` if it has no number."""
    if dose.dose_low is None or dose.dose_high is None or dose.unit is None:
        return None
    kind, factor = measure(dose.unit)
    return Amount(
        low=dose.dose_low * factor,
        high=dose.dose_high * factor,
        kind=kind,
        per=dose.basis or "dose",
        per_kg=dose.per_kg,
        per_m2=dose.per_m2,
    )


def shown(value: Decimal, kind: str) -> str:
    """``value`` of the base unit of ``kind`` in words: "1.2 g" is "1,200 mg", "0.1 mg" is "100 mcg"."""
    if kind == "mass":
        if value and abs(value) < Decimal("0.5"):
            return f"{figure(value * 1000)} mcg"
        return f"{figure(value)} mg"
    return f"{figure(value)} {_UNITS.get(kind, kind)}"


def figure(value: Decimal) -> str:
    """A number for people: three significant places, no exponent, no trailing zero, groups of three from 10,000 on."""
    if value == 0:
        return "0"
    places = max(0, 2 - value.adjusted())
    rounded = round(value, places)
    if abs(rounded) >= 100:
        rounded = Decimal(round(value))
    text = f"{rounded:f}"
    whole, _, part = text.partition(".")
    part = part.rstrip("0")
    whole = f"{int(whole):,}" if len(whole.lstrip("-")) > 3 else whole
    return f"{whole}.{part}" if part else whole


_CONCENTRATION = re.compile(
    rf"(?<![\w.,])(?P<n>{NUMBER})\s*(?P<u>mg|mcg|µg|micrograms?|g|units?|mEq|mmol)\s*(?:/|\bper\b|\bin\b)\s*"
    r"(?P<v>\d+(?:\.\d+)?)?\s*mL\b|(?<![\d.,<>≤≥])(?<![<>≤≥] )(?P<p>\d+(?:\.\d+)?)\s*(?:%|per\s?cent\b)",
    re.IGNORECASE,
)
_RATIO = re.compile(
    r"\b1\s?(?:in|:)\s?(?P<n>\d{1,3}(?:[ ,]?000)+|\d{1,3})\b(?!\s*(?:mL|mg|g|mcg|units?|hours?|h|days?)\b)"
)


@remembered()
def concentrations(text: str) -> tuple[Amount, ...]:
    """What one mL holds, for every concentration that ``text`` states: "160 mg/5 mL", "1%"; if it has none, "1 in 1,000"."""
    found = []
    for match in _CONCENTRATION.finditer(text):
        if match["p"]:
            grams = Decimal(match["p"]) * 10
            found.append(Amount(grams, grams, "mass"))
            continue
        try:
            number = value(match["n"])
        except ValueError:
            continue
        volume = Decimal(match["v"] or 1)
        if volume:
            kind, factor = measure("mcg" if match["u"].lower() in ("µg", "microgram", "micrograms") else match["u"])
            held = Decimal(number.numerator) / Decimal(number.denominator) * factor / volume
            found.append(Amount(held, held, kind))
    if not found:
        for match in _RATIO.finditer(text):
            held = Decimal(1000) / Decimal(re.sub(r"[ ,]", "", match["n"]))  # 1 g in so many mL
            found.append(Amount(held, held, "mass"))
    return tuple(found)
