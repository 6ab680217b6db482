"""Which amount of a list is of which drug of a list: "amlodipine and ramipril 5 mg and 10 mg respectively"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checkers.dosing.names import Name
from checkers.dosing.orders import Order
from checkers.dosing.sentences import Sentence, type_of, value_of
from checkers.dosing.worth import Strength

_JOINTS = ("COMMA", "AND", "OR")


def paired(
    sentence: Sentence, found: Sequence[Order], owned: Sequence[Name | None]
) -> tuple[list[Order], list[Name | None]]:
    """The orders and their drugs, paired where the sentence says "respectively": as they were if the lists do not match.

    Of a combination the amounts are those of its parts, and one order: "amoxicillin and clavulanate 500 mg and 125 mg".
    """
    orders, names = list(found), list(owned)
    ends = (at for at, item in enumerate(sentence.items) if str(value_of(item)).lower() == "respectively")
    for end in ends:
        last = next((n for n in reversed(range(len(orders))) if orders[n].at < end), None)
        if last is None:
            continue
        first = last
        while first and _are_joined(sentence, orders[first - 1].at, orders[first].at):
            first -= 1
        drugs = _drugs_before(sentence, orders[first].at)
        count = last - first + 1
        if len(drugs) == count > 1:
            names[first : last + 1] = drugs
        elif len(drugs) == 1 and len(drugs[0].parts) == count > 1:
            held = Strength(tuple(order.amount for order in orders[first : last + 1]))
            whole = replace(orders[first], strength=held, stop=orders[last].stop)
            orders[first : last + 1], names[first : last + 1] = [whole], [drugs[0]]
    return orders, names


def _are_joined(sentence: Sentence, first: int, second: int) -> bool:
    between = sentence.items[first + 1 : second]
    return bool(between) and all(type_of(item) in _JOINTS for item in between)


def _drugs_before(sentence: Sentence, at: int) -> list[Name]:
    """The list of drugs that ends before ``items[at]``, in its order."""
    drugs: list[Name] = []
    for item in reversed(sentence.items[:at]):
        if type_of(item) == "DRUG":
            drugs.insert(0, value_of(item))
        elif drugs and type_of(item) not in _JOINTS:
            break
    return drugs
