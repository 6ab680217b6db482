"""Whom an order is for, where its own words say so: "50 mg twice daily above 85 kg" is nobody's who weighs 70 kg."""

from __future__ import annotations

import re
from collections.abc import Callable

from checkers.situation.facts import Facts

_OVER = r"(?:above|over|more than|greater than|at least|exceeding|heavier than|older than|from|>|≥|>=)"
_UNDER = r"(?:below|under|less than|lighter than|younger than|up to|<|≤|<=)"
_MEASURES = r"(?P<unit>kg|years?|yrs?|y|months?|mL/min(?:/1\.73 ?m[2²])?)"
_MEASURE = (
    r"(?:(?P<measure>(?-i:CrCl)|creatinine clearance|(?-i:e?GFR)|clearance|weight|weighing|age[ds]?|body ?weight)\b"
    r"[^.;,|\d]{0,24})?"
)
_BAND = re.compile(
    rf"{_MEASURE}(?<!\w)(?:(?P<over>{_OVER})|(?P<under>{_UNDER}))\s*(?P<n>\d+(?:\.\d+)?)\s*{_MEASURES}(?![\w/])"
    r"|(?P<n2>\d+(?:\.\d+)?)\s*(?P<unit2>kg|years?)\s+(?:or|and)\s+"
    r"(?:(?P<up>more|over|above|older|heavier|up)|(?P<down>less|below|under|younger|lighter))\b"
    rf"|(?P<low>\d+(?:\.\d+)?)\s*(?:-|–|to)\s*(?P<high>\d+(?:\.\d+)?)\s*{_MEASURES.replace('unit', 'unit3')}(?![\w/])",
    re.IGNORECASE,
)


def is_for_others(words: str, facts: Facts) -> bool | None:
    """Whether ``words``, those behind an amount, name an age, a weight or a clearance that is not the patient's.

    ``False`` if they name the patient's, ``None`` if they name none or it is not known.
    """
    answers = [answer for match in _BAND.finditer(words) if (answer := _outside(match, facts)) is not None]
    return any(answers) if answers else None


def _outside(match: re.Match[str], facts: Facts) -> bool | None:
    unit = match["unit"] or match["unit2"] or match["unit3"]
    value = _fact(unit, match["measure"], facts)
    if value is None:
        return None
    if match["low"]:
        return not float(match["low"]) <= value <= float(match["high"])
    number = float(match["n"] or match["n2"])
    is_over = match["over"] or match["up"]
    test: Callable[[float, float], bool] = float.__lt__ if is_over else float.__gt__
    return test(value, number)


def _fact(unit: str, measure: str | None, facts: Facts) -> float | None:
    unit = unit.lower()
    if unit == "kg":
        return None if facts.weight_kg is None else float(facts.weight_kg)
    if unit.startswith("y"):
        return None if facts.age_years is None else float(facts.age_years)
    if unit.startswith("month"):
        return None if facts.age_years is None else facts.age_years * 12
    by_filtration = measure is not None and "gfr" in measure.lower()
    found = facts.egfr if by_filtration else facts.crcl_ml_min
    return None if found is None else float(found)
