"""Reads every dose out of clinical prose and table text.

Scanned into tokens, drugs named, phrases found by the grammar, put together sentence by sentence. Deterministic; time grows
with the length of the text and with nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import lru_cache

from checkers.dosing.attach import Said, is_change, said_of
from checkers.dosing.drugs import tokens
from checkers.dosing.given import is_stated
from checkers.dosing.names import Name, classes
from checkers.dosing.orders import Order, orders
from checkers.dosing.owners import owner
from checkers.dosing.respectively import paired
from checkers.dosing.scan import Token, plain
from checkers.dosing.sentences import Sentence, sentences, type_of, value_of, worth_of
from checkers.dosing.worth import Amount, Lasting
from checkers.tables import table
from checkers.types import Dose

_REACH = 600
"""Code points after which a drug that was spoken of is no longer meant by an amount without a drug."""
_PLACES = Decimal("0.0001")
_MOST = Fraction(10**15)
"""Of any unit: what is written as more is a mistake of the same kind, and no number that arithmetic could lose places of."""
_MOST_TABLETS = 4
"""At one time; a greater number in "10-8-6" counts something else."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A dose with what a prescription says around it and the contract of a dose has no place for.

    Readings of one ``order`` state one amount again ("15 mg/kg (300 mg)") or its parts. ``words`` is where all that is said of
    the order stands, in code points; ``minutes`` how long one dose runs in; ``sentence`` counts from 0.
    """

    dose: Dose
    name: Name | None
    sentence: int
    order: int
    words: tuple[int, int]
    minutes: Fraction | None


def read_doses(text: str) -> tuple[Dose, ...]:
    """Every dose in ``text``, in its order. A dose's ``span`` is where its amount stands, in code points of ``text``."""
    return tuple(reading.dose for reading in readings(text))


def readings(text: str) -> tuple[Reading, ...]:
    """Every dose in ``text`` with what is said around it, in the order of ``read_doses``."""
    return _readings(plain(text))


@lru_cache(maxsize=16)
def _readings(text: str) -> tuple[Reading, ...]:
    found: list[Reading] = []
    spoken: Name | None = None
    place = 0
    for number, (items, opens) in enumerate(sentences(tokens(text), text)):
        sentence = Sentence.of(items)
        if opens and spoken and place < 0:
            spoken = None
        if spoken and items[0].start - abs(place) > _REACH and type_of(items[0]) != "BAR":
            spoken = None
        orders_before = found[-1].order + 1 if found else 0
        doses, owners = _doses(sentence, spoken)
        found += [replace(reading, sentence=number, order=reading.order + orders_before) for reading in doses]
        mentions = [item.value for item in items if isinstance(item, Token) and item.type == "DRUG"]
        if owners or mentions:
            spoken = owners[-1] if owners else mentions[-1]
            place = items[-1].end
    return tuple(sorted(found, key=lambda reading: reading.dose.span))


def _doses(sentence: Sentence, spoken: Name | None) -> tuple[list[Reading], list[Name]]:
    """The doses of a sentence, and the drugs that they are of."""
    found = orders(sentence)
    stops = [*(order.at for order in found[1:]), len(sentence.items)]
    owned = [owner(sentence, order.at, stop, spoken) for order, stop in zip(found, stops, strict=False)]
    found, owned = paired(sentence, found, owned)
    found, owned = _counted(found, _back_to_the_first(sentence, found, owned))
    said = [said_of(sentence, order, _following(found, n)) for n, order in enumerate(found)]
    _share(sentence, found, owned, said)
    _load(found, owned, said)
    doses: list[Reading] = []
    for n, (order, name, words) in enumerate(zip(found, owned, said, strict=True)):
        if name or (order.limit and doses) or is_stated(sentence, order, words):
            minutes, around = _minutes(sentence, order), _around(sentence, order)
            doses += (Reading(dose, name, 0, n, around, minutes) for dose in _of_order(sentence, order, name, words))
    return doses, [name for name in owned if name]


def _back_to_the_first(sentence: Sentence, found: Sequence[Order], owned: Sequence[Name | None]) -> list[Name | None]:
    """The drugs, without that of "then 240 mg" in "1 mg/kg followed by ipilimumab 3 mg/kg, then 240 mg": nobody can tell."""
    kept = list(owned)
    for n in range(2, len(found)):
        between = found[n - 1].at, found[n].at
        if owned[n - 2] is None and sentence.says("THEN", *between) and not sentence.has("DRUG", *between):
            kept[n] = None
    return kept


