"""FHIR to Patient: age, sex and pregnancy, and whatever else is sent."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdss.patient import Chart
from checkers.types import Patient
from tests.cdss.charts import ICD10, SNOMED, chart
from tests.cdss.fhir.builders import concept, condition, measured, observation, patient


def test_nothing_is_known_of_nobody() -> None:
    assert chart().patient == Patient()


@pytest.mark.parametrize(
    ("birth", "age"),
    [("1986-06-15", 40.0), ("1986-06-16", 39.9973), ("2026-06-01", 0.0384), ("1986", 40.0), ("2024", None),
     ("2027-01-01", None), ("soon", None), (None, None)],
)  # fmt: skip
def test_age(birth: str | None, age: float | None) -> None:
    found = chart(patient(birth=birth)).patient.age_years
    assert found == (pytest.approx(age, abs=0.1 if birth == "1986" else 1e-3) if age is not None else None)


def test_a_sex_that_is_recorded_in_two_ways_is_not_guessed() -> None:
    birth = [{"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex", "valueCode": "F"}]
    assert chart(patient(gender="male", extension=birth)).patient.sex is None
    assert chart(patient(gender="other", extension=birth)).patient.sex == "female"
    assert chart(patient(gender="other")).patient.sex is None


def pregnancy(code: str, on: str) -> dict[str, Any]:
    return observation("82810-3", on, valueCodeableConcept=concept(code=code, system=SNOMED))


def _ongoing(**more: Any) -> dict[str, Any]:
    return condition("x", code=concept(code="72892002", system=SNOMED), **more)


@pytest.mark.parametrize(
    ("resources", "pregnant", "weeks"),
    [
        ((pregnancy("77386006", "2026-06-01"),), True, None),
        ((pregnancy("60001007", "2026-06-01"),), False, None),
        ((pregnancy("60001007", "2025-06-01"),), None, None),
        ((observation("11778-8", "2026-03-01", valueDateTime="2026-08-24"),), True, 30.0),
        ((measured("18185-9", 20, "wk", "2026-05-04"),), True, 26.0),
        ((measured("18185-9", 20, "wk", "2025-05-04"),), None, None),
        ((_ongoing(onsetDateTime="2026-03-01"),), True, None),
        ((_ongoing(onsetDateTime="2023-03-01"),), None, None),
        ((_ongoing(onsetDateTime="2026-03-01", clinical="resolved"),), None, None),
        ((condition("x", code=concept(code="Z3A.20", system=ICD10), recordedDate="2026-06-01"),), True, 22.0),
        ((_ongoing(onsetDateTime="2026-03-01"), pregnancy("60001007", "2026-06-01")),
         None, None),
    ],
)  # fmt: skip
def test_pregnancy(resources: tuple[dict[str, Any], ...], pregnant: bool | None, weeks: float | None) -> None:
    found = chart(patient(), *resources).patient
    assert (found.pregnant, found.gestation_weeks) == (pregnant, weeks)
    assert chart(patient(gender="male"), *resources).patient.pregnant is None


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["Patient", "final", "#med", "2026-01-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_FIELDS = st.sampled_from(
    ["id", "status", "code", "birthDate", "gender", "dosageInstruction", "medicationCodeableConcept", "medicationReference",
     "contained", "valueQuantity", "component", "reaction", "clinicalStatus", "effectiveDateTime", "extension", "coding"]
)  # fmt: skip
_KINDS = st.sampled_from(
    ["Patient", "Observation", "Condition", "AllergyIntolerance", "MedicationRequest", "MedicationStatement", "x"]
)


@settings(deadline=None)
@given(st.lists(st.tuples(_KINDS, st.dictionaries(_FIELDS, _JSON, max_size=6)), max_size=4))
def test_whatever_is_sent_gives_a_chart(sent: list[tuple[str, dict[str, Any]]]) -> None:
    assert isinstance(chart(*({**fields, "resourceType": kind} for kind, fields in sent)), Chart)
