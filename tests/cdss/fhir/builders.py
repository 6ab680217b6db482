"""FHIR resources for tests, written by hand: as short as they can be."""

from __future__ import annotations

from typing import Any

UCUM = "http://unitsofmeasure.org"
Json = dict[str, Any]


def concept(text: str | None = None, code: str | None = None, system: str | None = None) -> Json:
    made: Json = {"text": text} if text else {}
    return made | ({"coding": [{"system": system, "code": code}]} if code else {})


def quantity(value: float, unit: str, comparator: str | None = None) -> Json:
    return {"value": value, "unit": unit, "code": unit, "system": UCUM} | (
        {"comparator": comparator} if comparator else {}
    )


def patient(birth: str | None = "1980-06-15", gender: str | None = "female", **more: Any) -> Json:
    return {"resourceType": "Patient", "id": "p1", "birthDate": birth, "gender": gender, **more}


def observation(code: str, on: str | None, *, status: str | None = "final", **value: Any) -> Json:
    return {
        "resourceType": "Observation",
        "id": f"o-{code}-{on}",
        "status": status,
        "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "effectiveDateTime": on,
        **value,
    }


def measured(code: str, value: float, unit: str, on: str | None, **more: Any) -> Json:
    return observation(code, on, valueQuantity=quantity(value, unit, more.pop("comparator", None)), **more)


def allergy(text: str | None, *, clinical: str = "active", verification: str = "confirmed", **more: Any) -> Json:
    return {
        "resourceType": "AllergyIntolerance",
        "id": "a1",
        "patient": {"reference": "Patient/p1"},
        "clinicalStatus": concept(
            code=clinical, system="http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
        ),
        "verificationStatus": concept(
            code=verification, system="http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"
        ),
        **({"code": {"text": text}} if text else {}),
        **more,
    }


def condition(
    text: str | None, *, clinical: str | None = "active", verification: str = "confirmed", **more: Any
) -> Json:
    return {
        "resourceType": "Condition",
        "id": "c1",
        "subject": {"reference": "Patient/p1"},
        **({"clinicalStatus": concept(code=clinical, system="x")} if clinical else {}),
        "verificationStatus": concept(code=verification, system="x"),
        **({"code": {"text": text}} if text else {}),
        **more,
    }


def request(text: str | None, *dosage: Json, status: str | None = "active", id: str = "m1", **more: Any) -> Json:
    return {
        "resourceType": "MedicationRequest",
        "id": id,
        "status": status,
        "intent": "order",
        "subject": {"reference": "Patient/p1"},
        **({"medicationCodeableConcept": {"text": text}} if text else {}),
        "dosageInstruction": list(dosage),
        **more,
    }


def dosage(
    value: float | None = None,
    unit: str | None = None,
    *,
    frequency: int = 1,
    period: float = 1,
    period_unit: str = "d",
    route: str | None = "Oral",
    **more: Any,
) -> Json:
    return {
        "timing": {"repeat": {"frequency": frequency, "period": period, "periodUnit": period_unit}},
        **({"doseAndRate": [{"doseQuantity": quantity(value, unit or "mg")}]} if value is not None else {}),
        **({"route": {"text": route}} if route else {}),
        **more,
    }