def _counted(found: Sequence[Order], owned: Sequence[Name | None]) -> tuple[list[Order], list[Name | None]]:
    """Orders whose amount has no unit get it from their drug: "2-0-2" counts units of an insulin, else a few tablets."""
    kept: list[tuple[Order, Name | None]] = []
    for order, name in zip(found, owned, strict=True):
        if order.amount.form and not order.amount.unit:
            if name and "insulin" in classes(name.ingredient):
                order = replace(order, amount=replace(order.amount, unit="units", form=False))
            elif name and order.amount.high <= _MOST_TABLETS:
                order = replace(order, amount=replace(order.amount, unit="tablet"))
            else:
                continue
        kept.append((order, name))
    return [order for order, _ in kept], [name for _, name in kept]


def _minutes(sentence: Sentence, order: Order) -> Fraction | None:
    """How long one dose runs in, if that is said."""
    for item in sentence.items[order.at + 1 : order.stop]:
        worth = worth_of(item)
        if isinstance(worth, Lasting) and worth.infusion:
            return worth.days * 24 * 60
    return None


def _around(sentence: Sentence, order: Order) -> tuple[int, int]:
    items = sentence.items[order.start : max(order.stop, order.at + 1)]
    return items[0].start, items[-1].end


def _following(found: Sequence[Order], n: int) -> Order | None:
    return next((order for order in found[n + 1 :] if not order.aside), None)


def _share(sentence: Sentence, found: Sequence[Order], owned: Sequence[Name | None], said: Sequence[Said]) -> None:
    """Let a list share what is said behind its last member, and later doses of a drug the route of its first."""
    joined = False
    for n in range(len(found) - 2, -1, -1):
        listed = _in_one_list(sentence, found[n], found[n + 1])
        joined = _is_joined(sentence, found, n) or (joined and listed)
        bare = said[n].a_day is None and said[n].days is None and said[n].basis is None
        bare = bare and not sentence.says("CHANGE", found[n].start, found[n].at)
        if bare and joined and listed and not found[n + 1].limit:
            said[n].a_day, said[n].days, said[n].basis = said[n + 1].a_day, said[n + 1].days, said[n + 1].basis
            said[n].route = said[n].route or said[n + 1].route
    for n in range(1, len(found)):
        if (
            said[n].route is None
            and _is_led_by_route(sentence, found, n)
            and _in_one_list(sentence, found[n - 1], found[n])
        ):
            said[n].route = said[n - 1].route
    for n in range(1, len(found)):
        one, other = owned[n], owned[n - 1]
        same = (one.ingredient if one else None) == (other.ingredient if other else None)
        if said[n].route is None and same:
            said[n].route = "oral" if not found[n].limit and _is_swallowed(sentence, found[n]) else said[n - 1].route
        if same and said[n - 1].route is None and sentence.has("OR", found[n - 1].at, found[n].at):
            said[n - 1].route = said[n].route
        told = said[n - 1].role == "history" or (said[n - 1].role == "maximum" and said[n].a_day is None)
        if told and said[n].role == "dose" and _in_one_list(sentence, found[n - 1], found[n]):
            said[n].role = said[n - 1].role


def _is_joined(sentence: Sentence, found: Sequence[Order], n: int) -> bool:
    """Whether the two are the end of one list: "x 5 mg and y 10 mg daily", and not "x 5 mg, y 10 mg daily" of two drugs."""
    start, stop = found[n].at + 1, found[n + 1].at
    one_drug = not sentence.has("DRUG", start, stop)
    joint = sentence.has("AND", start, stop) or sentence.has("OR", start, stop)
    return one_drug or joint or sentence.says("EACHOF", stop, found[n + 1].stop)


def _is_swallowed(sentence: Sentence, order: Order) -> bool:
    """Whether the order speaks of tablets or capsules."""
    return any(value_of(item) in ("tablet", "capsule") for item in sentence.items[order.start : order.stop])


def _is_led_by_route(sentence: Sentence, found: Sequence[Order], n: int) -> bool:
    """Whether the list that ends with the order has its route before its first drug: "intrathecal x 12 mg, y 30 mg"."""
    while n and _in_one_list(sentence, found[n - 1], found[n]):
        n -= 1
    first = found[n]
    drug = next((at for at in range(first.start, first.at) if type_of(sentence.items[at]) == "DRUG"), first.start)
    return sentence.has("ROUTE", first.start, drug) and not sentence.has("ROUTE", drug, first.at)


