"""Observations: the newest value of each fact that the rules use, in the rules' unit, if it still holds.

The newest value decides. If it is stale, in a unit that is not known, or no number, the fact is unknown and the reason is
told; an older value never takes its place. Source of codes, units and ages: ``data/loinc.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from cdss.fhir import ucum
from cdss.fhir.dates import first_day, first_instant
from cdss.fhir.facts import Fact, Gap
from cdss.fhir.resources import Component, Observation
from cdss.tables import table

LOINC = "http://loinc.org"
_FIRM = frozenset(("final", "amended", "corrected", "appended"))
_USED = _FIRM | {"preliminary"}
_NEVER = datetime.min.replace(tzinfo=UTC)
_AT_MOST, _AT_LEAST = ("<", "<="), (">", ">=")


@dataclass(frozen=True, slots=True)
class _Value:
    """One value of one fact, not judged yet."""

    name: str
    part: Component
    on: date | None
    at: datetime
    status: str
    source: str | None


def of_use(given: Iterable[Mapping[str, Any]], *, as_of: date) -> list[Observation]:
    """The observations among ``given`` resources that can tell of anything that is used here; a chart has far more.

    Of several with the same codes the newest counts; of those on pregnancy and breast-feeding each, for it may be no answer.
    """
    known = maternal_codes() | _names().keys()
    newest: dict[frozenset[str], datetime] = {}
    found = []
    for one in given:
        codes = frozenset(_written_codes(one)) if one.get("resourceType") == "Observation" else frozenset()
        if known.isdisjoint(codes):
            continue
        written = _written_dates(one)
        on, at = first_day(*written), first_instant(*written) or _NEVER
        if maternal_codes().isdisjoint(codes):
            if codes in newest and at <= newest[codes]:
                continue
            if one.get("status") in _FIRM and _is_past(on, as_of):
                newest[codes] = at
        found.append((codes, at, one))
    return [Observation.read(one) for codes, at, one in found if at >= newest.get(codes, _NEVER)]


def _written_codes(resource: Mapping[str, Any]) -> Iterator[str]:
    """The LOINC codes of a resource and its components, as they are written."""
    parts = resource.get("component")
    for part in (resource, *(parts if isinstance(parts, list) else ())):
        concept = part.get("code") if isinstance(part, Mapping) else None
        codings = concept.get("coding") if isinstance(concept, Mapping) else None
        for coding in codings if isinstance(codings, list) else ():
            if isinstance(coding, Mapping) and coding.get("system") == LOINC and isinstance(coding.get("code"), str):
                yield coding["code"]


def _written_dates(resource: Mapping[str, Any]) -> tuple[str | None, ...]:
    """What ``_dates`` says of a resource that was read."""
    period = resource.get("effectivePeriod")
    ends = (period.get("end") or period.get("start")) if isinstance(period, Mapping) else None
    written = (resource.get("effectiveDateTime"), resource.get("effectiveInstant"), ends)
    return tuple(one if isinstance(one, str) else None for one in written)


@cache
def maternal_codes() -> frozenset[str]:
    """The codes of observations on pregnancy and breast-feeding, which ``cdss.fhir.pregnancy`` reads."""
    pregnancy, lactation = table("loinc")["pregnancy"], table("loinc")["lactation"]
    return frozenset((*pregnancy["status"], *pregnancy["due"], *pregnancy["test"], *lactation["status"]))


def read(observations: Iterable[Observation], *, as_of: date, age_years: float | None) -> Iterator[Fact | Gap]:
    """A fact or a gap for every fact of which something is recorded."""
    newest: dict[str, _Value] = {}
    for value in _values(observations, as_of):
        held = newest.get(value.name)
        if held is None or _rank(value) > _rank(held):
            newest[value.name] = value
    for name in dict.fromkeys(_names().values()):
        if name in newest:
            yield _judged(newest[name], as_of, age_years)


def _rank(value: _Value) -> tuple[datetime, bool]:
    return value.at, value.status != "preliminary"


def _is_past(on: date | None, as_of: date) -> bool:
    """Whether it is not dated in the future; a day's grace is for time zones."""
    return on is None or on <= as_of + timedelta(days=1)


def coded(observation: Observation, codes: Iterable[str]) -> bool:
    """Whether the observation is one of ``codes`` and may be used at all."""
    is_used = observation.status in _USED or observation.status is None
    return is_used and observation.code is not None and bool(observation.code.codes(LOINC) & frozenset(codes))


def taken_on(observation: Observation) -> date | None:
    """The day it holds for; the first that an imprecise date may mean."""
    return first_day(*_dates(observation))


def _dates(observation: Observation) -> tuple[str | None, ...]:
    period = observation.effectivePeriod
    ends = (period.end or period.start) if period else None
    return observation.effectiveDateTime, observation.effectiveInstant, ends


def named(observation: Observation) -> str | None:
    """How the observation is referred to."""
    return f"Observation/{observation.id}" if observation.id else None


