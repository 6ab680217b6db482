"""FHIR to Patient: what a chart tells of the facts that the rules use, what it does not, and why not.

Nothing is guessed. A fact is taken where it is recorded, still holds and can be read; everything else is unknown, and where
something is recorded that cannot be used the reason is kept (``Gap``). A list of which only a part is known gives what it
has, so that an interaction with it is still found, and is named in ``partial`` so that nobody takes it for the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from cdss.fhir import allergies, conditions, medications, observations, pregnancy
from cdss.fhir.allergies import Known
from cdss.fhir.dates import span, years_between
from cdss.fhir.facts import Fact, Gap
from cdss.fhir.medications import Taken
from cdss.fhir.resources import AllergyIntolerance, Condition, Person, all_of
from checkers.types import Patient

_BIRTH_SEX = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex"


@dataclass(frozen=True, slots=True)
class Chart:
    """A patient as the rules see them, each fact with its date and source, and what is not known though it is recorded.

    ``partial`` names the lists of which only a part is known, with the reason. ``taken`` are those of ``patient`` with
    their ids, so that an order can be told from the copy of it that the chart already holds.
    """

    patient: Patient
    facts: tuple[Fact, ...] = ()
    gaps: tuple[Gap, ...] = ()
    partial: Mapping[str, str] = field(default_factory=dict)
    taken: tuple[Taken, ...] = ()
    deceased: bool = False


def read_chart(
    resources: Iterable[Mapping[str, Any]], *, as_of: date, partial: Mapping[str, str] | None = None
) -> Chart:
    """The chart that ``resources`` of one patient make. ``partial`` says of which lists not all could be had, and why."""
    given = list(resources)
    person = next(iter(all_of(given, Person)), Person())
    seen = observations.of_use(given, as_of=as_of)
    maternal = [one for one in seen if observations.coded(one, observations.maternal_codes())]
    problems = all_of(given, Condition)
    facts: list[Fact] = []
    gaps: list[Gap] = []
    age = _age(person, as_of, facts, gaps)
    sex = _sex(person, facts, gaps)
    for found in observations.read(seen, as_of=as_of, age_years=age):
        (facts if isinstance(found, Fact) else gaps).append(found)  # type: ignore[arg-type]
    pregnancy.read(maternal, problems, as_of, sex, facts, gaps)
    pregnancy.read_lactation(maternal, as_of, facts)
    known_allergies = allergies.read(all_of(given, AllergyIntolerance))
    known_conditions = conditions.read(problems, as_of=as_of)
    taken, known_medications = medications.read(given, as_of)
    gaps += (*known_allergies.gaps, *known_conditions.gaps, *known_medications.gaps)
    missing = dict(partial or {})
    for name, known in (
        ("allergies", known_allergies),
        ("conditions", known_conditions),
        ("medications", known_medications),
    ):
        if name not in missing and any("can be read" in gap.reason for gap in known.gaps):
            missing[name] = "an entry of it cannot be read"
    by_name = {fact.name: fact.value for fact in facts}
    values = {name: value for name, value in by_name.items() if not name.startswith("labs.")}
    labs = {name[5:]: float(value) for name, value in by_name.items() if name.startswith("labs.")}
    patient = Patient.model_validate(
        {
            **_in_range(values, facts, gaps),
            "labs": labs or None,
            "allergies": _list(known_allergies, missing.get("allergies")),
            "conditions": _list(known_conditions, missing.get("conditions")),
            "medications": _list(known_medications, missing.get("medications")),
        }
    )
    facts = [fact for fact in facts if not any(gap.fact == fact.name for gap in gaps)]
    deceased = bool(person.deceasedBoolean or person.deceasedDateTime)
    return Chart(patient, tuple(facts), tuple(gaps), missing, taken, deceased)


def _list(known: Known, missing: str | None) -> tuple[str, ...] | None:
    """A list that is known to be none counts as such only if all of it is known."""
    return known.items or (None if missing else known.items)


def _in_range(values: dict[str, Any], facts: list[Fact], gaps: list[Gap]) -> dict[str, Any]:
    """``values`` without those that no patient has: a weight of 7,000 kg is a slip, not a fact."""
    kept = {}
    for name, value in values.items():
        try:
            Patient.model_validate({name: value})
        except ValueError:
            gaps.append(Gap(name, f"{value} cannot be right"))
            facts[:] = [fact for fact in facts if fact.name != name]
        else:
            kept[name] = value
    return kept


def _age(person: Person, as_of: date, facts: list[Fact], gaps: list[Gap]) -> float | None:
    born = span(person.birthDate)
    if born is None:
        return None
    first, last = born
    oldest, youngest = years_between(first, as_of), years_between(last, as_of)
    if last > as_of:
        gaps.append(Gap("age_years", "the date of birth is in the future"))
        return None
    if first != last and youngest < 18:
        gaps.append(Gap("age_years", "the date of birth is not exact, and for a child that matters"))
        return None
    age = oldest if first == last else round((oldest + youngest) / 2, 1)
    facts.append(Fact("age_years", age, "years", None, "Patient", None if first == last else "date of birth not exact"))
    return age


def _sex(person: Person, facts: list[Fact], gaps: list[Gap]) -> Literal["female", "male"] | None:
    at_birth = next((one.valueCode for one in person.extension if one.url == _BIRTH_SEX), None)
    birth = {"F": "female", "M": "male"}.get(at_birth or "")
    recorded = {word for word in (birth, person.gender) if word in ("female", "male")}
    if len(recorded) == 2:
        reason = "the sex at birth and the administrative gender differ; say which the calculations should use"
        gaps.append(Gap("sex", reason))
        return None
    sex: Literal["female", "male"] | None = "female" if "female" in recorded else "male" if recorded else None
    if sex is not None:
        facts.append(Fact("sex", sex, None, None, "Patient"))
    return sex
