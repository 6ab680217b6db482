"""Who takes part in a pair: drugs that the text gives or the patient has, each with its ingredients and classes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from checkers.formulary.fields import Words
from checkers.situation.amounts import measure
from checkers.situation.medications import Medication
from checkers.situation.mentions import Mention
from checkers.situation.orders import Order
from checkers.situation.situation import Situation

_NOT_BOTH = re.compile(
    r"\bor\b|\botherwise\b|\balternatively\b|\binstead\b|\bif (?:allergic|intolerant|unavailable|contraindicated"
    r"|no response)\b|\bfailing\b|\bsecond[- ]line\b|\balternatives?\b|\bonce (?:daily )?or\b",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\b(?:and|plus|with|together|combined|added|add|also|concurrently|concomitant(?:ly)?|takes?|taking|continue"
    r"|on|while)\b|[+&]",
    re.IGNORECASE,
)
_ADDED = re.compile(r"\b(?:plus|with|together|combined|added|add)\b|[+&]", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:(?:in|for) (?:newborns|neonates|infants|children|adults|adolescents|pregnan\w+|women|men|older)"
    r"|substitutes?|first choice|dual therapy|single therapy)\b",
    re.IGNORECASE,
)
_REACH, _REACH_OF_PATIENT, _LIST_REACH = 300, 1200, 100
_ALTERNATE = Decimal("0.5")
"""Times a day: what is given less often than every other day counts as if it were daily."""


@dataclass(frozen=True, slots=True)
class Party:
    """A drug that is given: ``span`` is where the text names it, if it does; ``is_ordered`` by this text.

    ``stopped_days`` is set for one that was stopped so many days ago.
    """

    name: str
    ingredients: tuple[str, ...]
    classes: tuple[str, ...]
    span: tuple[int, int] | None
    is_ordered: bool
    orders: tuple[Order, ...] = ()
    stopped_days: Decimal | None = None

    def is_one_of(self, words: Words) -> bool:
        """Whether it, or a part of it, is named in ``words``, or is of a class named there."""
        return any(
            word.removeprefix("class:") in self.classes if word.startswith("class:") else word in self.ingredients
            for word in words
        )

    def daily(self, ingredient: str, unit: str, weight_kg: float | None = None) -> Decimal | None:
        """The most of ``ingredient`` that it comes to in a day, in ``unit``; one amount if that is all there is."""
        kind, factor = measure(unit)
        kg = Decimal(str(weight_kg or 0))
        found = []
        mine = [order for order in self.orders if order.drug == ingredient]
        for order in [
            order for order in mine if order.often
        ] or mine:  # a loading dose counts only where it is all there is
            for _, amount in order.amounts():
                if amount.kind == kind and (kg or not amount.per_kg):
                    size = kg if amount.per_kg else Decimal(1)
                    mean = order.often if order.often and order.often >= _ALTERNATE else Decimal(1)
                    times = mean if amount.per == "dose" else Decimal(1)
                    found.append(amount.high * size * times / factor)
        return max(found, default=None)


def parties(situation: Situation) -> tuple[Party, ...]:
    """Every drug that the text gives or the record lists, but those that the text holds, stops or refuses."""
    return situation.once(("parties",), lambda: tuple(_parties(situation)))


def _parties(situation: Situation) -> Iterator[Party]:
    dosed = {order.drug for order in situation.active()}
    seen: set[tuple[str, ...]] = set()
    for mention in situation.mentions:
        names = (*mention.parts, mention.ingredient) if mention.ingredient else mention.parts
        ingredients = tuple(dict.fromkeys(name for name in names if name))
        if mention.standing in ("history", "stopped") and (days := _since(mention, situation)) is not None:
            name = situation.text[slice(*mention.span)]
            yield Party(name, ingredients, mention.classes, mention.span, False, (), days)
        has_dose = any(part in dosed for part in ingredients)
        if not (mention.is_given or (has_dose and mention.standing in ("said", "measured"))) or (
            ingredients and ingredients in seen
        ):
            continue
        seen.add(ingredients)
        orders = tuple(order for order in situation.orders if order.drug in ingredients and order.is_active)
        ordered = mention.standing == "ordered" or bool(orders)
        if not orders:  # "with low-dose aspirin", of which the record has the dose
            recorded = (order for medicine in situation.medications for order in medicine.orders)
            orders = tuple(order for order in recorded if order.drug in ingredients)
        text = situation.text[slice(*mention.span)]
        yield Party(text, ingredients, mention.classes, mention.span, ordered, orders)
    given_up = _given_up(situation)
    for medicine in situation.medications:
        if not medicine.ingredients and not medicine.classes:
            continue
        if any(part in given_up for part in medicine.ingredients):
            days = given_up[next(part for part in medicine.ingredients if part in given_up)]
            if days is None:
                continue
            yield _recorded(medicine, days)
        elif not any(set(medicine.ingredients) <= set(ingredients) for ingredients in seen if ingredients):
            yield _recorded(medicine, medicine.stopped_days)


def _is_one_of_a_list(between: str, after: str) -> bool:
    """Whether the two are members of "a, b or c": nothing but commas between them, and "or" before the next."""
    if re.search(r"\b(?:and|plus|with)\b|[+&;.]", between):
        return False
    return "," in between and re.match(r"[^.;]{0,80}?\bor\b", after) is not None


def _recorded(medicine: Medication, stopped: Decimal | None) -> Party:
    return Party(medicine.text, medicine.ingredients, medicine.classes, None, False, medicine.orders, stopped)


def _given_up(situation: Situation) -> dict[str, Decimal | None]:
    """Ingredients that the text holds, stops or refuses, with the days since they were stopped if it says so."""
    found: dict[str, Decimal | None] = {}
    for mention in situation.mentions:
        if mention.standing in ("held", "stopped", "contrast", "negated"):
            after = situation.text[mention.span[1] : mention.span[1] + 60]
            before = situation.text[max(0, mention.span[0] - 60) : mention.span[0]]
            days = _days(after) if mention.standing == "stopped" else None
            days = days if days is not None or mention.standing != "stopped" else _days(before)
            found.update(dict.fromkeys(mention.parts, days))
    return found


def _since(mention: Mention, situation: Situation) -> Decimal | None:
    """How many days ago the text says that a drug was taken last."""
    start, end = mention.span
    after = _days(re.split(r"[.;]", situation.text[end : end + 60])[0])
    return after if after is not None else _days(re.split(r"[.;]", situation.text[max(0, start - 40) : start])[-1])


def _days(words: str) -> Decimal | None:
    match = re.search(
        r"(\d+(?:\.\d+)?)\s*(hours?|h|days?|d|weeks?|wks?)\b(?:\s+ago|\s+(?:after|since|earlier|before|previously)|\s*wash)",
        words,
        re.IGNORECASE,
    )
    if match:
        return Decimal(match[1]) * {"h": Decimal(1) / 24, "d": Decimal(1), "w": Decimal(7)}[match[2][0].lower()]
    if re.search(r"\byesterday\b", words, re.IGNORECASE):
        return Decimal(1)
    return Decimal(0) if re.search(r"\b(?:today|this morning|same day|immediately)\b", words, re.IGNORECASE) else None


def pairs(situation: Situation) -> tuple[tuple[Party, Party], ...]:
    """Every two of them that meet: at least one is ordered here, and they are no alternatives."""
    return situation.once(("pairs",), lambda: tuple(_pairs(situation)))


def _pairs(situation: Situation) -> Iterator[tuple[Party, Party]]:
    found = parties(situation)
    reach = _REACH_OF_PATIENT if situation.facts.is_patient else _REACH
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            if not (one.is_ordered or other.is_ordered):
                continue
            if one.span and other.span:
                first, second = sorted((one.span, other.span))
                if second[0] - first[1] > reach:
                    continue
                between = situation.text[first[1] : second[0]]
                if _NOT_BOTH.search(between) or "\n\n" in between or "|" in between:
                    continue
                if _is_one_of_a_list(between, situation.text[second[1] : second[1] + _LIST_REACH]) or _OTHERS.search(
                    between
                ):
                    continue
                if situation.facts.is_quoted and not (one.orders and other.orders):
                    continue
                lone = situation.facts.is_quoted or not situation.facts.is_patient
                if lone and not (_ADDED if situation.facts.is_quoted else _TOGETHER).search(between):
                    continue
            yield one, other
