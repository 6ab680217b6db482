"""Ceilings that a text states ("at most 6 g a day") and that lie above those of the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Literal

from checkers.formulary.rows import Medicine
from checkers.judging.applies import applying
from checkers.judging.ceilings import Passed, ceilings
from checkers.judging.say import drug_of, finding
from checkers.judging.thresholds import threshold
from checkers.situation.amounts import Amount, measure, shown
from checkers.situation.orders import Order
from checkers.situation.setting import is_study, is_total
from checkers.situation.situation import Situation, situation
from checkers.types import Finding, Severity, Subject

_REPEATED = re.compile(
    r"\b(?:(?:repeat\w*|again|every [\d.]+(?: ?(?:to|-) ?[\d.]+)? min\w*|if (?:needed|no response))\b|then (?=\d))",
    re.IGNORECASE,
)
_OF_A_DAY = re.compile(
    r"\)?\s*(?:in|per|within|over)\s+(?:any |a |an |each |the same )?(?:24[- ]?h\w*|day)\b", re.IGNORECASE
)
_OF_A_COURSE = re.compile(
    r"\s*(?:per|a|in (?:a|one|any)|each|for the (?:whole )?) ?(?:course|attack|episode|cycle|lifetime)\b", re.IGNORECASE
)


def stated_limits(subject: Subject, rule: str, of: Literal["single", "daily"]) -> Iterator[Finding]:
    """A finding for every stated ceiling of one dose, or of a day, that passes what the tables allow.

    A ceiling without "a day" or "a dose" may be either; it counts as one of a day if the tables have one. What is repeated
    until it works has a ceiling of all its doses; a dose per kilogram has one for the heaviest.
    """
    worked_out = situation(subject)
    for order in worked_out.orders:
        medicine = worked_out.medicine(order.drug)
        if is_study(worked_out.text, order.span):
            continue
        if not order.is_limit or order.standing not in ("ordered", "current", "said") or medicine is None:
            continue
        given = [one for one in worked_out.active() if one.drug == order.drug and one.sentence == order.sentence]
        for dose, amount in order.amounts():
            if amount.per in ("hour", "minute") or _OF_A_COURSE.match(worked_out.text, dose.span[1]):
                continue
            passed = ceilings(order, amount, medicine, worked_out)
            is_daily = _OF_A_DAY.match(worked_out.text, dose.span[1]) is not None
            bare = amount.per == "dose" and not (order.often and order.often > 1)
            in_all = is_total(worked_out.text, dose.span)
            if bare and not is_daily and (in_all or any(_REPEATED.search(one.said) for one in (order, *given))):
                passed = list(_totals(amount, medicine, order, worked_out))
            elif bare and any(row.daily is not None for row in medicine.maximum):
                daily = replace(order, manner=replace(order.manner, once=True))
                passed = [one for one in ceilings(daily, amount, medicine, worked_out) if one.of == "daily"]
            if any(one.per_kg for first in given for _, one in first.amounts()) and not amount.per_kg:
                passed = [one for one in passed if not one.row.per_kg]
            for one in passed[:1]:
                if one.of != of:
                    continue
                severity = Severity.BLOCK if one.ratio >= threshold("stated", "block") else Severity.REVIEW
                words = "a dose" if one.of == "single" else "a day"
                message = (
                    f"{drug_of(order)}: the text allows up to {shown(amount.high, amount.kind)}{'/kg' * amount.per_kg}, "
                    f"the tables at most {shown(one.value, amount.kind)}{one.per} {words}."
                )
                yield finding(rule, severity, message, dose.span, one.row, worked_out, ratio=float(round(one.ratio, 2)))


def _totals(amount: Amount, medicine: Medicine, order: Order, situation: Situation) -> Iterator[Passed]:
    """Ceilings of all doses together that ``amount`` passes; where none is known, that of a day, or of several doses."""
    rows = applying(medicine.maximum, situation, order)
    if order.route is None and any(row.route for row in rows):  # by which route is not said: the most that any allows
        most_of = max((row.daily or row.total or row.single or Decimal(0) for row in rows), default=Decimal(0))
        rows = [row for row in rows if (row.daily or row.total or row.single) == most_of]
    rows = [row for row in rows if row.total] or [row for row in rows if row.daily] or list(rows)
    for row in rows:
        kind, factor = measure(row.unit)
        if kind != amount.kind or (row.per_kg, row.per_m2) != (amount.per_kg, amount.per_m2):
            continue
        most = row.total or row.daily or (row.single or Decimal(0)) * int(threshold("stated", "doses"))
        if most and amount.high > most * factor * threshold("tolerance", "cap"):
            yield Passed(row, "single", most * factor, amount.high / (most * factor), "/kg" * row.per_kg)
