"""What the rows of a medicine must keep to, whoever wrote them. Each check yields what is wrong, in words.

A way of giving may reach its ceilings without keeping below them: "25 to 100 mg, again after 2 hours, at most 200 mg a day" is
limited by the day and not by the interval. So a day is counted at the longest interval, and a ceiling that is narrowed to
a form or an indication stands, for what is given in that form or for that, instead of the general one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from checkers.formulary.fields import Band
from checkers.formulary.rows import GUARDS, Guard, Maximum, Medicine, Regimen
from checkers.situation.amounts import measure
from checkers.tables import table

HIGHER_IN_CHILDREN = ("palonosetron",)
"""By its label: 20 mcg/kg up to 1.5 mg under 17 years, 0.25 mg from then on."""
_DAY, _SOON = Decimal(24), Decimal(1)
"""Hours: what is given again sooner than after one is given a few times, and not all day."""
_ADULT = Decimal(18)
_GROWN = Band.model_validate({"from": _ADULT})
Of = Literal["single", "daily"]


def faults(medicine: Medicine) -> list[str]:
    """All that is wrong with the rows of ``medicine``; none of them knows of another medicine."""
    return [f"{check.__name__}: {fault}" for check in CHECKS for fault in check(medicine)]


def names(medicine: Medicine) -> Iterator[str]:
    """It is in the table of names."""
    drugs = table("drugs")
    if medicine.name not in drugs["drugs"] and medicine.name not in drugs["combinations"]:
        yield "not among the drugs"


def whole(medicine: Medicine) -> Iterator[str]:
    """It has a way of giving, and a ceiling of a dose or of a day."""
    if not medicine.regimen:
        yield "no way of giving"
    if all(row.single is None and row.daily is None for row in medicine.maximum):
        yield "no ceiling"


def sourced(medicine: Medicine) -> Iterator[str]:
    """A row is verified if and only if it names its source."""
    yield from (str(row) for row in medicine.rows() if row.verified != (row.source is not None))


def units(medicine: Medicine) -> Iterator[str]:
    """Its rows measure it in what it is measured in; puffs and tablets count it."""
    rows: list[Regimen | Maximum] = [*medicine.regimen, *medicine.maximum]
    for row in rows:
        kind = measure(row.unit)[0]
        if kind in ("mass", "units", "amount", "volume") and kind not in medicine.measured_in:
            yield f"{row.unit} is none of {medicine.measured_in}: {row}"


def a_day_is_a_day(medicine: Medicine) -> Iterator[str]:
    """The amount of a day is given at least daily; what a patch gives off in a day is the amount of one patch."""
    for row in medicine.regimen:
        if row.per == "day" and row.every_hours is not None and row.every_hours[1] > _DAY:
            yield str(row)


def one_dose(medicine: Medicine) -> Iterator[str]:
    """The highest usual dose is within the ceilings of a dose, and of a day."""
    for row in medicine.regimen:
        if row.per != "dose":
            continue
        top = row.dose[1] if row.max_single is None else min(row.dose[1], row.max_single)
        yield from _passed(medicine, row, top, ("single", "daily"))


def one_day(medicine: Medicine) -> Iterator[str]:
    """The most that is given in a day, the highest dose at the longest interval, is within the ceilings of a day."""
    for row in medicine.regimen:
        if row.per == "day":
            yield from _passed(medicine, row, row.dose[1], ("daily",))
        elif row.per == "dose" and row.every_hours is not None and _SOON <= row.every_hours[1] <= _DAY:
            times = _DAY / row.every_hours[1]
            low, high = (end * times if row.max_daily is None else min(end * times, row.max_daily) for end in row.dose)
            yield from _passed(medicine, row, low, ("daily",), every=True)
            yield from _passed(medicine, row, high, ("daily",))


def _passed(
    medicine: Medicine, row: Regimen, amount: Decimal, of: Sequence[Of], *, every: bool = False
) -> Iterator[str]:
    """Ceilings that ``amount`` passes: the widest that is about the row, or, where ``every``, any that surely is."""
    limits = [(one, limit) for one in of for limit in _limits(medicine, row, one)]
    if not limits:
        return
    sure = [limit for _, (limit, is_sure) in limits if is_sure]
    widest = max(limit for _, (limit, _) in limits)
    least = min(sure) if every and sure else widest
    if amount > least:
        yield f"{amount} {row.unit} passes {least}: {row}"


def _limits(medicine: Medicine, row: Regimen, of: Of) -> Iterator[tuple[Decimal, bool]]:
    """Ceilings in the row's measure that somebody who is given the row falls under, and whether everybody does."""
    about = [one for one in medicine.maximum if getattr(one, of) is not None and _is_about(one, row)]
    narrow = [one for one in about if _is_for_the_same(one, row)]
    for one in narrow or [one for one in about if not one.form and not one.indication]:
        value = _in_unit(getattr(one, of), one.unit, row.unit)
        if value is not None:
            yield value, _within(row.age, one.age) and _within(row.weight_kg, one.weight_kg)


