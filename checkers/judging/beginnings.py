"""Whether an order begins a drug, loads it, goes on with it, or takes it up again after days without it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from checkers.formulary.rows import Regimen
from checkers.judging.compare import Comparison
from checkers.judging.fault import Fault
from checkers.judging.telling import weight
from checkers.judging.thresholds import threshold
from checkers.situation.amounts import Amount
from checkers.situation.medications import medication
from checkers.situation.orders import Order
from checkers.situation.situation import Situation
from checkers.types import Dose

_SHORT_DAYS = 3
LOAD = re.compile(r"\bload(?:ing)?\b", re.IGNORECASE)
_FEW = re.compile(r"\b(?:for|x|×)\s*(?:one|two|three|four|[1-4])\s+(?:(?:more|further)\s+)?doses?\b", re.IGNORECASE)
_AGAIN = re.compile(
    r"\b(?:re-?start\w*|resum\w+|re-?commenc\w+|re-?initiat\w+|re-?introduc\w+|back on|(?:take|taken) up again)\b",
    re.IGNORECASE,
)
_NUMBER = r"(?P<n>\d+|a|one|two|three|four|five|six|seven|eight|nine|ten|fourteen)"
_UNIT = r"[ -]+(?:(?:whole|full|consecutive)[ -]+)?(?P<unit>day|week|month)s?\b"
_WITHOUT = (
    r"(?:miss(?:ed|ing)|not (?:been )?(?:taken|taking|had|collected|dosed)|uncollected|without|off|ran out|run out"
    r"|stopp(?:ed|ing)|interrupted|lapsed?"
    r"|last (?:dose|took|taken|collected|dispensed|supervised)|no doses?)"
)
_GAP = re.compile(
    rf"\b{_WITHOUT}\b[^.;]{{0,40}}?\b{_NUMBER}{_UNIT}|\b{_NUMBER.replace('<n>', '<n2>')}{_UNIT.replace('<unit>', '<unit2>')}"
    r"[^.;]{0,24}?\b(?:gap|break|without|missed|off|interruption|lapse)\b",
    re.IGNORECASE,
)
_DAYS = {"day": 1, "week": 7, "month": 30}


def has_role(role: str, drug: str, order: Order, situation: Situation) -> bool:
    """Whether the order is of this kind; "initial" is one that the text begins in somebody who does not take the drug."""
    if role == "initial":
        begins = order.manner.starts or _leads_steps(order, situation)
        return begins and not any(drug in one.ingredients for one in situation.medications)
    if role == "dose" and _is_step(order, situation):
        return False
    return (role == "loading") == (order.first.role == "loading")


def gap(drug: str, order: Order, situation: Situation) -> tuple[Decimal | None, bool]:
    """For how many days the drug was not taken before this order, if that is said, and whether it is taken up again.

    The text says it, or a condition or medicine of the record that names the drug. Only a drug's first order takes it up.
    """
    if any(one.drug == drug and one.number < order.number for one in situation.active()):
        return None, False
    record = (*situation.facts.record_conditions, *(one.text for one in situation.medications))
    told = [text for text in record if drug in medication(text).ingredients]
    days = [found for text in (situation.text, *told) if (found := _days(text)) is not None]
    before = situation.text[max(0, order.words[0] - 120) : order.span[0]]
    return max(days, default=None), _AGAIN.search(before) is not None


def _days(text: str) -> Decimal | None:
    match = _GAP.search(text)
    if match is None:
        return None
    number, unit = (match["n"], match["unit"]) if match["n"] else (match["n2"], match["unit2"])
    words = {"a": 1, "fourteen": 14} | {word: value for value, word in enumerate(_WORDS, start=1)}
    return Decimal(words.get(number.lower()) or number) * _DAYS[unit.lower()]


_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def _leads_steps(order: Order, situation: Situation) -> bool:
    """Whether it is for some days the first and least of several steps: "25 mg daily for 2 weeks, then 50 mg daily"."""
    mine = [one for one in situation.active() if one.drug == order.drug and one.sentence == order.sentence]
    if order.days is None or len(mine) < _STEPS or mine[0] is not order:
        return False
    steps = [amount.high for one in mine[:_STEPS] for _, amount in one.amounts()[:1]]
    return len(steps) == _STEPS and steps[0] <= steps[1]


_STEPS = 2


def _is_step(order: Order, situation: Situation) -> bool:
    """Whether it is given once, or a few times, before another order of the drug: "0.5 mg, then 0.25 mg for 2 doses, then"."""
    if order.often is not None and _FEW.search(order.said) is None:
        return False
    return any(
        one.drug == order.drug
        and one.sentence == order.sentence
        and one.number > order.number
        and one.often is not None
        for one in situation.active()
    )


def carried_on(
    order: Order,
    dose: Dose,
    amount: Amount,
    compared: Sequence[Comparison],
    fits: Sequence[Comparison],
    situation: Situation,
) -> Fault | None:
    """A dose of the first days only, ordered for as long as nobody says, and far above what is carried on."""
    said = order.days is not None or order.manner.starts or order.manner.once or LOAD.search(order.said)
    if said or order.often is None or not all(_is_short(one.regimen) for one in fits):
        return None
    if any(one.drug == order.drug and one.number == order.number + 1 for one in situation.active()):
        return None  # what follows is what is carried on
    lasting = [one for one in compared if one.regimen.every_hours and not _is_short(one.regimen)]
    if not lasting:
        return None
    ratio = min(one.above * one.often for one in lasting)
    severity = weight(ratio, threshold("often", "review"), threshold("often", "block"))
    return None if severity is None else Fault("loading", severity, order, dose, amount, ratio, fits[0])


def _is_short(row: Regimen) -> bool:
    return row.role == "loading" or (row.max_days is not None and row.max_days <= _SHORT_DAYS)