def _values(observations: Iterable[Observation], as_of: date) -> Iterator[_Value]:
    for observation in observations:
        if observation.status not in _USED and observation.status is not None:
            continue
        on, at = taken_on(observation), first_instant(*_dates(observation)) or _NEVER
        for part in (observation, *observation.component) if _is_past(on, as_of) else ():
            for code in part.code.codes(LOINC) if part.code else ():
                if name := _names().get(code):
                    yield _Value(name, part, on, at, observation.status or "", named(observation))


@cache
def _names() -> dict[str, str]:
    rows = table("loinc")
    of_facts = {code: name for name, row in rows["facts"].items() for code in row["codes"]}
    return of_facts | {code: f"labs.{name}" for name, row in rows["labs"].items() for code in row["codes"]}


def _row(name: str) -> Mapping[str, Any]:
    rows = table("loinc")
    found: Mapping[str, Any] = rows["labs"][name[5:]] if name.startswith("labs.") else rows["facts"][name]
    return found


def _judged(value: _Value, as_of: date, age_years: float | None) -> Fact | Gap:
    row, quantity = _row(value.name), value.part.valueQuantity
    if quantity is None or quantity.value is None:
        return Gap(value.name, "the newest result is no number")
    number = converted(quantity.value, quantity.code, quantity.unit, row)
    if number is None:
        return Gap(value.name, "the newest result is in a unit that is not known")
    shown, unit = f"{float(number):.4g}", _unit(row)
    said = f"{quantity.comparator or ''} {shown} {unit}".strip()
    if value.on is None:
        return Gap(value.name, f"{said} has no date, so nobody can tell whether it still holds")
    days = (as_of - value.on).days
    if days > _holds(row, value.on, as_of, age_years):
        return Gap(value.name, f"{said} of {value.on.isoformat()} is stale; measure again")
    notes = []
    if quantity.comparator in _AT_MOST:
        notes.append(f"reported as at most {shown}")
    elif quantity.comparator in _AT_LEAST:
        notes.append(f"reported as at least {shown}")
    if value.status == "preliminary":
        notes.append("preliminary")
    return Fact(value.name, round(float(number), 6), unit or None, value.on, value.source, "; ".join(notes) or None)


def _unit(row: Mapping[str, Any]) -> str:
    return "" if row["unit"] == "1" else str(row["unit"]).replace("{1.73_m2}", "1.73 m²")


def _holds(row: Mapping[str, Any], on: date, as_of: date, age_years: float | None) -> int:
    """For how many days; of what grows, by the age when it was taken."""
    if age_years is not None:
        then = age_years - (as_of - on).days / 365.25
        for limit in row.get("growing", ()):
            if then < limit["below_years"]:
                return int(limit["days"])
    return int(row["days"])


def converted(value: Decimal, code: str | None, unit: str | None, row: Mapping[str, Any]) -> Fraction | None:
    """``value`` in the unit of ``row``; ``None`` where its own unit is not known or does not convert."""
    number, target = Fraction(value), ucum.read(row["unit"])
    assert target is not None
    written = code or unit
    if written is None:
        return number if row["unit"] == "1" else None
    linear: Mapping[str, str] | None = row.get("linear")
    if linear is not None and linear["unit"] in (code, (unit or "").casefold()):
        return number * Fraction(linear["slope"]) + Fraction(linear["offset"])
    for name in (code, unit):
        found = ucum.read(name) if name else None
        factor = None if found is None else _factor(found, target, row)
        if factor is not None:
            return number * factor
    return None


def _factor(source: ucum.Unit, target: ucum.Unit, row: Mapping[str, Any]) -> Fraction | None:
    ratio = source.factor / target.factor
    if source.dimensions == target.dimensions:
        return ratio
    per_kind = _mass_of(row)
    mine, theirs = _substance(source), _substance(target)
    if mine is None or theirs is None or mine[1] != theirs[1] or not per_kind[mine[0]] or not per_kind[theirs[0]]:
        return None
    return ratio * per_kind[mine[0]] / per_kind[theirs[0]]


def _mass_of(row: Mapping[str, Any]) -> dict[str, Fraction]:
    """What one unit of each kind weighs; where no molar mass is given a mole counts as one, and masses do not convert."""
    mole, valence = Fraction(row.get("molar_mass", 0)), row.get("valence", 0)
    mass = Fraction(1) if mole else Fraction(0)
    mole = mole or Fraction(1)
    return {"mass": mass, "amount": mole, "equivalents": mole / valence if valence else Fraction(0)}


def _substance(unit: ucum.Unit) -> tuple[str, tuple[tuple[str, int], ...]] | None:
    """Which of mass, amount and equivalents it counts, and the rest of its dimensions."""
    kinds = [name for name, power in unit.dimensions if name in ("mass", "amount", "equivalents") and power == 1]
    if len(kinds) != 1:
        return None
    return kinds[0], tuple(pair for pair in unit.dimensions if pair[0] != kinds[0])
