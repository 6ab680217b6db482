"""What is said of an order: how often, by which route, for how long, and what kind of dose it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile
from typing import Literal

from checkers.dosing.given import is_followed
from checkers.dosing.orders import Order
from checkers.dosing.sentences import Sentence, type_of, value_of, worth_of
from checkers.dosing.worth import Amount, Basis, Divided, Lasting, Often, Within
from checkers.tables import table

_FIRST_DAY = {("day", 1), ("the first", "day")}
Role = Literal["dose", "loading", "maximum", "history"]


@dataclass(slots=True)
class Said:
    """The words of an order, read. ``at_most`` is a frequency that must not be passed, ``None`` everywhere: not stated."""

    basis: Basis | None = None
    a_day: Fraction | None = None
    at_most: Fraction | None = None
    route: str | None = None
    days: Fraction | None = None
    role: Role = "dose"


def said_of(sentence: Sentence, order: Order, following: Order | None) -> Said:
    """What the words of ``order`` say; ``following`` is the order behind it."""
    said = Said(basis=order.amount.basis, a_day=order.amount.a_day)
    _how_often(sentence, order, said)
    said.days = _how_long(sentence, order)
    said.route = _route(sentence, order)
    said.role = _role(sentence, order, following)
    return said


def _how_often(sentence: Sentence, order: Order, said: Said) -> None:
    divided = next(_divisions(sentence, order), None)
    within = _within(sentence, order)
    if within and said.basis is None:
        said.basis, said.a_day = within.basis, said.a_day or within.a_day
    for at in range(order.at + 1, order.stop):
        worth = worth_of(sentence.items[at])
        if not isinstance(worth, Often) or _is_refused(sentence, at) or _is_watched(sentence, at):
            continue
        if type_of(sentence.items[at - 1]) == "MAX" or (at >= 2 and type_of(sentence.items[at - 2]) == "MAX"):
            said.at_most = said.at_most or worth.a_day
        elif said.a_day is None and not (divided and worth.daily):
            said.a_day = worth.a_day
    for at in _before(sentence, order):
        worth = worth_of(sentence.items[at])
        if isinstance(worth, Often) and not _is_refused(sentence, at) and not _is_watched(sentence, at):
            if sentence.says("LOADING", 0, order.at) and value_of(sentence.items[at + 1]) == "schedule":
                break  # "a loading dose (weekly schedule: 4 mg/kg)"
            if worth.daily and (order.limit or sentence.has("DOSES", at + 1, at + 3)):
                said.basis = said.basis or "day"
            elif said.a_day is None and said.at_most is None and not divided and not order.limit:
                said.a_day = worth.a_day
            break
    if divided and said.basis == "dose":
        said.a_day = said.a_day or divided.a_day  # "45 mg/kg per dose in two divided doses"
    if divided and said.basis in (None, "day"):
        said.basis = "day"
        said.a_day = divided.a_day or said.a_day
    if said.a_day is None and said.at_most is not None:
        said.a_day, said.at_most = said.at_most, None


def _divisions(sentence: Sentence, order: Order) -> Iterator[Divided]:
    """Into how many parts the amount of a day goes; not that of a course, as in "2 g/kg divided over 5 days"."""
    for at in range(order.at + 1, order.stop):
        worth = worth_of(sentence.items[at])
        if isinstance(worth, Divided) and not _is_spread(sentence, at + 1):
            yield worth


def _is_spread(sentence: Sentence, at: int) -> bool:
    """Whether the days at ``at`` are those over which an amount is divided."""
    if not 0 < at < len(sentence.items) or not isinstance(worth_of(sentence.items[at - 1]), Divided):
        return False
    lasting = worth_of(sentence.items[at])
    return isinstance(lasting, Lasting) and lasting.over and lasting.days >= 2


def _within(sentence: Sentence, order: Order) -> Within | None:
    """What the amount is of; "60/min" behind it is another figure's: a pulse."""
    for at in range(order.at + 1, order.stop):
        worth = worth_of(sentence.items[at])
        after = value_of(sentence.items[at + 1]) if at + 1 < len(sentence.items) else None
        if isinstance(worth, Within) and type_of(sentence.items[at - 1]) not in ("NUM", "PAIR") and after != "off":
            return worth
    return None


def _is_refused(sentence: Sentence, at: int) -> bool:
    return at > 0 and type_of(sentence.items[at - 1]) == "NOT"


def _is_watched(sentence: Sentence, at: int) -> bool:
    """Whether something else is done that often: blood is taken, the dose is raised."""
    behind = sentence.items[at + 1].cues if at + 1 < len(sentence.items) else frozenset()
    often = worth_of(sentence.items[at])
    goes_on = (
        "CHANGE" in behind and isinstance(often, Often) and often.a_day >= 1
    )  # "once daily, adjusted every 2 weeks"
    if "WATCH" in behind and not goes_on:
        return True
    by = at - 2
    if by >= 0 and isinstance(worth_of(sentence.items[at - 1]), Amount) and "BY" in sentence.items[by].cues:
        return not is_followed(sentence.items, by)
    for before in range(at - 1, max(-1, at - 4), -1):
        if worth_of(sentence.items[before]) is not None or type_of(sentence.items[before]) in ("SEMI", "COMMA", "STOP"):
            return False
        if "WATCH" in sentence.items[before].cues:
            return True
    return False


