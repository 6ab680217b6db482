"""FHIR to Patient: allergies, conditions and medicines, and when none of them is known to be none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cdss.charts import ICD10, SNOMED, chart, reasons
from tests.cdss.fhir.builders import allergy, concept, condition, dosage, patient, request

IPS = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"


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
