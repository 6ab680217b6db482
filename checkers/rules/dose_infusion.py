"""Harm: a drug runs in too fast or too strong: flushing, collapse, arrest, burnt veins.

Source: labels, Dosage and Administration, on rates and concentrations; the rates of the tables.

Example: vancomycin 2 g over 10 minutes is blocked where an hour is the least; fosphenytoin at 150 mg PE/min passes, at
500 it is blocked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from checkers.formulary.rows import Medicine, Pace, Rate, Regimen
from checkers.judging.amount_findings import findings
from checkers.judging.applies import applying, indicated
from checkers.judging.compare import Comparison, a_dose
from checkers.judging.fault import Fault
from checkers.judging.faults import Judged, is_dose_of_a_bag, judged
from checkers.judging.say import drug_of, finding
from checkers.judging.thresholds import threshold
from checkers.situation.amounts import Amount, figure, measure
from checkers.situation.conditions import any_named, named
from checkers.situation.orders import Order
from checkers.situation.situation import Situation, situation
from checkers.types import Finding, Rule, Severity, Subject

_MINUTES = {"minute": Decimal(1), "hour": Decimal(60)}
_FREE = 3
"""So many times faster than the slowest way, where another way says nothing of time."""
_IN_VOLUME = re.compile(
    r"\b(?:in|into|diluted (?:in|to)|made up to)\s+(?:a\s+)?(\d[\d,]*(?:\.\d+)?)\s*-?\s*mL\b", re.IGNORECASE
)


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every rate, duration of infusion, push and concentration beyond what the tables allow."""
    yield from findings(subject, RULE.id, {"infusion"}, _why)
    worked_out = situation(subject)
    for order in worked_out.active():
        one = judged(order, worked_out)
        if one is None or (one.fault is not None and one.fault.kind == "infusion"):
            continue
        fast = None if _is_other_side(order, worked_out) else _fastest(order, one, worked_out)
        found = fast or _too_strong(order, one, worked_out)
        if found is not None:
            yield found


def _is_other_side(order: Order, situation: Situation) -> bool:
    """Whether the order and another say one thing, and this is not the side to judge: the bag of a drip, the rate of a dose."""
    if not order.is_bag:
        return is_dose_of_a_bag(order, situation)
    rates = (one for one in situation.active() if one.bag == order.number and one.drug == order.drug)
    return not any(is_dose_of_a_bag(rate, situation) for rate in rates)


def _why(fault: Fault, judged: Judged, situation: Situation) -> str:  # noqa: ARG001
    row = fault.nearest.regimen if fault.nearest else None
    longest = (
        f" for more than {figure(row.max_days * 24 * 60)} minutes" if row and row.max_days and row.max_days < 1 else ""
    )
    return f"this is {figure(fault.ratio)} times the fastest that it is run at{longest}."


def _fastest(order: Order, one: Judged, situation: Situation) -> Finding | None:
    """What a dose runs in too fast by its time, its push or its stated rate."""
    rows = [near.regimen for near in _meant(one, situation)] or applying(one.medicine.regimen, situation, order)
    if order.route not in (None, "intravenous", "intraosseous"):
        return None
    row: Pace | Regimen | None
    ratio, row, least = _by_pace(order, one.medicine, situation)
    if row is None:
        ratio, row, least = _by_minutes(order, rows, is_high_alert=one.medicine.high_alert)
        for _, amount in order.amounts():
            rates = [
                (rate, other)
                for other in rows
                if other.max_rate is not None and (rate := _rate(order, amount, other.max_rate, situation)) is not None
            ]
            slowest, other = min(rates, key=lambda pair: pair[0], default=(ratio, None))
            if other is not None and other.max_rate is not None and slowest > ratio:
                ratio, row, least = slowest, other, _at_most(other.max_rate)
    if row is None or ratio < threshold("infusion", "review"):
        return None
    severity = Severity.BLOCK if ratio >= threshold("infusion", "block") else Severity.REVIEW
    how = "pushed" if order.manner.pushed and order.minutes is None else "run in"
    message = f"{drug_of(order)} is {how} {figure(ratio)} times too fast. Within limits: {least}."
    return finding(RULE.id, severity, message, order.span, row, situation, ratio=float(round(ratio, 2)))


def _at_most(rate: Rate) -> str:
    return f"at most {figure(rate.value)} {rate.unit}{'/kg' * rate.per_kg}/{rate.per}"


