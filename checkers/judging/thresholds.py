"""The tolerances of the rules, exact. Source: ``data/thresholds.toml``."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from checkers.situation.facts import Facts
from checkers.tables import table


@cache
def threshold(group: str, name: str) -> Decimal:
    """One ratio."""
    return Decimal(table("thresholds")[group][name])


def weights(facts: Facts) -> tuple[Decimal, Decimal]:
    """The patient's weight in kilograms, twice; if it is not known, the least and the most that it can be."""
    if facts.weight_kg is not None:
        weight = Decimal(str(facts.weight_kg))
        return weight, weight
    rows = table("thresholds")["weights"]
    if facts.age_years is None and facts.is_quoted:
        return Decimal(rows[0]["low"]), Decimal(rows[-1]["high"])
    age = facts.age_years if facts.age_years is not None else 199
    row = next(row for row in rows if age < float(row["below"]))
    return Decimal(row["low"]), Decimal(row["high"])


def surfaces(facts: Facts) -> tuple[Decimal, Decimal]:
    """The patient's body surface in square metres, likewise."""
    if facts.bsa_m2 is not None:
        surface = Decimal(str(facts.bsa_m2))
        return surface, surface
    if facts.age_years is None and facts.is_quoted:
        return threshold("surface", "child_low"), threshold("surface", "high")
    kind = "child_" if facts.is_child else ""
    return threshold("surface", f"{kind}low"), threshold("surface", f"{kind}high")
