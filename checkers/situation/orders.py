"""The orders of a text: for each drug and amount what is to be given, in all the words that state it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from checkers.dosing.names import How
from checkers.situation.amounts import Amount, amount_of, concentrations
from checkers.situation.manner import Manner, is_refused, manner
from checkers.situation.mentions import Mention, Standing
from checkers.situation.setting import is_in_a_table, is_of_a_day, is_study, is_total, is_worked_out
from checkers.situation.ways import implied_way
from checkers.types import Dose

if TYPE_CHECKING:
    from checkers.dosing.read import Reading

_ROUNDS = Decimal(1) / 28
"""Times a day: what is given every four weeks or more seldom."""
_REACH = 600
"""Code points within which an amount and the name of its drug belong together."""
_TOLD = ("held", "stopped", "negated", "contrast", "history", "allergy")
_RATIO = re.compile(r"\b1\s?(?:in|:)\s?10?[ ,]?000\b|\b1:\d")
_EQUATION = re.compile(r"\d\s*m?c?g\s*=\s*\d[\d.]*\s*mL|\d[\d.]*\s*mL\s*=", re.IGNORECASE)
_SCHEDULED = re.compile(r"\b(?:around[- ]the[- ]clock|ATC|scheduled|regularly|regular)\b", re.IGNORECASE)
_TAKEN_UP = re.compile(r"\b(?:re-?start|resume|recommence|reinitiate|reintroduce)\b", re.IGNORECASE)
_PER_GRAM = re.compile(
    r"\b(?:minutes?|mins?|hours?|h)\s*(?:per|/|for each|for every|each)\s*(?:1\s*)?(?:gram|g)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Order:
    """One amount of one drug. ``doses`` state it, more than once if the text says it again ("15 mg/kg (300 mg)").

    ``product`` is the drug as the text names it (a combination of which ``drug`` is a part); ``is_active`` says that it is to
    be given, and is no limit, no history, no table. ``minutes`` is how long one dose runs in. ``said`` are the words around
    it at ``words``, ``manner`` is how they mean it. ``at_most`` are ceilings of a day that the text states for it,
    ``most_often`` is the number of doses that it allows in one. ``units_per_mg`` is set for a drug that the tables have in
    units or milligrams (``counted_in``) and prose in either. ``is_bag`` says that the amount is what a bag holds, which runs
    in at a rate; ``bag`` is the number of the order of such a bag.
    ``often`` is times a day, ``None`` for "may repeat every 2 minutes", which goes on for a few doses and not all day.
    """

    drug: str | None
    product: str | None
    how: How | None
    doses: tuple[Dose, ...]
    number: int
    sentence: int
    words: tuple[int, int]
    said: str
    standing: Standing
    is_active: bool
    is_limit: bool
    minutes: Decimal | None
    manner: Manner
    derived: Amount | None = None
    at_most: tuple[Amount, ...] = ()
    most_often: Decimal | None = None
    units_per_mg: Decimal | None = None
    counted_in: str | None = None
    is_bag: bool = False
    bag: int | None = None
    often: Decimal | None = field(init=False)
    route: str | None = field(init=False)

    def __post_init__(self) -> None:
        often = (dose.frequency_per_day for dose in self.doses if dose.frequency_per_day is not None)
        object.__setattr__(self, "often", None if self.manner.repeats else next(often, None))
        routes = (dose.route for dose in self.doses if dose.route is not None)
        object.__setattr__(self, "route", next(routes, None) or implied_way(self.said, self.drug))

    @property
    def which(self) -> tuple[object, ...]:
        """What tells it from the other orders of its text."""
        return self.number, self.drug, self.is_limit, self.is_active

    @property
    def first(self) -> Dose:
        """The dose that stands first."""
        return self.doses[0]

    @property
    def span(self) -> tuple[int, int]:
        """Where the first dose stands."""
        return self.doses[0].span

    @property
    def days(self) -> Decimal | None:
        """For how many days. Rounds that lie months apart are no course of days."""
        if self.often is not None and self.often <= _ROUNDS:
            return None
        return next((dose.duration_days for dose in self.doses if dose.duration_days is not None), None)

    def stated(self) -> tuple[tuple[Dose, Amount], ...]:
        """What its doses come to as they are stated: a volume stays one, though its strength is known."""
        return tuple((dose, amount) for dose in self.doses if (amount := amount_of(dose)) is not None)

    def amounts(self) -> tuple[tuple[Dose, Amount], ...]:
        """What its doses come to, in units that can be compared: without volumes and tablets if anything else is stated."""
        found = tuple((dose, self._counted(amount)) for dose, amount in self.stated())
        held = [pair for pair in found if pair[1].kind in ("mass", "units", "amount", "activity", "mg PE", "MME")]
        if not held and self.derived is not None:
            return ((self.doses[0], self.derived),)
        return tuple(held) or found

    def _counted(self, amount: Amount) -> Amount:
        """``amount`` in the kind of measure that the tables have the drug in."""
        if self.units_per_mg is None or {amount.kind, self.counted_in} != {"mass", "units"}:
            return amount
        factor = 1 / self.units_per_mg if amount.kind == "units" else self.units_per_mg
        return replace(amount.times(factor), kind=str(self.counted_in))

    @property
    def times_a_day(self) -> Decimal:
        """How often it counts for the amount of a day: at least once, and no more often than the text allows."""
        often = max(self.often or Decimal(1), Decimal(1))
        return often if self.most_often is None else min(often, self.most_often)

    def capped(self, total: Decimal, amount: Amount) -> Decimal:
        """``total`` of a day in the terms of ``amount``, or less if the text itself allows only less."""
        terms = (amount.kind, amount.per_kg, amount.per_m2)
        return min([total, *(one.high for one in self.at_most if (one.kind, one.per_kg, one.per_m2) == terms)])

    def a_day(self) -> Amount | None:
        """What it comes to in a day, by its first absolute amount; ``None`` if that is not stated."""
        for _, amount in self.amounts():
            if amount.per_kg or amount.per_m2:
                continue
            if amount.per == "day":
                return amount
            if amount.per == "dose" and (self.often or self.manner.once):
                day = amount.times(self.times_a_day)
                return replace(day, low=self.capped(day.low, day), high=self.capped(day.high, day))
        return None


def orders(text: str, readings: Sequence[Reading], named: Sequence[Mention]) -> tuple[Order, ...]:
    """Every order of ``text``, in its order."""
    groups: dict[tuple[int, str | None, bool, bool], list[Reading]] = {}
    for reading in readings:
        role = reading.dose.role
        groups.setdefault((reading.order, reading.dose.drug, role == "maximum", role == "history"), []).append(reading)
    in_parts = {reading.order for reading in readings if _is_part(reading)}
    found = []
    for (number, drug, is_limit, is_history), group in groups.items():
        first = group[0]
        if (
            number in in_parts
            and not _is_part(first)
            and all(r.dose.unit in ("tablet", "capsule", "puff", "inhalation", "sachet") for r in group)
        ):
            continue  # a combination of which the parts are known
        standing = "history" if is_history else _standing(text, first, named)
        if standing not in _TOLD and is_refused(text, group[-1].dose.span[1]):
            standing = "negated"
        said = text[first.words[0] : first.words[1]]
        active = (
            standing not in _TOLD
            and not is_limit
            and not is_in_a_table(text, first.dose.span[0], first.dose.drug, named)
            and not is_study(text, first.dose.span)
            and not is_total(text, first.dose.span)
            and not is_worked_out(text, first.dose.span)
        )
        found.append(
            Order(
                drug=drug,
                product=first.name.ingredient or None if first.name else None,
                how=first.name.how if first.name else None,
                doses=_amounts_of(text, group, said),
                number=number,
                sentence=first.sentence,
                words=first.words,
                said=said,
                standing=standing,
                is_active=active,
                is_limit=is_limit,
                minutes=None if first.minutes is None or _PER_GRAM.search(said) else _decimal(first),
                manner=manner(said, (one.dose.frequency_per_day for one in group)),
                derived=_derived(text, first),
            )
        )
    found.sort(key=lambda order: order.span)
    limits: dict[str | None, list[Order]] = {}
    for order in found:
        if order.is_limit:
            limits.setdefault(order.drug, []).append(order)
    return tuple(_limited(order, limits.get(order.drug, ())) for order in found)


def _limited(order: Order, limits: Sequence[Order]) -> Order:
    """``order`` with the ceilings of a day that the text states for its drug, unless it is given around the clock.

    They stand behind it in its sentence or the next: "50 mg every 4 h, maximum 240 mg in 24 hours".
    """
    if order.is_limit or not limits or _SCHEDULED.search(order.said):
        return order
    counts = [one.often for one in limits if one.span == order.span and one.often]
    amounts = tuple(
        replace(amount, per="day")
        for limit in limits
        if limit.span > order.span and limit.sentence - order.sentence in (0, 1)
        for _, amount in limit.amounts()
        if amount.per == "day" or (amount.per == "dose" and (limit.often == 1 or _is_of_more(amount, order)))
    )
    return replace(order, at_most=amounts, most_often=min(counts, default=None))


def _is_of_more(limit: Amount, order: Order) -> bool:
    """Whether a bare ceiling can only be a day's: "500 mg to 1 g every 4 to 6 hours (to a maximum of 4 g)"."""
    amounts = [one for _, one in order.amounts() if (one.kind, one.per_kg, one.per_m2) == (limit.kind, False, False)]
    return bool(amounts) and not limit.per_kg and all(limit.high >= 3 * one.high for one in amounts)


