"""The lines of the patient's list of medicines, read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from checkers.dosing.names import classes
from checkers.dosing.scan import plain as one_kind
from checkers.situation.mentions import mentions
from checkers.situation.orders import Order, orders


@dataclass(frozen=True, slots=True)
class Medication:
    """A medicine that the patient has: as recorded, its ingredients and classes, its orders if a dose is recorded."""

    text: str
    ingredients: tuple[str, ...]
    classes: tuple[str, ...]
    orders: tuple[Order, ...]
    stopped_days: Decimal | None = None


@lru_cache(maxsize=1024)
def medication(text: str) -> Medication:
    """A line of the patient's medicines, read."""
    from checkers.dosing.read import readings

    flat = one_kind(text)
    read = readings(flat)
    named = mentions(flat, [(*one.dose.span, "ordered") for one in read])
    ingredients = tuple(dict.fromkeys(part for mention in named for part in mention.parts))
    kinds = dict.fromkeys(kind for part in ingredients for kind in classes(part))
    kinds.update(dict.fromkeys(kind for mention in named for kind in mention.classes))
    stopped = _stopped(flat)
    return Medication(text, ingredients, tuple(kinds), orders(flat, read, named), stopped)


def _stopped(text: str) -> Decimal | None:
    """Days since it was stopped, if it was: "phenelzine (stopped 5 days ago)"."""
    match = re.search(
        r"\b(?:stopped|discontinued|last (?:dose|taken|took))\b[^.;]*?(\d+(?:\.\d+)?)\s*(hours?|h|days?|d|weeks?|wks?"
        r"|months?)\b",
        text,
        re.IGNORECASE,
    )
    if match:
        per = {"h": Decimal(1) / 24, "d": Decimal(1), "w": Decimal(7), "m": Decimal(30)}[match[2][0].lower()]
        return Decimal(match[1]) * per
    return (
        Decimal(0)
        if re.search(r"\b(?:yesterday|last night|this morning|today|just now)\b", text, re.IGNORECASE)
        and re.search(r"\b(?:stopped|discontinued|last dose)\b", text)
        else None
    )
