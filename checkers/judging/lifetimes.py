"""What a patient has had of a drug in all, and the most of a course or a lifetime that one more dose would pass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from checkers.formulary.rows import Maximum
from checkers.judging.applies import applying, indicated
from checkers.judging.thresholds import threshold
from checkers.situation.amounts import Amount, measure
from checkers.situation.medications import medication
from checkers.situation.orders import Order
from checkers.situation.situation import Situation
from checkers.tables import table

_IN_ALL = re.compile(
    r"\b(?:cumulative(?:ly)?|lifetime|so far|to date|in total|total|altogether|already|prior|previous(?:ly)?)\b",
    re.IGNORECASE,
)
_AROUND = 40


@dataclass(frozen=True, slots=True)
class Lifetime:
    """``had`` so far and ``dose`` now are together more than ``limit``, all in the base unit and the terms of ``row``."""

    row: Maximum
    kind: str
    had: Decimal
    dose: Decimal
    limit: Decimal


def lifetime(order: Order, situation: Situation) -> Lifetime | None:
    """The total that ``order`` passes with what the text or the record says was given until now; ``None`` if none."""
    medicine = situation.medicine(order.drug)
    if medicine is None or not any(row.total is not None for row in medicine.maximum):
        return None
    for row in applying(medicine.maximum, situation, order):
        kind, factor = measure(row.unit)
        if row.total is None or (row.indication and indicated(row, situation) is None):
            continue
        limit = row.total * factor
        had = max((amount.high for amount in _had(order, situation) if _is_in_terms(amount, row)), default=None)
        dose = next((amount.high for _, amount in order.amounts() if _is_in_terms(amount, row)), None)
        if had is not None and dose is not None and had + dose > limit * threshold("tolerance", "cap"):
            return Lifetime(row, kind, had, dose, limit)
    return None


def _is_in_terms(amount: Amount, row: Maximum) -> bool:
    alike = (amount.per_kg, amount.per_m2) == (row.per_kg, row.per_m2)
    return alike and amount.kind == measure(row.unit)[0] and amount.per == "dose"


def _had(order: Order, situation: Situation) -> Iterator[Amount]:
    """Amounts of the drug that are said to be all of it until now, in the text or in a line of the record."""
    for other in situation.orders:
        start, end = other.span
        around = situation.text[max(0, start - _AROUND) : end + _AROUND]
        if other.drug == order.drug and other.standing == "history" and _IN_ALL.search(around):
            yield from (amount for _, amount in other.amounts())
    for line in (*situation.facts.record_conditions, *(one.text for one in situation.medications)):
        if _IN_ALL.search(line):
            for other in medication(_of_class(line, str(order.drug))).orders:
                if other.drug == order.drug:
                    yield from (amount for _, amount in other.amounts())


def _of_class(line: str, drug: str) -> str:
    """``line`` with ``drug`` for its class: "cumulative anthracycline dose 500 mg/m2" counts for each of them."""
    classes = table("drugs")["drugs"].get(drug, {}).get("class", ())
    return (
        re.sub(rf"\b(?:{'|'.join(map(re.escape, classes))})s?\b", drug, line, flags=re.IGNORECASE) if classes else line
    )