def _amounts_of(text: str, group: Sequence[Reading], said: str) -> tuple[Dose, ...]:
    """The doses of a group, without the "1 mg = 1 mL" that tells what a solution of 1:1000 holds.

    What stands under "whole day" or "total daily dose" is the amount of a day.
    """
    doses = tuple(
        dose.model_copy(update={"basis": "day"}) if dose.basis == "dose" and is_of_a_day(text, dose.span) else dose
        for dose in (reading.dose for reading in group)
    )
    if len(doses) > 1 and _RATIO.search(said):
        held = tuple(
            dose for dose in doses if not _EQUATION.search(said, max(0, dose.span[0] - group[0].words[0] - 10))
        )
        return (doses[0], *(dose for dose in held if dose is not doses[0])) if doses[0] not in held else held
    return doses


def _decimal(reading: Reading) -> Decimal | None:
    minutes = reading.minutes
    return None if minutes is None else Decimal(minutes.numerator) / Decimal(minutes.denominator)


def _is_part(reading: Reading) -> bool:
    return (
        reading.name is not None
        and reading.dose.drug in reading.name.parts
        and reading.dose.drug != reading.name.ingredient
    )


def _standing(text: str, reading: Reading, named: Sequence[Mention]) -> Standing:
    """That of the nearest name of the drug before the amount in the same sentence, else of one right behind it."""
    at = reading.dose.span
    drug = reading.dose.drug
    near = named[bisect_left(named, at[0] - _REACH, key=_start) : bisect_right(named, at[1] + _REACH, key=_start)]
    mine = [m for m in near if drug and (m.ingredient == drug or drug in m.parts)]
    before = [
        m
        for m in mine
        if m.span[1] <= at[0] + 1 and not re.search(r"[;](?=\s)|[.](?=\s+[A-Z])|\n", text[m.span[1] : at[0]])
    ]
    behind = [m for m in mine if at[1] <= m.span[0] <= at[1] + 40]
    nearest = behind[0] if behind and not before else before[-1] if before else None
    if nearest is None or nearest.standing in ("measured", "said"):
        return "ordered"
    if nearest.standing in ("stopped", "held", "negated", "history") and _TAKEN_UP.search(text, nearest.span[1], at[0]):
        return "ordered"  # "after three weeks off it restart 200 mg"
    return nearest.standing


def _start(mention: Mention) -> int:
    return mention.span[0]


def _derived(text: str, reading: Reading) -> Amount | None:
    """The mass in a volume of a concentration stated shortly before or right behind it: "2% 5 mL" is 100 mg."""
    amount = amount_of(reading.dose)
    if amount is None or amount.kind != "volume":
        return None
    start, end = reading.dose.span
    stop = min(reading.words[1], end + 40)
    stated = concentrations(text[max(reading.words[0], start - 40) : stop])
    if len(stated) > 1:
        stated = concentrations(
            text[end:stop]
        )  # what stands before it is another's: "10 mL of 0.9% saline, then 2 mL of ..."
    if len(stated) != 1:
        return None
    one = stated[0]
    return Amount(amount.low * one.low, amount.high * one.low, one.kind, amount.per, amount.per_kg, amount.per_m2)
