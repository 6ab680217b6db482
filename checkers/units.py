"""Units of measure: how they are written, and what converts exactly into what. Source: ``data/units.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from checkers.tables import table

MINUTE, HOUR, DAY = Fraction(60), Fraction(3600), Fraction(86400)


@dataclass(frozen=True, slots=True)
class Unit:
    """One of it is ``per`` of its dimension's base unit, counted from ``zero`` (other than 0 for °F alone)."""

    name: str
    dimension: str
    per: Fraction
    zero: Fraction = Fraction(0)

    def base(self, value: Fraction) -> Fraction:
        """``value`` of this unit in the base unit of its dimension."""
        return value * self.per + self.zero


@cache
def _units() -> tuple[dict[str, Unit], dict[str, Unit]]:
    """Units by their forms: those read with their capitals, and those read without."""
    as_written: dict[str, Unit] = {}
    any_case: dict[str, Unit] = {}
    for row in table("units")["unit"]:
        unit = Unit(row["name"], row["dimension"], Fraction(row["per"]), Fraction(row.get("zero", "0")))
        exact = row.get("exact", ())
        for form in row["forms"]:
            if len(form) == 1 or form in exact:
                as_written[form] = unit
            else:
                any_case[form.lower()] = unit
    return as_written, any_case


def unit(form: str) -> Unit:
    """The unit that is written ``form``; ``KeyError`` if there is none. ``UNIT`` matches what this knows."""
    as_written, any_case = _units()
    form = re.sub(r"(?<=[a-z])[\s-]+|\s+", " ", form)
    return as_written.get(form) or any_case[form.lower()]


def _alternatives(forms: dict[str, Unit]) -> str:
    ordered = sorted(forms, key=lambda form: (-len(form), form))
    return "|".join(re.escape(form).replace(r"\ ", r"\s") for form in ordered)


@cache
def unit_pattern() -> str:
    """A pattern for a unit as it may be written, to be used after a number; what follows it is no letter or digit."""
    as_written, any_case = _units()
    return rf"(?:(?:(?i:{_alternatives(any_case)})|(?:{_alternatives(as_written)}))(?![^\W_]))"
