"""What runs in from a bag or a syringe: "50 units in 50 mL saline at 3 mL/h" is 3 units an hour, and no dose of 50 units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from checkers.situation.amounts import Amount
from checkers.situation.orders import Order

_HELD = re.compile(
    r"(?:[^.;\d]{0,40}?\b(?:in|into|to|per|with)\s+(?:(?:a|an|total of)\s+)*|\s*/\s*)"
    r"(?P<n>\d[\d,]*(?:\.\d+)?)\s*-?\s*(?P<u>mL|L|lit(?:re|er)s?)\b",
    re.IGNORECASE,
)
_MINUTES = {"minute": Decimal(1), "hour": Decimal(60)}
_LONG = Decimal(240)
"""Minutes after which what runs in is no longer one dose."""
_MEASURED = ("mass", "units", "amount")


def from_bags(orders: Sequence[Order], text: str) -> tuple[Order, ...]:
    """``orders``, in which a rate in mL has what it brings, and what a bag holds is marked as that.

    A bag that is empty within hours may be one dose that runs in so long: it has its minutes.
    """
    found = list(orders)
    for at, rate in enumerate(found):
        volume = next((amount for _, amount in rate.stated()), None)
        if volume is None or volume.kind != "volume" or volume.per not in _MINUTES or not rate.is_active:
            continue
        before = next(
            (n for n in range(at - 1, -1, -1) if found[n].sentence == rate.sentence and _is_of(found[n], rate)), -1
        )
        held = _held(found[before], rate, text) if before >= 0 else None
        if held is None:
            continue
        amount, millilitres = held
        minutes = millilitres / volume.high * _MINUTES[volume.per] if volume.high else _LONG
        of_dose = minutes if minutes <= _LONG and found[before].minutes is None else found[before].minutes
        found[before] = replace(found[before], is_bag=True, minutes=of_dose)
        derived = rate.derived
        if derived is None and not (volume.per_kg or volume.per_m2):
            low, high = volume.low * amount.low / millilitres, volume.high * amount.high / millilitres
            derived = Amount(low, high, amount.kind, volume.per)
        found[at] = replace(rate, derived=derived, bag=found[before].number if minutes <= _LONG else None)
    return tuple(found)


def _is_of(bag: Order, rate: Order) -> bool:
    return bag.drug is not None and bag.drug == rate.drug and bag.is_active


def _held(bag: Order, rate: Order, text: str) -> tuple[Amount, Decimal] | None:
    """What the bag holds, and in how many millilitres, if its volume follows the amount."""
    match = _HELD.match(text, bag.span[1], rate.span[0])
    amount = next((one for _, one in bag.stated() if one.kind in _MEASURED and one.per == "dose"), None)
    if match is None or amount is None or amount.per_kg or amount.per_m2:
        return None
    millilitres = Decimal(match["n"].replace(",", "")) * (1 if match["u"].lower() == "ml" else 1000)
    return (amount, millilitres) if millilitres else None
