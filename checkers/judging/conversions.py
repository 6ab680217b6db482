"""A conversion from one opioid to another, or to another route, that comes to far more than the patient had."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

from checkers.formulary.fields import Sourced
from checkers.judging.compare import own_day
from checkers.judging.say import drug_of, finding
from checkers.situation.amounts import figure, measure
from checkers.situation.orders import Order
from checkers.situation.situation import Situation, situation
from checkers.tables import table
from checkers.types import Finding, Severity, Subject

_CONVERTS = re.compile(
    r"\b(?:convert\w*|switch\w*|chang(?:e|ed|ing)|rotat\w*|replac\w*|swap\w*)\b(?:(?!\bby\b)[^.;])*?\b(?:to|with|for)\b",
    re.IGNORECASE,
)
_INJECTED = ("intravenous", "subcutaneous", "intramuscular")
_PARTED = {"hour": Decimal(24), "minute": Decimal(24 * 60)}
_LONG_MINUTES = 720


def conversions(subject: Subject, rule: str) -> Iterator[Finding]:
    """A finding where the text converts to an opioid that comes to much more morphine a day than what it replaces."""
    worked_out = situation(subject)
    pivot = _CONVERTS.search(worked_out.text)
    if pivot is None:
        return
    new = next((one for one in worked_out.active() if one.span[0] >= pivot.end() and _morphine((one,))), None)
    if new is None:
        return
    before = [one for one in worked_out.orders if one.span[1] <= pivot.end() and not one.is_limit and _morphine((one,))]
    old = before[-1:] or _recorded(new, worked_out)
    had, gets = _morphine(old), _morphine((new,))
    limits = {name: Decimal(value) for name, value in table("conversions")["limits"].items()}
    if had < limits["least"] or gets < had * limits["review"]:
        return
    severity = Severity.BLOCK if gets >= had * limits["block"] else Severity.REVIEW
    message = (
        f"{drug_of(new)}: this comes to {figure(gets)} mg of oral morphine a day, {figure(gets / had)} times the "
        f"{figure(had)} mg a day that it replaces."
    )
    yield finding(
        rule, severity, message, new.span, _source((*old, new)), worked_out, ratio=float(round(gets / had, 2))
    )


def _recorded(new: Order, situation: Situation) -> list[Order]:
    """The opioids of the patient's record, but for what is taken as needed."""
    found = [one for medicine in situation.medications if medicine.stopped_days is None for one in medicine.orders]
    return [one for one in found if not one.manner.as_needed and (one.drug, one.route) != (new.drug, new.route)]


def _morphine(orders: Iterable[Order]) -> Decimal:
    """What the orders come to a day in milligrams of oral morphine; none if one of no known amount."""
    return sum((_of(one) for one in orders), Decimal(0))


def _of(order: Order) -> Decimal:
    kind, milligram = measure("mg")
    for _, amount in order.amounts():
        if amount.kind != kind or amount.per_kg:
            continue
        way = _way(order, amount.per)
        factor = Decimal(table("conversions")[way].get(order.drug, 0))
        if way == "patch":
            return amount.high * 1000 / milligram * factor
        long = order.minutes is not None and order.minutes >= _LONG_MINUTES
        day = amount.high * _PARTED[amount.per] if amount.per in _PARTED else own_day(order, amount)
        return (day or (amount.high if long else Decimal(0))) / milligram * factor
    return Decimal(0)


def _way(order: Order, per: str) -> str:
    if order.route == "transdermal" or (order.route is None and per == "hour"):
        return "patch"
    return "injected" if order.route in _INJECTED else "swallowed"


def _source(orders: Iterable[Order]) -> Sourced | None:
    """The document of the factors, if all that were needed are from it."""
    rows = table("conversions")
    if any(one.route in _INJECTED or one.drug in rows["unread"] for one in orders):
        return None
    return Sourced(source=rows["source"], section=rows["edition"])