def _by_pace(order: Order, medicine: Medicine, situation: Situation) -> tuple[Decimal, Pace | None, str]:
    """How many times too fast by what holds for any dose of the drug."""
    if order.route is None and order.minutes is None and not order.manner.pushed:
        return Decimal(1), None, ""
    for row in medicine.pace:
        if _is_excepted(row, situation):
            continue
        kind, factor = measure(row.unit)
        for _, amount in order.amounts():
            dose = a_dose(amount, situation.facts)
            small = row.from_dose is not None and (dose is None or amount.kind != kind or dose < row.from_dose * factor)
            if small or amount.per not in ("dose", "day"):
                continue
            if row.max_rate is not None:
                rate = _rate(order, amount, row.max_rate, situation)
                if rate is not None and rate > 1:
                    return rate, row, _at_most(row.max_rate)
            if row.at_least_minutes is not None:
                words = f"over at least {figure(row.at_least_minutes)} minutes"
                if order.minutes is not None and 0 < order.minutes < row.at_least_minutes:
                    return row.at_least_minutes / order.minutes, row, words
                if (
                    order.minutes is None
                    and order.manner.pushed
                    and row.at_least_minutes >= threshold("infusion", "push_minutes")
                ):
                    return row.at_least_minutes, row, words
    return Decimal(1), None, ""


def _is_excepted(row: Pace, situation: Situation) -> bool:
    facts = situation.facts
    return bool(row.unless and (named(row.unless, facts.said) or any_named(row.unless, facts.conditions or ())))


def _meant(one: Judged, situation: Situation) -> list[Comparison]:
    """The ways of giving that are meant: those that fit, else those whose amount does."""
    meant = list(one.fits) or [near for near in one.near if near.holds_amount]
    plain = [near for near in meant if not near.regimen.indication or indicated(near.regimen, situation)]
    return plain or meant


def _by_minutes(order: Order, rows: list[Regimen], *, is_high_alert: bool) -> tuple[Decimal, Regimen | None, str]:
    slow = [
        row
        for row in rows
        if row.at_least_minutes is not None and (not order.route or order.route in ("intravenous", "intraosseous"))
    ]
    free = [row for row in rows if row.at_least_minutes is None and {"intravenous", "intraosseous"} & set(row.route)]
    if not slow or (order.route is None and order.minutes is None and not order.manner.pushed):
        return Decimal(1), None, ""
    if free and not any(row.at_least_minutes and row.at_least_minutes >= _FREE * (order.minutes or 1) for row in slow):
        return Decimal(1), None, ""
    if free and not is_high_alert:
        return Decimal(1), None, ""
    row = min(slow, key=lambda row: row.at_least_minutes or 0)
    least = row.at_least_minutes or Decimal(1)
    words = f"over at least {figure(least)} minutes"
    if order.minutes is not None:
        return (least / order.minutes if order.minutes else Decimal(100)), row, words
    if order.manner.pushed and least >= threshold("infusion", "push_minutes"):
        return least, row, words
    return Decimal(1), None, ""


def _rate(order: Order, amount: Amount, rate: Rate, situation: Situation) -> Decimal | None:
    """How many times faster than ``rate``; ``None`` if that cannot be told."""
    kind, factor = measure(rate.unit)
    if kind != amount.kind:
        return None
    most = rate.value * factor / _MINUTES[rate.per]
    weight = situation.facts.weight_kg
    if amount.per in _MINUTES:
        if amount.per_kg != rate.per_kg:
            return None
        return amount.high / _MINUTES[amount.per] / most
    dose = a_dose(amount, situation.facts)
    if rate.per_kg:
        if weight is None:
            return None
        most *= Decimal(str(weight))
    if dose is None:
        return None
    if order.minutes:
        return dose / order.minutes / most
    if order.manner.pushed and dose / most >= threshold("infusion", "push_minutes"):
        return dose / most
    return None


def _too_strong(order: Order, one: Judged, situation: Situation) -> Finding | None:
    ways: list[Regimen | Pace] = [near.regimen for near in one.near]
    if order.route in (None, "intravenous", "intraosseous"):
        ways.extend(row for row in one.medicine.pace if not _is_excepted(row, situation))
    rows = [row for row in ways if row.max_mg_per_ml is not None]
    match = _IN_VOLUME.search(order.said)
    if not rows or not match:
        return None
    row = max(rows, key=lambda row: row.max_mg_per_ml or 0)
    limit = row.max_mg_per_ml or Decimal(1)
    for _, amount in order.amounts():
        dose = a_dose(amount, situation.facts)
        if dose is None or amount.kind not in ("mass", "amount"):
            continue
        strength = dose / Decimal(match[1].replace(",", ""))
        ratio = strength / limit
        if ratio >= threshold("infusion", "review"):
            severity = Severity.BLOCK if ratio >= threshold("infusion", "block") else Severity.REVIEW
            message = (
                f"{drug_of(order)} is {figure(strength)} a mL, {figure(ratio)} times the strongest that is run in "
                f"({figure(limit)} a mL)."
            )
            return finding(RULE.id, severity, message, order.span, row, situation, ratio=float(round(ratio, 2)))
    return None


RULE = Rule.documented(__doc__, id="dose-infusion", version=1, check=check)
