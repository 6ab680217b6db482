"""What of an order passes the limit of a guard: too much, too often, too long, too fast."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from checkers.formulary.rows import Guard
from checkers.judging.compare import a_day, a_dose
from checkers.judging.thresholds import threshold
from checkers.situation.amounts import Amount, figure, measure, shown
from checkers.situation.orders import Order
from checkers.situation.situation import Situation

_FOR_SO_LONG = re.compile(
    r"(?:[^.;|]|\.(?=\d)){0,60}?\bfor (?:up to |about |at least )?(\d+) (day|week|month|year)s?\b", re.IGNORECASE
)
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_MINUTES = {"minute": Decimal(1), "hour": Decimal(60)}


def too_long(guard: Guard, span: tuple[int, int], situation: Situation) -> str | None:
    """By how much what stands without an amount, "0.05% cream twice daily for 6 months", passes the guard's longest course."""
    match = _FOR_SO_LONG.match(situation.text, span[1])
    if match is None or guard.max_days is None:
        return None
    days = Decimal(match[1]) * _DAYS[match[2].lower()]
    return f"for {figure(days)} days, at most {figure(guard.max_days)} days" if days > guard.max_days else None


def _faster(guard: Guard, amount: Amount) -> str | None:
    """By how much a rate passes the guard's, in words; rates per kilogram meet rates per kilogram only."""
    if guard.unit is None or guard.max_single is None or amount.per not in _MINUTES or amount.per_kg != guard.per_kg:
        return None
    kind, factor = measure(guard.unit)
    mine, most = amount.high / _MINUTES[amount.per], guard.max_single * factor / _MINUTES[guard.per]
    if kind != amount.kind or mine <= most * threshold("tolerance", "cap"):
        return None
    size = "/kg" * guard.per_kg
    return f"{shown(mine, kind)}{size}/min, at most {shown(most, kind)}{size}/min"


def beyond_limit(guard: Guard, order: Order, situation: Situation) -> str | None:
    """What of the order passes the guard's limit, in words; ``None`` if nothing does."""
    if order.is_bag:
        return None
    facts, cap = situation.facts, threshold("tolerance", "cap")
    is_volume = guard.unit is not None and measure(guard.unit)[0] == "volume"
    for _, amount in order.stated() if is_volume else order.amounts():
        if guard.per != "dose":
            if (words := _faster(guard, amount)) is not None:
                return words
        elif guard.unit is not None:
            kind, scale = measure(guard.unit)
            if guard.per_m2 and amount.per_m2:
                amount = replace(amount, per_m2=False)  # square metres meet square metres
            elif guard.per_kg or guard.per_m2:
                scale *= Decimal(str((facts.weight_kg if guard.per_kg else facts.bsa_m2) or 0))
            if kind != amount.kind or not scale:
                continue
            one, day = a_dose(amount, facts, order.often), a_day(order, amount, facts)
            if day is not None and order.often is not None and order.often < 1:
                day *= order.often  # what is not given daily counts by its mean
            if guard.max_single is not None and one is not None and one > guard.max_single * scale * cap:
                return f"{shown(one, kind)} a dose, at most {shown(guard.max_single * scale, kind)}"
            day = day if day is not None else one
            if guard.max_daily is not None and day is not None and day > guard.max_daily * scale * cap:
                return f"{shown(day, kind)} a day, at most {shown(guard.max_daily * scale, kind)}"
    if guard.min_every_hours is not None and order.often is not None:
        ratio = order.often * guard.min_every_hours / 24
        if ratio > threshold("tolerance", "interval"):
            return f"every {figure(24 / order.often)} hours, at most every {figure(guard.min_every_hours)} hours"
    if guard.max_days is not None and order.manner.endless:
        return f"without end, at most {figure(guard.max_days)} days"
    if guard.max_days is not None and order.days is not None and order.days > guard.max_days:
        return f"for {figure(order.days)} days, at most {figure(guard.max_days)} days"
    return None
