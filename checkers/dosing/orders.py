"""Which amounts of a sentence are doses, and which words belong to which of them.

An *order* is one amount with what is said of it. What stands in brackets, or behind "=", says the same amount again and shares
its words. Orders are parted by drugs, "then", "and", semicolons and commas.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import takewhile

from checkers.dosing.brackets import is_alternative, is_bracketed, is_otherwise, is_sum_of_doses, opening
from checkers.dosing.given import is_dose
from checkers.dosing.limits import PARTS, is_limit
from checkers.dosing.owners import follows
from checkers.dosing.sentences import Sentence, type_of, value_of, worth_of
from checkers.dosing.worth import Amount, Lasting, Often, Strength

_VOLUMES = ("mL", "L")
_HEADING = 4
"""Words of a heading that names a schedule."""


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
    step: int | None = None
    for at, item in enumerate(sentence.items):
        worth = worth_of(item)
        if not isinstance(worth, Amount | Strength):
            continue
        if not is_dose(sentence, at, worth) or (step is not None and is_bracketed(sentence, step, at)):
            step = at if step is None or not is_bracketed(sentence, step, at) else step
            continue
        step = None
        order = _order(sentence, at, worth)
        if found and is_sum_of_doses(sentence, found[-1].at, at):
            continue
        if found and _says_again(sentence, found[-1], order):
            if order.amount.a_day is not None and order.amount.a_day < 1 and found[-1].amount.a_day is None:
                continue  # "5 mg on Mondays and 2.5 mg on other days (25 mg a week)"
            if order.strength and not order.strength.counted and order.strength.form == found[-1].amount.unit:
                found[-1].strength = order.strength
            else:
                found[-1].others.append(_of_the_day(sentence, found[-1], order))
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
                opened = opening(sentence, last, at, at)
                apart = order.limit or sentence.says("HISTORY", last, at) or sentence.has("DRUG", opened, at)
                apart = apart or is_alternative(sentence, at) or is_otherwise(sentence, found[-1], order)
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


def _says_again(sentence: Sentence, first: Order, order: Order) -> bool:
    """Whether ``order`` is ``first`` in other words: in brackets behind it, or behind "="."""
    start, stop = max([first.at, *(other.at for other in first.others)]) + 1, order.at
    deeper = sentence.depth[order.at] > sentence.depth[first.at]
    own = follows(sentence, first.at, order.at)  # "5 mL of 1 % lidocaine (50 mg)"
    if (
        order.limit
        or sentence.has("SEMI", start, stop)
        or (first.limit and not deeper)
        or any(type_of(sentence.items[n]) == "DRUG" for n in range(start, stop) if n != own)
        or sentence.says("HISTORY", start, stop)
    ):
        return False
    if follows(sentence, order.at, len(sentence.items)) is not None:
        return False
    if deeper:
        return not is_alternative(sentence, order.at) and not is_otherwise(sentence, first, order)
    if type_of(sentence.items[start]) == "COMMA" and start + 1 < stop and "EQUALS" in sentence.items[start + 1].cues:
        start += 1  # "900 mg/day, that is 300 mg three times daily"
    parted = any(sentence.has(kind, start, stop) for kind in ("COMMA", "SEMI", "STOP", "BAR"))
    comes_to = first.amount.per_kg and not order.amount.per_kg and value_of(sentence.items[order.at - 1]) == "is"
    return (comes_to or sentence.says("EQUALS", start, stop)) and not parted


def _of_the_day(sentence: Sentence, first: Order, order: Order) -> Order:
    """``order`` in the brackets of ``first``; of a day where it alone is daily: "150 mg three times daily (450 mg daily)"."""
    opened = opening(sentence, first.at, order.at, order.at)
    behind = list(takewhile(lambda item: type_of(item) != "CLOSE", sentence.items[order.at + 1 : order.at + 4]))
    daily = any(isinstance(worth := worth_of(item), Often) and worth.daily for item in behind)
    parts = next((worth for item in behind if isinstance(worth := worth_of(item), Often)), None)
    before = sentence.speaks_of(Often, first.at, opened)
    if parts and not before and first.amount.high == order.amount.high * parts.a_day and parts.a_day > 1:
        first.amount = replace(first.amount, basis="day")  # "32 mg (8 mg every 6 hours)"
    if daily and order.amount.basis is None and before:
        return replace(order, amount=replace(order.amount, basis="day"))
    return order


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


def _opening(sentence: Sentence, first: int, at: int) -> int:
    """Where the words that the parting word at ``at`` is one of begin, if that is behind ``first``.

    "followed every 3 weeks thereafter by", "a daily maintenance dose of", and the heading in "weekly schedule: 8 mg/kg".
    """
    items, before = sentence.items, at
    if type_of(items[at]) == "COLON":
        while before - 1 > first and at - before < _HEADING and type_of(items[before - 1]) not in (*PARTS, "OPEN"):
            before -= 1
        heads = type_of(items[before - 1]) in ("SEMI", "BAR", "STOP")
        return before if heads and sentence.speaks_of(Often, before, at) else at
    if value_of(items[at]) == "maintenance" and type_of(items[at - 2]) == "A" and at - 2 > first:
        return at - 2 if isinstance(worth_of(items[at - 1]), Often) else at
    if isinstance(worth_of(items[at - 1]), Often) and at - 2 > first and value_of(items[at - 2]) == "followed":
        return at - 2
    return at


def _is_rated(amount: Amount) -> bool:
    return amount.per_kg or amount.per_m2 or amount.basis is not None or amount.unit in _VOLUMES


def _bound(sentence: Sentence, found: list[Order]) -> None:
    """Give each order its words: up to the last parting word before the next one."""
    main = [order for order in found if not order.aside]
    for n, order in enumerate(main):
        order.start = main[n - 1].stop if n else 0
        last = max([order.at, *(other.at for other in order.others)])
        own = follows(sentence, order.at, main[n + 1].at) if n + 1 < len(main) else None
        order.stop = _parting(sentence, last, main[n + 1].at, own) if n + 1 < len(main) else len(sentence.items)
    for order in main:
        last = max([order.at, *(other.at for other in order.others)])
        steps = [n for n in range(last + 1, order.stop) if isinstance(worth_of(sentence.items[n]), Amount | Strength)]
        if steps:
            semi = (n for n in range(last, steps[0]) if type_of(sentence.items[n]) == "SEMI")
            order.stop = next(semi, order.stop)  # "100 mg; increase by 50 mg every week"
    for order in found:
        if order.aside:
            order.start = max(n for n in range(order.at) if type_of(sentence.items[n]) == "OPEN")
            ends = (n for n in range(order.at, len(sentence.items)) if type_of(sentence.items[n]) == "CLOSE")
            order.stop = next(ends, len(sentence.items))
            for other in main if is_alternative(sentence, order.at) else ():
                if other.at < order.start < other.stop:
                    other.stop = order.start


def _parting(sentence: Sentence, first: int, second: int, own: int | None) -> int:
    """Where the words of the order at ``second`` begin, behind the order at ``first`` and its ``own`` drug."""
    items = sentence.items
    drugs = [n for n in range(first + 1, second) if type_of(items[n]) == "DRUG" and n != own]
    drug = drugs[-1] if drugs else second
    if not drugs and "DENIED" in items[second - 1].cues and second - 1 > first:
        return second - 1  # "2 g every 24 h instead of 2 g every 8 h"
    for n in range(drug - 1, first, -1):
        if "THEN" in items[n].cues or (type_of(items[n]) in PARTS and sentence.depth[n] <= sentence.depth[second] + 1):
            return _opening(sentence, first, n)
    while drug - 1 > first and drug < second and type_of(items[drug - 1]) in ("ROUTE", "A", "WORD", "NOT"):
        if "COMPANY" in items[drug - 1].cues:
            break  # "2 mg IV with oral ...": what stands before "with" was said of the first
        drug -= 1
    return drug
