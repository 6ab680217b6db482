"""The most of a drug that is given at once or in a day, and what of an order passes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from checkers.formulary.rows import Maximum, Medicine
from checkers.judging.applies import applying, by_age, by_route, by_weight, indicated
from checkers.judging.compare import ONE, a_day, a_dose, own_day
from checkers.judging.thresholds import threshold
from checkers.situation.amounts import Amount, measure
from checkers.situation.conditions import named, plain
from checkers.situation.orders import Order
from checkers.situation.situation import Situation

_LONG_MINUTES = 720


@dataclass(frozen=True, slots=True)
class Passed:
    """A ceiling that is passed ``ratio`` times: ``value`` of the base unit, ``per`` "/kg" or "/m²", of one dose or of a day."""

    row: Maximum
    of: Literal["single", "daily"]
    value: Decimal
    ratio: Decimal
    per: str = ""


def ceilings(order: Order, amount: Amount, medicine: Medicine, situation: Situation) -> list[Passed]:
    """Ceilings of the drug that one dose, or the day's amount, passes.

    Of rows that may or may not be about this order (the age, weight or route is not known) only the widest counts.
    """
    rows = [row for row in applying(medicine.maximum, situation, order) if _is_meant(row, order, situation)]
    found: list[Passed] = []
    only = _one_route(medicine, order) if order.route is None else None
    rows = [
        row for row in rows if by_route(row, only)
    ]  # a drug that is swallowed day after day: no ceiling of an injection
    routed = order.route is not None or only is not None
    cap = threshold("tolerance", "cap")
    seldom = order.manner.once if order.often is None else order.often < ONE
    seldom = seldom and any(row.single is not None for row in rows)
    for of in ("single", "daily"):
        if of == "daily" and seldom:
            continue  # a ceiling of a day is for what is given day after day
        if of == "single" and order.minutes is not None and order.minutes >= _LONG_MINUTES:
            continue  # what runs for half a day is not given at once
        limited = [(row, one) for row in rows if (one := _passed(row, of, order, amount, situation)) is not None]
        # a ceiling for this use or form that is kept takes the place of the general one of its kind: by size, or absolute
        vouched = {_is_sized(row) for row, one in limited if one.ratio <= cap and (row.indication or row.form)}
        limited = [(row, one) for row, one in limited if _is_sized(row) not in vouched]
        sure = [one for row, one in limited if _is_sure(row, situation, routed)]
        maybe = [one for row, one in limited if not _is_sure(row, situation, routed)]
        found += (one for one in sure if one.ratio > cap)
        if maybe and not sure and (widest := min(maybe, key=lambda one: one.ratio)).ratio > cap:
            found.append(widest)
    return found


def _is_sized(row: Maximum) -> bool:
    return row.per_kg or row.per_m2


def _is_meant(row: Maximum, order: Order, situation: Situation) -> bool:
    """Whether the row's use is named, and its form in the order's own words: the puffs beside a nebule are another order's."""
    formed = not row.form or named(row.form, plain(order.said)) is not None
    return formed and (not row.indication or indicated(row, situation) is not None)


def _is_sure(row: Maximum, situation: Situation, routed: bool) -> bool:
    """Whether the row is surely about this order; ``routed`` says that its route is known."""
    facts = situation.facts
    known = by_age(row.age, facts) is not None and by_weight(row.weight_kg, facts) is not None
    return known and (not row.route or routed)


def _one_route(medicine: Medicine, order: Order) -> str | None:
    """The route of the drug in such doses, if it is one only, so that the order's need not be stated."""
    doses = [row for row in medicine.regimen if row.per in ("dose", "day") and (row.every_hours or not order.often)]
    routes = {route for row in doses for route in row.route}
    return routes.pop() if len(routes) == 1 else None


def _passed(row: Maximum, of: str, order: Order, amount: Amount, situation: Situation) -> Passed | None:
    """The order's dose or day beside a ceiling; ``None`` if they measure different things or the size is not known."""
    value = row.single if of == "single" else row.daily
    kind, factor = measure(row.unit)
    if value is None or kind != amount.kind:
        return None
    facts, limit = situation.facts, value * factor
    alike = (amount.per_kg, amount.per_m2) == (row.per_kg, row.per_m2)
    if of == "single":
        mine = a_dose(replace(amount, per_kg=False, per_m2=False) if alike else amount, facts, order.often)
    else:
        mine = own_day(order, amount) if alike else a_day(order, amount, facts)
    size = ONE
    if not alike and (row.per_kg or row.per_m2):
        known = facts.weight_kg if row.per_kg else facts.bsa_m2
        if known is None:
            return None
        size = Decimal(str(known)) * threshold("tolerance", "cap")
    if mine is None:
        return None
    per = ("/kg" if row.per_kg else "/m²" if row.per_m2 else "") if alike else ""
    return Passed(row, "single" if of == "single" else "daily", limit * size, mine / (limit * size), per)
