"""CDS Hooks calls for tests."""

from __future__ import annotations

from typing import Any

from tests.cdss.fhir.builders import Json, allergy, condition, dosage, measured, patient, request

SERVICES = ("cdss-patient-view", "cdss-order-select", "cdss-order-sign")


def bundle(*resources: Json, **more: Any) -> Json:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources], **more}


def draft(name: str, *instructions: Json, id: str = "d1", **more: Any) -> Json:
    return request(name, *instructions, id=id, status="draft", **more)


def chart(today: str, **more: Any) -> Json:
    """A prefetch in which everything was sent: a woman of 76 on warfarin, allergic to penicillin."""
    return {
        "patient": patient(birth="1950-01-01"),
        "allergies": bundle(allergy("Penicillin G")),
        "conditions": bundle(condition("Atrial fibrillation")),
        "medications": bundle(request("Warfarin Sodium 5 MG Oral Tablet", dosage(1, "{tbl}"), id="w1")),
        "statements": bundle(),
        "laboratory": bundle(measured("2823-3", 4.2, "mmol/L", today), measured("2160-0", 0.9, "mg/dL", today)),
        "vitals": bundle(measured("29463-7", 70, "kg", today)),
        "pregnancy": bundle(),
        **more,
    }


def call(service: str, *drafts: Json, prefetch: Json | None, context: Json | None = None, **more: Any) -> Json:
    hook = service.removeprefix("cdss-")
    given: Json = {"userId": "Practitioner/1", "patientId": "p1"}
    if hook != "patient-view":
        given["draftOrders"] = bundle(*drafts, type="collection")
    if hook == "order-select":
        given["selections"] = [f"MedicationRequest/{one.get('id')}" for one in drafts]
    body: Json = {
        "hook": hook,
        "hookInstance": "8f2f1c3e-0000-4000-8000-000000000001",
        "context": given | (context or {}),
    }
    return body | ({"prefetch": prefetch} if prefetch is not None else {}) | more