def _load(found: Sequence[Order], owned: Sequence[Name | None], said: Sequence[Said]) -> None:
    """A load in steps: what follows a loading dose, is given once and is followed by more, is part of the load."""
    for n in range(1, len(found) - 1):
        names = {name.ingredient if name else None for name in owned[n - 1 : n + 2]}
        if said[n].role == "dose" and said[n].a_day is None and said[n - 1].role == "loading" and len(names) == 1:
            said[n].role = "loading"


def _in_one_list(sentence: Sentence, first: Order, second: Order) -> bool:
    between = sentence.items[first.at + 1 : second.at]
    if any("THEN" in item.cues for item in between):
        return False
    kinds = [type_of(item) for item in between]
    return bool(kinds) and all(kind in ("COMMA", "AND", "OR", "DRUG", "ROUTE") for kind in kinds) and len(kinds) <= 5


def _of_order(sentence: Sentence, order: Order, name: Name | None, said: Said) -> Iterator[Dose]:
    ingredient = name.ingredient or None if name else None
    for one in (order, *order.others):
        amount = _named_first(one, name)
        if one is order and amount.ends and is_change(sentence, order, amount):
            first, amount = amount.ends
            yield _dose(
                ingredient, first, replace(said, a_day=first.a_day, days=None, basis=first.basis, role="history")
            )
        basis = (
            said
            if one is order
            else replace(said, basis=amount.basis or said.basis if said.basis == "dose" else amount.basis)
        )
        yield _dose(ingredient, amount, basis)
        yield from _held(one, ingredient, name, said)
    if said.at_most is not None and said.at_most != said.a_day:
        yield _dose(ingredient, order.amount, replace(said, a_day=said.at_most, role="maximum", days=None))


def _named_first(order: Order, name: Name | None) -> Amount:
    """The amount of a combination, that of the part that it is named by first: "800/160 mg" of co-trimoxazole is 160."""
    row = table("drugs")["combinations"].get(name.ingredient, {}) if name else {}
    held = order.strength.amounts if order.strength and not order.amount.form else ()
    return min(held, key=lambda one: one.low) if row.get("ascending") and len(held) > 1 else order.amount


def _held(order: Order, ingredient: str | None, name: Name | None, said: Said) -> Iterator[Dose]:
    """What counted tablets hold, and what each ingredient of a combination comes to."""
    if order.strength is None:
        return
    amounts = order.strength.amounts
    parts = name.parts if name else ()
    if not amounts[0].unit:
        amounts = tuple(replace(amount, unit=_unit(order)) for amount in amounts)
    count = order.amount if order.amount.form else None
    if len(amounts) == 1 and count:
        yield _dose(ingredient, _times(amounts[0], count), said)
    if len(amounts) > 1 and len(amounts) == len(parts):
        row = table("drugs")["combinations"].get(name.ingredient, {}) if name else {}
        if row.get("ascending"):
            amounts, parts = tuple(sorted(amounts, key=lambda amount: amount.low)), tuple(row["of"])
        for part, amount in zip(parts, amounts, strict=True):
            yield _dose(part, _times(amount, count) if count else amount, said)


def _unit(order: Order) -> str:
    """The unit that nobody writes: "5/325" of a tablet is in mg, "200/6" of a puff in micrograms."""
    return "mcg" if order.amount.unit in ("puff", "inhalation", "spray") else "mg"


def _times(amount: Amount, count: Amount) -> Amount:
    return replace(amount, low=amount.low * count.low, high=amount.high * count.high)


def _dose(drug: str | None, amount: Amount, said: Said) -> Dose:
    return Dose(
        drug=drug,
        dose_low=decimal(min(amount.low, _MOST)),
        dose_high=decimal(min(amount.high, _MOST)),
        unit=amount.unit or "mg",
        per_kg=amount.per_kg,
        per_m2=amount.per_m2,
        basis=said.basis or amount.basis or "dose",
        frequency_per_day=None if said.a_day is None else decimal(said.a_day, to=_PLACES),
        route=said.route,
        duration_days=None if said.days is None else decimal(said.days, to=_PLACES),
        role=said.role,
        span=(amount.start, amount.end),
    )


def decimal(value: Fraction, to: Decimal | None = None) -> Decimal:
    """``value``, exact where it can be, otherwise (or if ``to`` asks for it) to four places."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    if to is not None or exact * value.denominator != value.numerator:
        exact = exact.quantize(_PLACES, ROUND_HALF_EVEN) if abs(exact) < Decimal(10) ** 20 else exact
    exact = exact.normalize()
    return exact if exact.as_tuple().exponent <= 0 else Decimal(int(exact))  # type: ignore[operator]
