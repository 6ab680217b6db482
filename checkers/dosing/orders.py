"""Which amounts of a sentence are doses, and which words belong to which of them.

An *order* is one amount with what is said of it. What stands in brackets, or behind "=", says the same amount again and shares
its words. Orders are parted by drugs, "then", "and", semicolons and commas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from checkers.dosing.limits import NEAR, PARTS, is_limit
from checkers.dosing.owners import follows
from checkers.dosing.scan import Token
from checkers.dosing.sentences import Item, Sentence, type_of, value_of, worth_of
from checkers.dosing.worth import Amount, Concentration, Lasting, Often, Strength

_THRESHOLDS = ("above", "beyond", "reaches", "exceeds", "exceed")
_VOLUMES = ("mL", "L")


@dataclass
class Order:
    """An amount at ``items[at]``; its words are ``items[start:stop]``; ``others`` say the same amount again.

    ``strength`` is what one of ``amount`` holds, where that is a count of tablets. ``aside`` stands in another's brackets.
    """

    at: int
    amount: Amount
    strength: Strength | None = None
    limit: bool = False
    aside: bool = False
    others: list[Order] = field(default_factory=list)
    start: int = 0
    stop: int = 0


def orders(sentence: Sentence) -> list[Order]:
    """The orders of a sentence, as they follow each other."""
    found: list[Order] = []
    for at, item in enumerate(sentence.items):
        worth = worth_of(item)
        if not isinstance(worth, Amount | Strength) or not _is_dose(sentence, at, worth):
            continue
        order = _order(sentence, at, worth)
        if found and _says_again(sentence, found[-1], order):
            if order.strength and not order.strength.counted and order.strength.form == found[-1].amount.unit:
                found[-1].strength = order.strength
            else:
                found[-1].others.append(order)
        elif found and _holds(sentence, found[-1], order):
            order.strength, order.others = _strength(found[-1]), found[-1].others
            found[-1:] = [order]
        elif found and _is_held(sentence, found[-1], order):
            found[-1].strength = _strength(order)
        else:
            if found:
                last = found[-1].at
                too = _limits_too(sentence, found[-1], order)
                order.limit = order.limit or too
                deeper = sentence.depth[at] > sentence.depth[last]
                opened = max((n for n in range(last, at) if type_of(sentence.items[n]) == "OPEN"), default=at)
                apart = order.limit or sentence.says("HISTORY", last, at) or sentence.has("DRUG", opened, at)
                order.aside = (too and sentence.depth[at] > 0) or (deeper and apart)
            found.append(order)
    _bound(sentence, found)
    return found


def _order(sentence: Sentence, at: int, worth: Amount | Strength) -> Order:
    if (count := _count_around(sentence, at, worth)) is not None:
        return Order(at, count, worth if isinstance(worth, Strength) else Strength((worth,), count.unit))
    if isinstance(worth, Amount):
        return Order(at, worth, limit=is_limit(sentence, at))
    if worth.counted:
        return Order(at, worth.counted, worth)
    return Order(at, worth.amounts[0], worth, limit=is_limit(sentence, at))


def _count_around(sentence: Sentence, at: int, worth: Amount | Strength) -> Amount | None:
    """The count in "2 x 300 mg aspirin tablets" and "two aspirin 300 mg tablets", where the drug parts it from its form."""
    items = sentence.items
    kinds = [type_of(item) for item in items[max(0, at - 2) : at + 3]]
    at_count = at - 1 if kinds[: min(at, 2)][-1:] == ["NUM"] else at - 2
    if at_count < 0 or type_of(items[at_count]) != "NUM":
        return None
    count = value_of(items[at_count])
    between = [type_of(item) for item in items[at_count + 1 : at]]
    behind = [type_of(item) for item in items[at + 1 : at + 3]]
    if isinstance(worth, Amount) and between in ([], ["X"]) and behind == ["DRUG", "FORM"]:
        form = items[at + 2]
    elif isinstance(worth, Strength) and worth.form and not worth.counted and between == ["DRUG"]:
        return Amount(items[at_count].start, items[at].end, count, count, worth.form, form=True)
    else:
        return None
    return Amount(items[at_count].start, form.end, count, count, str(value_of(form)), form=True)


def _is_dose(sentence: Sentence, at: int, worth: Amount | Strength) -> bool:
    """Whether the amount at ``at`` is given to somebody: not measured, not a step, not what a bottle or a drip holds."""
    amount = worth if isinstance(worth, Amount) else worth.counted or worth.amounts[0]
    items, before = sentence.items, at - 1
    while before >= 0 and type_of(items[before]) in ("A", "ABOUT", "MAX", "LESS", "OPEN"):
        before -= 1
    said = items[before].cues if before >= 0 else frozenset()
    step = at + 1 < len(items) and "STEP" in items[at + 1].cues and not sentence.says("HISTORY", max(0, at - 4), at + 3)
    if amount.basis in ("hour", "minute") and before >= 0 and value_of(items[before]) in _THRESHOLDS:
        return False  # "add vasopressin above 0.25 mcg/kg/min"
    if step or "BY" in said or (amount.unit in _VOLUMES and ("DILUENT" in said or sentence.flushes(at))):
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


def _is_alone(behind: Sequence[Item]) -> bool:
    """Whether nothing is said of an amount behind it: it ends its clause, or an instruction follows ("after 3 mg call ...")."""
    return all(type_of(item) in PARTS or (type_of(item) == "WORD" and item.cues <= {"NOW"}) for item in behind)


def _is_measured(sentence: Sentence, at: int) -> bool:
    """Whether a laboratory value or an output is named shortly before, without its own number ("AUC 5"), and no drug since."""
    for before in range(at - 1, max(-1, at - 1 - NEAR), -1):
        item = sentence.items[before]
        if type_of(item) in ("DRUG", "SEMI", "STOP", "BAR") or isinstance(
            worth_of(item), Amount | Strength | Concentration
        ):
            return False
        if "MEASURED" in item.cues:
            return before + 1 == at or type_of(sentence.items[before + 1]) != "NUM"
    return False


def _says_again(sentence: Sentence, first: Order, order: Order) -> bool:
    """Whether ``order`` is ``first`` in other words: in brackets behind it, or behind "="."""
    start, stop = max([first.at, *(other.at for other in first.others)]) + 1, order.at
    deeper = sentence.depth[order.at] > sentence.depth[first.at]
    own = follows(sentence, first.at, order.at)  # "5 mL of 1 % lidocaine (50 mg)"
    if (
        order.limit
        or (first.limit and not deeper)
        or any(type_of(sentence.items[n]) == "DRUG" for n in range(start, stop) if n != own)
        or sentence.says("HISTORY", start, stop)
    ):
        return False
    if follows(sentence, order.at, len(sentence.items)) is not None:
        return False
    if deeper:
        return True
    if type_of(sentence.items[start]) == "COMMA" and start + 1 < stop and "EQUALS" in sentence.items[start + 1].cues:
        start += 1  # "900 mg/day, that is 300 mg three times daily"
    parted = any(sentence.has(kind, start, stop) for kind in ("COMMA", "SEMI", "STOP", "BAR"))
    comes_to = first.amount.per_kg and not order.amount.per_kg and value_of(sentence.items[order.at - 1]) == "is"
    return (comes_to or sentence.says("EQUALS", start, stop)) and not parted


def _limits_too(sentence: Sentence, first: Order, order: Order) -> bool:
    """Whether ``order`` stands beside a limit in the same brackets, "(maximum 20 mg; 40 mg above 6 years)", or says what it
    comes to: "capped at 4 g/day, which is 2 g per dose"."""
    between = range(first.at, order.at + 1)
    beside = first.aside and all(sentence.depth[at] == sentence.depth[first.at] > 0 for at in between)
    words = [value_of(sentence.items[at]) for at in between[1:-1] if type_of(sentence.items[at]) != "COMMA"]
    return first.limit and (beside or words == ["which", "is"])


def _strength(order: Order) -> Strength:
    return order.strength or Strength((order.amount,))


def _holds(sentence: Sentence, first: Order, order: Order) -> bool:
    """Whether ``first`` is the strength of the tablets that ``order`` counts: "5 mg tablets: take 2", "5/325, 2 tablets"."""
    if (
        not order.amount.form
        or order.strength
        or order.limit
        or first.limit
        or first.amount.form
        or _is_rated(first.amount)
    ):
        return False
    if sentence.depth[order.at] != sentence.depth[first.at] or first.amount.low != first.amount.high:
        return False
    start, stop = first.at + 1, order.at
    if sentence.speaks_of(Often, start, stop) or sentence.speaks_of(Lasting, start, stop):
        return False
    parted = any(sentence.has(kind, start, stop) for kind in ("DRUG", "SEMI", "AND", "OR", "BAR"))
    return not parted and not sentence.says("THEN", start, stop)


def _is_held(sentence: Sentence, first: Order, order: Order) -> bool:
    """Whether ``order`` is the strength of what ``first`` counts: "half a tablet of quetiapine 25 mg"."""
    if not first.amount.form or first.strength or order.limit or order.amount.form or _is_rated(order.amount):
        return False
    between = sentence.items[first.at + 1 : order.at]
    kinds = ("OF", "DRUG", "WORD", "OPEN") if order.strength else ("OF", "DRUG", "WORD")
    return len(between) <= 4 and all(type_of(item) in kinds for item in between)


def _is_rated(amount: Amount) -> bool:
    return amount.per_kg or amount.per_m2 or amount.basis is not None or amount.unit in _VOLUMES


def _nearest(sentence: Sentence, at: int, kinds: tuple[str, ...]) -> int | None:
    """Where a token of one of these kinds stands, at most three items before ``at``."""
    return next((n for n in range(at - 1, max(-1, at - 4), -1) if type_of(sentence.items[n]) in kinds), None)


def _bound(sentence: Sentence, found: list[Order]) -> None:
    """Give each order its words: up to the last parting word before the next one."""
    main = [order for order in found if not order.aside]
    for n, order in enumerate(main):
        order.start = main[n - 1].stop if n else 0
        last = max([order.at, *(other.at for other in order.others)])
        order.stop = _parting(sentence, last, main[n + 1].at) if n + 1 < len(main) else len(sentence.items)
    for order in found:
        if order.aside:
            order.start = max(n for n in range(order.at) if type_of(sentence.items[n]) == "OPEN")
            ends = (n for n in range(order.at, len(sentence.items)) if type_of(sentence.items[n]) == "CLOSE")
            order.stop = next(ends, len(sentence.items))


def _parting(sentence: Sentence, first: int, second: int) -> int:
    """Where the words of the order at ``second`` begin, behind the order at ``first``."""
    items = sentence.items
    own = follows(sentence, first, second)
    drugs = [n for n in range(first + 1, second) if type_of(items[n]) == "DRUG" and n != own]
    drug = drugs[-1] if drugs else second
    for n in range(drug - 1, first, -1):
        if "THEN" in items[n].cues or (type_of(items[n]) in PARTS and sentence.depth[n] <= sentence.depth[second] + 1):
            return n
    while drug - 1 > first and drug < second and type_of(items[drug - 1]) in ("ROUTE", "A", "WORD", "NOT"):
        if "COMPANY" in items[drug - 1].cues:
            break  # "2 mg IV with oral ...": what stands before "with" was said of the first
        drug -= 1
    return drug
