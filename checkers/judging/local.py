"""Whether a drug stays where it is put: drops for eye and ear, creams. What it does inside the body is then no finding."""

from __future__ import annotations

import re
from functools import cache

from checkers.situation.orders import Order
from checkers.situation.situation import Situation
from checkers.tables import table

_REACH = 48
"""Code points behind a name within which the form of its product stands."""


def stays_local(drug: str | None, order: Order | None, place: tuple[int, int] | str, situation: Situation) -> bool:
    """Whether ``drug`` is put on skin, eye or ear here, though it is also given so that it works inside the body.

    ``place`` is where the text names it or its amount, or how the record does. A drug that is only ever put there has rows
    that mean just this.
    """
    medicine = situation.medicine(drug)
    row = table("situation")["local"]
    if medicine is None or drug in row["reaches_blood"]:
        return False
    if all(set(one.route) <= set(row["routes"]) for one in medicine.regimen):
        return False
    if order is not None and order.route is not None:
        return order.route in row["routes"]
    said = place if isinstance(place, str) else _from_its_name(drug, place, situation)
    words = re.split(r"[.;,|\n](?!\d)| and | with | plus ", said[:_REACH])[0]
    return _forms().search(words) is not None


def _from_its_name(drug: str | None, span: tuple[int, int], situation: Situation) -> str:
    """The text from the drug's name on to the next one's; an amount may stand far behind the name."""
    start, end = span[0], len(situation.text)
    for one in situation.mentions:
        if drug in one.parts:
            start = one.span[0] if one.span[0] <= span[1] else start
        elif one.span[0] > span[0]:
            end = one.span[0]
            break
    return situation.text[start:end]


@cache
def _forms() -> re.Pattern[str]:
    forms = "|".join(r"\s?".join(map(re.escape, form.split())) for form in table("situation")["local"]["forms"])
    return re.compile(rf"(?<!oral )(?<!mouth )(?<!rectal )(?<!vaginal )(?<!nasal )\b(?:{forms})\b", re.IGNORECASE)
