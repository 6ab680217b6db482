"""Harm: a way of writing is read as something else: U as a zero, 1.0 as 10, .5 as 5, QD as QID, 3,125 as 3.125.

Source: The Joint Commission, Official Do Not Use list; ISMP, List of Error-Prone Abbreviations, for separators.

Example: ".5 mg", "5.0 mg", "10 U", "QOD", "MSO4" and "1.000 mg" go to review; "0.5 mg", "10 units", "every other day",
"1,000 mg" of a drug that is given in grams pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

from checkers.grounds import grounds
from checkers.judging.compare import compare
from checkers.situation.amounts import Amount, measure
from checkers.situation.situation import Situation, situation
from checkers.tables import table
from checkers.types import Dose, Finding, Rule, Severity, Subject

_BESIDE = 14


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every such way of writing. What a guideline writes itself is only told: to change it would be no quote."""
    ground = grounds(subject)
    severity = Severity.INFO if ground is not None and ground.is_verbatim else Severity.REVIEW
    worked_out = situation(subject)
    if not worked_out.orders:
        return
    text = subject.claim.text
    seen: set[tuple[int, int]] = set()
    for row, pattern in _patterns():
        for match in pattern.finditer(text):
            dose = _dose_at(match.span(), worked_out) if row["near"] else None
            if (row["near"] and dose is None) or match.span() in seen:
                continue
            if row.get("unless") and _is_plain_decimal(match[0], dose, worked_out):
                continue
            if row.get("ambiguous") and not _could_be_decimal(match[0], dose, worked_out):
                continue
            seen.add(match.span())
            message = f'"{match[0].strip()}": {row["says"]} Instead: {row["instead"]}.'
            yield Finding(
                rule=RULE.id, severity=severity, message=message, span=match.span(), evidence={"claim": match[0]}
            )


@cache
def _patterns() -> list[tuple[dict[str, Any], re.Pattern[str]]]:
    rows = table("notation")
    return [
        ({**row, "near": kind == "near_dose"}, re.compile(row["pattern"]))
        for kind in ("text", "near_dose")
        for row in rows[kind]
    ]


def _dose_at(span: tuple[int, int], situation: Situation) -> Dose | None:
    """The dose that the match is in, or right beside."""
    for order in situation.orders:
        for dose in order.doses:
            if dose.span[0] - 2 <= span[0] and span[1] <= dose.span[1] + _BESIDE and span[0] <= dose.span[1]:
                return dose
    return None


def _is_plain_decimal(number: str, dose: Dose | None, situation: Situation) -> bool:
    """Whether "3.125" can only be a decimal: it fits a way of giving as it stands, and a thousand times as much does not."""
    value = Decimal(number)
    return _fits(value, dose, situation) is not False and _fits(value * 1000, dose, situation) is False


def _could_be_decimal(number: str, dose: Dose | None, situation: Situation) -> bool:
    """Whether "3,125" may be 3.125: that is a usual dose, or 3,125 is none."""
    if number.endswith("000"):
        return False
    if _fits(Decimal(number.replace(",", "")), dose, situation):
        return False
    as_decimal = _fits(Decimal(number.replace(",", ".")), dose, situation)
    return as_decimal is True or (
        as_decimal is None and number.split(",")[1] not in ("000", "500", "200", "250", "750")
    )


def _fits(value: Decimal, dose: Dose | None, situation: Situation) -> bool | None:
    """Whether the drug is given in such an amount; ``None`` if nothing is known of it."""
    order = next((order for order in situation.orders if dose in order.doses), None)
    medicine = situation.medicine(dose.drug) if dose else None
    if medicine is None or order is None or dose is None or dose.unit is None:
        return None
    kind, factor = measure(dose.unit)
    amount = Amount(value * factor, value * factor, kind, dose.basis or "dose", dose.per_kg, dose.per_m2)
    compared = [
        one for row in medicine.regimen if (one := compare(order, dose, amount, row, situation.facts)) is not None
    ]
    return any(one.holds_amount for one in compared) if compared else None


RULE = Rule.documented(__doc__, id="dose-notation", version=1, check=check)
