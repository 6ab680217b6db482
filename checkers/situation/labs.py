"""The patient's laboratory values by the names of the catalogue, whatever the record calls them. Source: ``data/labs.toml``.

A value that no patient has in the unit of its name is not used; it is kept as a doubt for a rule to say.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from checkers import calculators
from checkers.tables import table

_SAME = 0.15
"""Share by which two values of one test may differ and still be one."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value of the record that cannot be right in the unit of its name, or of which there are two.

    ``taken`` is what it was read as, in ``unit``, where only another unit can be meant; ``None`` where it was not used.
    """

    name: str
    written: str
    value: float
    unit: str
    taken: float | None = None


def catalogued(record: Mapping[str, float]) -> tuple[dict[str, float], tuple[Doubt, ...]]:
    """``record`` by the names of the catalogue and in its units, with what is not believed; unknown names stay as they are."""
    values: dict[str, float] = {}
    doubts: list[Doubt] = []
    for written, number in record.items():
        known = _names().get(re.sub(r"[^a-z0-9]+", "_", written.casefold()).strip("_"))
        if known is None:
            values[written] = number
            continue
        name, factor, is_other_unit = known
        value, is_guess = _believed(name, number * factor, is_other_unit)
        held = values.get(name) if value is not None else None
        if value is None or (held is not None and abs(held - value) > _SAME * max(abs(held), abs(value))):
            doubts.append(Doubt(name, written, number, table("labs")["labs"][name]["unit"]))
        elif held is None:
            values[name] = value
            if is_guess:
                doubts.append(Doubt(name, written, number, table("labs")["labs"][name]["unit"], value))
    return values, tuple(doubts)


def _believed(name: str, value: float, is_other_unit: bool) -> tuple[float | None, bool]:
    """The value in the catalogue's unit, if anybody can have it, and whether its unit had to be guessed."""
    row = table("labs")["labs"][name]
    also = row.get("also")
    if also and not is_other_unit and also["from"] <= value < also["below"]:
        return round(value * float(also["factor"]), 6), True
    return (value if row["least"] <= value <= row["most"] else None), False


@cache
def _names() -> dict[str, tuple[str, float, bool]]:
    """Every name of the catalogue and of records, with the name of the catalogue, the factor, and whether it tells its unit."""
    found: dict[str, tuple[str, float, bool]] = {}
    for name, row in table("labs")["labs"].items():
        found[name] = (name, 1.0, name.endswith(("_mg_dl", "_u_l")) and name != "creatinine_mg_dl")
        found.update({other: (name, 1.0, other.endswith(("_mg_dl", "_g_dl"))) for other in row["names"]})
        found.update({other: (name, float(factor), True) for other, factor in row.get("units", {}).items()})
    return found


def completed(values: dict[str, float], *, is_corrected: bool, dialysis: bool) -> dict[str, float]:
    """``values`` with what follows from them: calcium and phenytoin for the albumin, enzymes by their upper limits."""
    found = dict(values)
    upper = table("labs")["upper"]
    for whole, parts in (("alt_times_uln", ("alt_u_l", "ast_u_l")), ("ck_times_uln", ("ck_u_l",))):
        ratios = [found[part] / float(upper[part]) for part in parts if part in found]
        if ratios and whole not in found:
            found[whole] = max(ratios)
    albumin = found.get("albumin")
    if albumin is not None and 0 < albumin < 4 and not is_corrected and found.get("calcium"):
        found["calcium"] = calculators.corrected_calcium_mg_dl(calcium_mg_dl=found["calcium"], albumin_g_dl=albumin)
    if albumin and albumin < 4 and found.get("phenytoin_mcg_ml") and "phenytoin_corrected_mcg_ml" not in found:
        found["phenytoin_corrected_mcg_ml"] = calculators.corrected_phenytoin_mcg_ml(
            phenytoin_mcg_ml=found["phenytoin_mcg_ml"], albumin_g_dl=albumin, dialysis=dialysis
        )
    return {name: round(value, 6) for name, value in found.items()}
