"""What is wrong with a rate of infusion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from checkers.formulary.rows import Medicine, Regimen
from checkers.judging.ceilings import ceilings
from checkers.judging.compare import ONE, Comparison
from checkers.judging.fault import Fault
from checkers.judging.telling import slip, weight
from checkers.judging.thresholds import threshold
from checkers.situation.amounts import Amount, measure
from checkers.situation.orders import Order
from checkers.situation.situation import Situation
from checkers.types import Dose, Severity

_MINUTES = {"minute": ONE, "hour": Decimal(60)}


def rate_fault(order: Order, dose: Dose, amount: Amount, compared: Sequence[Comparison]) -> Fault | None:
    """The fault of a rate beside the rates that are known; below the fastest that a row allows there is none."""
    nearest = min(compared, key=lambda one: one.distance)
    if nearest.holds_amount and nearest.often > threshold("often", "long_block"):
        return Fault("frequency", Severity.BLOCK, order, dose, amount, nearest.often, nearest)
    if any(_is_within(amount, one.regimen) for one in compared):
        return None
    kind = slip(compared, nearest.above, nearest.below)
    if nearest.above > nearest.slack:
        severity = weight(nearest.above, threshold("above", "rate_review"), threshold("above", "rate_block"))
        if severity is not None:
            return Fault(kind or "infusion", severity, order, dose, amount, nearest.above, nearest)
    elif nearest.below > nearest.slack:
        severity = weight(nearest.below, threshold("below", "rate_review"), threshold("below", "rate_block"))
        severity = Severity.BLOCK if kind == "thousandfold" else severity
        if severity is not None:
            return Fault(kind or "too-low", severity, order, dose, amount, nearest.below, nearest, upwards=False)
    elif nearest.too_long > ONE:
        return Fault("infusion", Severity.BLOCK, order, dose, amount, nearest.too_long, nearest)
    return None


def unknown_rate(order: Order, dose: Dose, amount: Amount, medicine: Medicine, situation: Situation) -> Fault | None:
    """The fault of a rate of a drug that is known in doses only: what an hour, or a day, of it comes to beside their ceilings.

    A rate beside a dose is how fast that dose goes in; a guideline's may be that of a dose which stands elsewhere.
    """
    beside = (one for one in situation.orders if one.drug == order.drug and one.number != order.number)
    if any(one.sentence == order.sentence and one.first.basis not in _MINUTES for one in beside):
        return None
    hours = min(Decimal(24), order.minutes / 60) if order.minutes else Decimal(24)
    an_hour = replace(amount.times(60 / _MINUTES[amount.per]), per="dose")
    passed = [one for one in ceilings(order, an_hour, medicine, situation) if one.of == "single"]
    if not situation.facts.is_quoted:
        whole = replace(an_hour.times(hours), per="day")
        passed += [one for one in ceilings(order, whole, medicine, situation) if one.of == "daily"]
    if passed:
        over = max(passed, key=lambda one: one.ratio)
        grave = over.ratio >= threshold("above", "rate_day" if over.of == "daily" else "rate_block")
        return Fault(
            "infusion", Severity.BLOCK if grave else Severity.REVIEW, order, dose, amount, over.ratio, None, over
        )
    is_bounded = any(measure(row.unit)[0] == amount.kind and row.per_kg == amount.per_kg for row in medicine.maximum)
    if amount.kind not in ("mass", "units", "amount", "activity") or is_bounded or situation.facts.is_quoted:
        return None
    return Fault("no-way", Severity.REVIEW, order, dose, amount, ONE)


def _is_within(amount: Amount, row: Regimen) -> bool:
    """Whether a rate stays below the fastest that the row allows, and above its lowest."""
    fastest = row.max_rate
    if fastest is None or row.max_days is not None:
        return False
    if (fastest.per_kg, row.per_m2) != (amount.per_kg, amount.per_m2) or row.per not in _MINUTES:
        return False
    kind, factor = measure(fastest.unit)
    mine = amount.high / _MINUTES[amount.per]
    slow = row.dose[0] * measure(row.unit)[1] / _MINUTES[row.per]
    most = fastest.value * factor / _MINUTES[fastest.per] * threshold("tolerance", "cap")
    return kind == amount.kind and slow <= mine <= most
