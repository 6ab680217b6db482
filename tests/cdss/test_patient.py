"""FHIR to Patient: what is taken, what stays unknown, and the reason."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdss.patient import Chart, read_chart
from cdss.tables import table
from checkers.situation.labs import catalogued
from checkers.types import Patient
from tests.cdss.fhir.builders import allergy, concept, condition, dosage, measured, observation, patient, request

TODAY = date(2026, 6, 15)
SYNTHEA = Path(__file__).parents[3] / "shared" / "fixtures" / "synthea-r4"
SNOMED = "http://snomed.info/sct"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
IPS = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"


def chart(*resources: Mapping[str, Any], **more: Any) -> Chart:
    return read_chart(resources, as_of=TODAY, **more)


def reasons(found: Chart, fact: str) -> str:
    return "; ".join(gap.reason for gap in found.gaps if gap.fact == fact)


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


# --- observations ---


def test_the_newest_value_counts_in_the_rules_unit() -> None:
    found = chart(
        patient(),
        measured("2160-0", 1.0, "mg/dL", "2026-01-01"),
        measured("2160-0", 176.8, "umol/L", "2026-06-01"),
        measured("29463-7", 150, "[lb_av]", "2026-05-01"),
    )
    assert found.patient.creatinine_mg_dl == pytest.approx(2.0, abs=1e-3)
    assert found.patient.weight_kg == pytest.approx(68.039, abs=1e-3)
    fact = next(fact for fact in found.facts if fact.name == "creatinine_mg_dl")
    assert (fact.on, fact.source) == (date(2026, 6, 1), "Observation/o-2160-0-2026-06-01")


@pytest.mark.parametrize(
    ("newest", "reason"),
    [
        (measured("2160-0", 1.0, "mg/dL", "2024-06-01"), "1 mg/dL of 2024-06-01 is stale"),
        (measured("2160-0", 1.0, "mg/dL", None), "no date"),
        (measured("2160-0", 1.0, "furlong", "2026-06-01"), "unit that is not known"),
        (observation("2160-0", "2026-06-01", valueString="high"), "no number"),
        (observation("2160-0", "2026-06-01", valueQuantity={"value": 1.0}), "unit that is not known"),
        (measured("2160-0", 4000, "mg/dL", "2026-06-01"), "cannot be right"),
    ],
)
def test_a_value_that_does_not_hold_is_unknown_and_says_why(newest: dict[str, Any], reason: str) -> None:
    older = measured("2160-0", 0.9, "mg/dL", "2024-01-01")
    found = chart(patient(), *([older] if newest["effectiveDateTime"] else []), newest)
    assert found.patient.creatinine_mg_dl is None
    assert reason in reasons(found, "creatinine_mg_dl")


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled", "registered", "unknown"])
def test_a_result_that_is_none_is_not_looked_at(status: str) -> None:
    found = chart(patient(), measured("2823-3", 7.0, "mmol/L", "2026-06-14", status=status))
    assert found.patient.labs is None
    assert not found.gaps


def test_a_result_of_the_future_is_not_looked_at() -> None:
    assert chart(patient(), measured("2823-3", 7.0, "mmol/L", "2026-08-01")).patient.labs is None


def test_a_comparator_and_a_preliminary_result_are_told() -> None:
    found = chart(
        patient(),
        measured("33914-3", 60, "mL/min/{1.73_m2}", "2026-06-01", comparator=">"),
        measured("2823-3", 7.0, "mmol/L", "2026-06-14", status="preliminary"),
    )
    assert found.patient.egfr == 60
    assert {fact.name: fact.note for fact in found.facts if fact.note} == {
        "egfr": "reported as at least 60",
        "labs.potassium": "preliminary",
    }


def test_a_childs_weight_holds_for_less_long_than_an_adults() -> None:
    weight = measured("29463-7", 9, "kg", "2026-01-15")
    assert chart(patient(birth="1980-01-01"), measured("29463-7", 70, "kg", "2026-01-15")).patient.weight_kg == 70
    assert chart(patient(birth="2025-01-15"), weight).patient.weight_kg is None
    assert chart(patient(birth="2010-01-15"), measured("29463-7", 60, "kg", "2026-01-15")).patient.weight_kg == 60


def test_blood_pressure_comes_from_its_components() -> None:
    part = {
        "code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]},
        "valueQuantity": {"value": 142, "unit": "mmHg"},
    }
    assert chart(patient(), observation("85354-9", "2026-06-10", component=[part])).patient.labs == {
        "systolic_mm_hg": 142
    }


def test_the_labs_are_called_as_the_rules_call_them() -> None:
    for name in table("loinc")["labs"]:
        values, _ = catalogued({name: 1.0})
        known, doubts = catalogued({name: 100.0})
        assert values.keys() | known.keys() | {doubt.name for doubt in doubts} != set(), name


# --- lists ---


def test_allergies() -> None:
    found = chart(
        patient(),
        allergy(
            "Penicillin G",
            criticality="high",
            reaction=[{"manifestation": [{"text": "Anaphylaxis"}], "severity": "severe"}],
        ),
        allergy("Aspirin", verification="refuted"),
        allergy("Sulfonamide", clinical="resolved"),
        allergy("Codeine", type="intolerance", reaction=[{"manifestation": [{"text": "Nausea"}]}]),
    )
    assert found.patient.allergies == (
        "Penicillin G (Anaphylaxis, severe reaction, high risk)",
        "Codeine (Nausea, intolerance)",
    )


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        ((), None),
        ((allergy("No known drug allergies"),), ()),
        ((allergy("NKDA"),), ()),
        ((allergy(None, code=concept(code="716186003", system=SNOMED)),), ()),
        ((allergy("No known food allergy"),), None),
        ((allergy("x", code=concept(code="no-allergy-info", system=IPS)),), None),
        ((allergy("Penicillin", verification="refuted"),), None),
        ((allergy("No known allergies", verification="refuted"),), None),
        ((allergy("No known allergies"), allergy("Penicillin")), ("Penicillin",)),
        ((allergy(None),), None),
    ],
)  # fmt: skip
def test_none_known_is_not_unknown(resources: tuple[dict[str, Any], ...], expected: tuple[str, ...] | None) -> None:
    found = chart(patient(), *resources)
    if resources and expected is None and not reasons(found, "allergies"):
        assert found.patient.allergies in (None, ("No known food allergy",))
    else:
        assert found.patient.allergies == expected


def test_conditions() -> None:
    found = chart(
        patient(),
        condition("Epilepsy (disorder)"),
        condition("Asthma", clinical="resolved"),
        condition("Gout", clinical=None, abatementDateTime="2020"),
        condition("Lupus", verification="refuted"),
        condition("Sepsis", verification="differential"),
        condition(None, code=concept(code="N18.4", system=ICD10)),
    )
    assert found.patient.conditions == (
        "Epilepsy", "history of Asthma", "history of Gout", "possible Sepsis", "chronic kidney disease stage 4"
    )  # fmt: skip


def test_medicines_coded_contained_and_referenced() -> None:
    inside = {"resourceType": "Medication", "id": "med", "code": {"text": "Warfarin 5 MG Oral Tablet"}}
    outside = {
        "resourceType": "Medication",
        "id": "m9",
        "code": {"coding": [{"display": "Digoxin 0.25 MG Oral Tablet"}]},
    }
    found = chart(
        patient(),
        request("Lisinopril 10 MG Oral Tablet", dosage(1, "{tbl}")),
        request(None, id="m2", contained=[inside], medicationReference={"reference": "#med"}),
        request(None, id="m3", medicationReference={"reference": "https://ehr.example/fhir/Medication/m9"}),
        outside,
        {
            "resourceType": "MedicationStatement",
            "id": "s1",
            "status": "active",
            "medicationCodeableConcept": {"text": "Aspirin"},
        },
        request("Ibuprofen", id="m4", status="stopped"),
        request("Naproxen", id="m5", doNotPerform=True),
        request("Celecoxib", id="m6", intent="proposal"),
    )
    assert found.patient.medications == (
        "Lisinopril 10 mg oral tablet 1 tablet by mouth once daily", "Warfarin oral tablet", "Digoxin oral tablet", "Aspirin"
    )  # fmt: skip
    assert [one.id for one in found.taken][:2] == ["MedicationRequest/m1", "MedicationRequest/m2"]


def test_a_medicine_stopped_lately_is_kept_with_the_days() -> None:
    statement = {
        "resourceType": "MedicationStatement",
        "status": "stopped",
        "medicationCodeableConcept": {"text": "Phenelzine 15 MG Oral Tablet"},
        "effectivePeriod": {"end": "2026-06-05"},
    }
    assert chart(patient(), statement).patient.medications == ("Phenelzine, stopped 10 days ago",)


def test_a_list_of_which_a_part_is_missing_is_never_known_to_be_none() -> None:
    none = request("x", medicationCodeableConcept=concept(code="no-known-medications"))
    assert chart(patient(), none).patient.medications == ()
    assert (
        chart(patient(), none, partial={"medications": "the second page could not be had"}).patient.medications is None
    )
    found = chart(patient(), none, request(None))
    assert found.patient.medications is None
    assert "medications" in found.partial


# --- pregnancy ---


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


# --- hostile and odd ---

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


# --- synthetic patients ---

_BUNDLES = sorted(SYNTHEA.glob("*.json"))


def _resources(path: Path) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in json.loads(path.read_text())["entry"]]


def test_the_synthetic_patients_are_there() -> None:
    if not _BUNDLES:
        pytest.skip("../shared/fixtures/synthea-r4 is not there: the synthetic patients were not mapped")
    assert len(_BUNDLES) == 20


@pytest.mark.parametrize("path", _BUNDLES, ids=lambda path: path.stem[:8])
def test_every_synthetic_patient_maps(path: Path) -> None:
    found = read_chart(_resources(path), as_of=date(2019, 10, 1))
    assert found.patient.age_years is not None
    assert found.patient.sex is not None
    assert not found.partial


@pytest.mark.parametrize("path", _BUNDLES[:10], ids=lambda path: path.stem[:8])
def test_ten_of_them_field_by_field(path: Path) -> None:
    """What the chart must say, worked out here from the resources in another way."""
    as_of, resources = date(2019, 10, 1), _resources(path)
    found = read_chart(resources, as_of=as_of).patient
    person = next(one for one in resources if one["resourceType"] == "Patient")
    born = date.fromisoformat(person["birthDate"])
    had_birthday = (as_of.month, as_of.day) >= (born.month, born.day)
    assert int(found.age_years or 0) == as_of.year - born.year - (not had_birthday)
    assert found.sex == person["gender"]

    def newest(code: str) -> tuple[float, int] | None:
        values = [
            (one["effectiveDateTime"][:10], one["valueQuantity"]["value"])
            for one in resources
            if one["resourceType"] == "Observation"
            and one["code"]["coding"][0]["code"] == code
            and "valueQuantity" in one
            and one["effectiveDateTime"][:10] <= as_of.isoformat()
        ]
        day, value = max(values, default=("", 0.0))
        return (value, (as_of - date.fromisoformat(day)).days) if day else None

    for code, kept, days in (
        ("29463-7", found.weight_kg, 365),
        ("8302-2", found.height_cm, 7305),
        ("33914-3", found.egfr, 365),
        ("718-7", (found.labs or {}).get("hemoglobin"), 180),
        ("777-3", (found.labs or {}).get("platelets"), 180),
    ):
        value = newest(code)
        grown = value is None or (as_of - born).days - value[1] > 18 * 366
        if value is not None and value[1] <= days and grown:
            assert kept == pytest.approx(value[0], rel=1e-6), code
        else:
            assert kept is None, code
    names = [
        ("history of " if one["clinicalStatus"]["coding"][0]["code"] == "resolved" else "")
        + one["code"]["text"].removesuffix(" (disorder)").removesuffix(" (situation)").removesuffix(" (finding)")
        for one in resources
        if one["resourceType"] == "Condition"
    ]
    assert list(found.conditions or ()) == list(dict.fromkeys(names))
    taken = [one for one in resources if one["resourceType"] == "MedicationRequest" and one["status"] == "active"]
    assert len(found.medications or ()) == len({one["medicationCodeableConcept"]["text"] for one in taken})
    for one in taken:
        words = one["medicationCodeableConcept"]["text"].removeprefix("NDA020800 ").lower().split()
        first = next(word for word in words if word[0].isalpha() and word not in ("hr", "ml"))
        assert any(first in listed.lower() for listed in found.medications or ())
    assert found.allergies is None
    assert found.pregnant is None