def _is_about(maximum: Maximum, row: Regimen) -> bool:
    alike = (maximum.per_kg, maximum.per_m2) == (row.per_kg, row.per_m2)
    routed = not maximum.route or set(maximum.route) & set(row.route)
    return alike and bool(routed) and _meet(maximum.age, row.age) and _meet(maximum.weight_kg, row.weight_kg)


def _is_for_the_same(maximum: Maximum, row: Regimen) -> bool:
    pairs = ((maximum.form, row.form), (maximum.indication, row.indication))
    return any(words for words, _ in pairs) and all(not words or set(words) & set(others) for words, others in pairs)


def child(medicine: Medicine) -> Iterator[str]:
    """A child is capped no higher than an adult is."""
    if medicine.name in HIGHER_IN_CHILDREN:
        return
    for row in medicine.regimen:
        young = row.per_kg or (row.age is not None and row.age.below is not None and row.age.below <= _ADULT)
        if row.max_single is None or not young:
            continue
        adult = [
            value
            for one in medicine.maximum
            if not (one.per_kg or one.per_m2) and _meet(one.age, _GROWN) and (not one.route or set(one.route) & set(row.route))
            for limit in (one.single, one.daily)
            if limit is not None and (value := _in_unit(limit, one.unit, row.unit)) is not None
        ]  # fmt: skip
        if adult and row.max_single > max(adult):
            yield f"{row.max_single} {row.unit} passes {max(adult)}: {row}"


def tiers(medicine: Medicine) -> Iterator[str]:
    """Bands of one measure that hold for the same people and limit the same thing neither overlap nor leave a gap."""
    for kind in GUARDS:
        groups: dict[tuple[object, ...], list[Band]] = defaultdict(list)
        for guard in medicine.guards(kind):
            for name, band in (("crcl", guard.crcl), ("egfr", guard.egfr), (guard.lab or "", guard.value)):
                if band is not None:
                    groups[(name, *_rest(guard))].append(band)
        for bands in groups.values():
            bands.sort(key=lambda band: (band.from_ is not None, band.from_ or 0))
            yield from (f"{kind} {low} {high}" for low, high in pairwise(bands) if low.below != high.from_)


def _rest(guard: Guard) -> tuple[object, ...]:
    """What else must hold for ``guard``, and what it limits."""
    where = (guard.route, guard.form, guard.indication, guard.role)
    who = (guard.age, guard.sex, guard.weight_kg, guard.dialysis, guard.pregnant)
    ill = (guard.condition, guard.without_condition)
    limits = (guard.max_single is None, guard.max_daily is None, guard.min_every_hours is None, guard.per_kg)
    return (*where, *who, *ill, *limits, guard.severity if guard.lab is None else "")


CHECKS: tuple[Callable[[Medicine], Iterator[str]], ...] = (
    names, whole, sourced, units, a_day_is_a_day, one_dose, one_day, child, tiers,
)  # fmt: skip


def _in_unit(value: Decimal, unit: str, other: str) -> Decimal | None:
    """``value`` of ``unit`` in ``other``; none where the one does not convert into the other."""
    (kind, factor), (wanted, per) = measure(unit), measure(other)
    return value * factor / per if kind == wanted else None


def _meet(one: Band | None, other: Band | None) -> bool:
    """Whether a value could lie in both; no band is every value."""
    if one is None or other is None:
        return True
    low = max((end for end in (one.from_, other.from_) if end is not None), default=None)
    high = min((end for end in (one.below, other.below) if end is not None), default=None)
    return low is None or high is None or low < high


def _within(inner: Band | None, outer: Band | None) -> bool:
    if outer is None:
        return True
    if inner is None:
        return False
    low = outer.from_ is None or (inner.from_ is not None and inner.from_ >= outer.from_)
    high = outer.below is None or (inner.below is not None and inner.below <= outer.below)
    return low and high
