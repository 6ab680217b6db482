"""Whether an amount is given to somebody: not measured, not a step, not what a bottle or a drip holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from checkers.dosing.limits import NEAR, PARTS
from checkers.dosing.scan import Token
from checkers.dosing.sentences import Item, Sentence, type_of, value_of, worth_of
from checkers.dosing.worth import Amount, Concentration, Often, Strength

if TYPE_CHECKING:
    from checkers.dosing.attach import Said
    from checkers.dosing.orders import Order

_THRESHOLDS = ("above", "beyond", "reaches", "exceeds", "exceed")
_VOLUMES = ("mL", "L")
_NAME = 7
"""Letters of the shortest word that is taken for the name of a drug without anything else that says so."""
_WEIGHED_OUT = ("mg", "mcg")


def is_dose(sentence: Sentence, at: int, worth: Amount | Strength) -> bool:
    """Whether the amount at ``at`` is given to somebody: not measured, not a step, not what a bottle or a drip holds."""
    amount = worth if isinstance(worth, Amount) else worth.counted or worth.amounts[0]
    if (
        not amount.high or amount.unit == "MME"
    ):  # milligrams of morphine that others would be worth: a measure, and no order
        return False
    items, before = sentence.items, at - 1
    while before >= 0 and type_of(items[before]) in ("A", "ABOUT", "MAX", "LESS", "OPEN"):
        before -= 1
    said = items[before].cues if before >= 0 else frozenset()
    step = at + 1 < len(items) and "STEP" in items[at + 1].cues and not sentence.says("HISTORY", max(0, at - 4), at + 3)
    if amount.basis in ("hour", "minute") and before >= 0 and value_of(items[before]) in _THRESHOLDS:
        return False  # "add vasopressin above 0.25 mcg/kg/min"
    words = [value_of(item) for item in items[max(0, at - 3) : at]]
    if words[-3:-1] == ["above", "the"] and words[-1] in ("initial", "starting", "usual"):
        return False  # "an increase above the initial 5 mg dose"
    if step or ("BY" in said and not is_followed(items, before)):
        return False
    if amount.unit in _VOLUMES and ("DILUENT" in said or sentence.flushes(at)):
        return False
    if before >= 0 and value_of(items[before]) == "after" and _is_alone(items[at + 1 : at + 2]):
        return False  # "no response after 10 mg": all that was given until then
    if (
        amount.unit in _VOLUMES
        and not amount.per_kg
        and "DILUENT" in (items[at + 1].cues if at + 1 < len(items) else "")
    ):
        return type_of(items[at + 1]) != "WORD"
    if isinstance(worth, Strength) and len(worth.amounts) > 1 and not worth.amounts[0].unit and not worth.form:
        return _nearest(sentence, at, ("DRUG",)) is not None
    if (
        amount.unit == "mL"
        and amount.basis == "minute"
        and not amount.per_kg
        and at
        and type_of(items[at - 1]) in ("LESS", "ABOUT")
    ):
        return False
    contains = sentence.says("CONTAINS", 0, at) or sentence.says("CONTAINS", at + 1, at + 3)
    if contains and not sentence.speaks_of(Often, 0, len(items)):
        return False
    mixes = (
        amount.unit in _VOLUMES and not amount.per_kg and not amount.basis and sentence.says("PREPARE", 0, len(items))
    )
    if mixes and not sentence.speaks_of(Often, at, len(items)):
        return False
    if at + 2 < len(items) and type_of(items[at + 1]) == "OF" and "MEASURED" in items[at + 2].cues:
        return False
    if any("FOOD" in item.cues for item in items[at + 1 : at + 5]) and not any(
        isinstance(item, Token) and item.type in ("DRUG", "COMMA", "SEMI", "STOP") for item in items[at + 1 : at + 3]
    ):
        return False
    return not _is_measured(sentence, at)


def is_followed(items: Sequence[Item], by: int) -> bool:
    """Whether the "by" at ``by`` is that of "followed 12 hours later by", and names the next dose."""
    return any(value_of(item) == "followed" for item in items[max(0, by - 4) : by])


def _is_alone(behind: Sequence[Item]) -> bool:
    """Whether nothing is said of an amount behind it: it ends its clause, or an instruction follows ("after 3 mg call ...")."""
    return all(type_of(item) in PARTS or (type_of(item) == "WORD" and item.cues <= {"NOW"}) for item in behind)


def _is_measured(sentence: Sentence, at: int) -> bool:
    """Whether a laboratory value or an output is named shortly before, and no drug since."""
    for before in range(at - 1, max(-1, at - 1 - NEAR), -1):
        item = sentence.items[before]
        if type_of(item) in ("DRUG", "SEMI", "STOP", "BAR") or isinstance(
            worth_of(item), Amount | Strength | Concentration
        ):
            return False
        if "EQUALS" in item.cues:
            return False  # "AUC 5 with a GFR of 75 comes to 500 mg"
        aimed_at = (
            str(value_of(item)).lower() == "auc" and type_of(sentence.items[before + 1]) == "NUM"
        )  # "AUC 5: 400 mg"
        if "MEASURED" in item.cues and not aimed_at:
            return True
    return False


def _nearest(sentence: Sentence, at: int, kinds: tuple[str, ...]) -> int | None:
    """Where a token of one of these kinds stands, at most three items before ``at``."""
    return next((n for n in range(at - 1, max(-1, at - 4), -1) if type_of(sentence.items[n]) in kinds), None)


def is_stated(sentence: Sentence, order: Order, said: Said) -> bool:
    """Whether an amount of nobody knows what is a dose all the same: it is said how often, or by which route, or "dose"."""
    if order.amount.unit in _VOLUMES or order.strength:
        return said.a_day is not None
    if said.a_day is not None or said.days or said.role == "loading" or said.route:
        return True
    return sentence.has("DOSES", order.at - 2, order.at + 2) or _is_named(sentence, order)


def _is_named(sentence: Sentence, order: Order) -> bool:
    """Whether a word that may be a drug's name stands right before the amount: "prevented with zelumaprine 12 mg"."""
    before = sentence.items[order.at - 1] if order.at else None
    word = value_of(before) if before is not None and type_of(before) == "WORD" and not before.cues else None
    return isinstance(word, str) and len(word) >= _NAME and word.isalpha() and order.amount.unit in _WEIGHED_OUT