def _how_long(sentence: Sentence, order: Order) -> Fraction | None:
    runs = order.amount.basis in ("hour", "minute")
    for at in (*range(order.at + 1, order.stop), *_before(sentence, order)):
        worth = worth_of(sentence.items[at])
        if (
            isinstance(worth, Lasting)
            and not worth.infusion
            and (worth.days >= 1 or runs)
            and not _is_watched(sentence, at)
            and not _is_spread(sentence, at)
        ):
            return worth.days
    return None


def _before(sentence: Sentence, order: Order) -> Iterator[int]:
    """The places before the amount, backwards, up to what was said of another."""
    for at in range(order.at - 1, order.start - 1, -1):
        if type_of(sentence.items[at]) in ("OR", "SEMI", "BAR") or "THEN" in sentence.items[at].cues:
            return
        yield at


def _route(sentence: Sentence, order: Order) -> str | None:
    """The route behind the amount, else the nearest before it, else the one that the form implies."""
    behind = range(order.at + 1, order.stop)
    parted = next((at for at in behind if type_of(sentence.items[at]) == "SEMI"), order.stop)
    before = range(order.at - 1, order.start - 1, -1)
    for at in [*range(order.at + 1, parted), *before, *range(parted, order.stop)]:
        of_a_drug = at > order.at + 3 and at + 1 < order.stop and type_of(sentence.items[at + 1]) == "DRUG"
        if of_a_drug:
            continue  # "120 mg one day after the last oral risperidone"
        if (
            type_of(sentence.items[at]) == "ROUTE"
            and not _is_refused(sentence, at)
            and not _is_of_a_course(sentence, at)
        ):
            return str(value_of(sentence.items[at]))
    implied = table("dosing")["form_routes"]
    forms = [
        order.amount.unit,
        *(str(value_of(item)) for item in sentence.items[order.start : order.stop] if type_of(item) == "FORM"),
    ]
    return next((str(implied[form]) for form in forms if form in implied), None)


def _is_of_a_course(sentence: Sentence, at: int) -> bool:
    """Whether the route at ``at`` is one of two of a whole course: "a combined parenteral and oral course"."""
    behind = value_of(sentence.items[at + 1]) if at + 1 < len(sentence.items) else None
    return at > 1 and behind == "course" and type_of(sentence.items[at - 1]) in ("AND", "OR")


def _role(sentence: Sentence, order: Order, following: Order | None) -> Role:
    if order.limit:
        return "maximum"
    if _is_told(sentence, order):
        return "history"
    if _is_loading(sentence, order, following):
        return "loading"
    return "dose"


def _is_told(sentence: Sentence, order: Order) -> bool:
    """Whether the amount was taken, or is refused; an instruction between the cue and the amount turns it into an order."""
    items = sentence.items
    if order.at and type_of(items[order.at - 1]) == "NOT":
        return True  # "5 mg (not 10 mg)"
    drug = False
    for at in range(order.at - 1, order.start - 1, -1):
        cues = items[at].cues
        if "NOW" in cues and not {"HISTORY", "DENIED"} & cues:
            return at > 0 and type_of(items[at - 1]) == "NOT"
        if {"HISTORY", "DENIED"} & cues:
            return True
        if type_of(items[at]) in ("SEMI", "STOP") or (type_of(items[at]) in ("COMMA", "COLON") and drug):
            break
        drug = drug or type_of(items[at]) == "DRUG"
    behind = range(order.at + 1, min(order.stop, order.at + 7))
    return any("STOPPED" in items[at].cues and sentence.depth[at] <= sentence.depth[order.at] for at in behind)


def _is_loading(sentence: Sentence, order: Order, following: Order | None) -> bool:
    items = sentence.items
    if _is_led(sentence, order.at):
        return True
    last = order.stop if following is None or not _is_led(sentence, following.at) else order.at
    if any("LOADING" in items[at].cues and not _is_left_out(sentence, at) for at in range(order.start, last)):
        return True
    if following is None or following.limit:
        return False
    if sentence.says("BOLUS", order.start, order.stop) and following.amount.basis in ("hour", "minute"):
        return True
    first_day = any(
        {(value_of(items[at]), value_of(items[at + 1]))} & _FIRST_DAY
        for at in range(order.at + 1, min(order.stop, len(items) - 1))
    )
    return first_day and sentence.says("THEN", following.start, following.at)


def _is_led(sentence: Sentence, at: int) -> bool:
    """Whether "loading dose of" stands right before the amount at ``at``."""
    before = at - 1
    while before >= 0 and type_of(sentence.items[before]) == "OF":
        before -= 1
    return before >= 0 and "LOADING" in sentence.items[before].cues and not _is_left_out(sentence, before)


def _is_left_out(sentence: Sentence, at: int) -> bool:
    """Whether the load that is named at ``at`` is not given: "without a load", "skip the load", "loading dose not needed"."""
    for before in range(at - 1, max(-1, at - 4), -1):
        item = sentence.items[before]
        if type_of(item) == "NOT" or {"OMITTED", "DENIED"} & item.cues:
            return True
        if type_of(item) not in ("A", "WORD", "DOSES", "DRUG", "ROUTE"):
            break
    behind = takewhile(lambda item: type_of(item) in ("WORD", "DOSES", "NOT"), sentence.items[at + 1 : at + 5])
    return any(type_of(item) == "NOT" or "OMITTED" in item.cues for item in behind)


def is_change(sentence: Sentence, order: Order, amount: Amount) -> bool:
    """Whether "5 mg to 10 mg" is a step from one to the other and not a range."""
    if amount.ends is None:
        return False
    if amount.ends[0].low > amount.ends[1].low:
        return True
    return sentence.says("CHANGE", order.start, order.at)
