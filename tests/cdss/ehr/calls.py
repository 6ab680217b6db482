"""CDS Hooks calls for tests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from fastapi.testclient import TestClient

from tests.cdss.fhir.builders import Json, allergy, condition, dosage, measured, patient, request

TODAY = date.today().isoformat()  # noqa: DTZ011  the service judges by its own day
SERVICES = ("cdss-patient-view", "cdss-order-select", "cdss-order-sign")


def bundle(*resources: Json, **more: Any) -> Json:
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources], **more}


def draft(name: str, *instructions: Json, id: str = "d1", **more: Any) -> Json:
    return request(name, *instructions, id=id, status="draft", **more)


TOO_MUCH = draft("Acetaminophen 500 MG Oral Tablet", dosage(4, "{tbl}", frequency=6))
HARMLESS = draft("Acetaminophen 500 MG Oral Tablet", dosage(1, "{tbl}", frequency=3))


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


def post(client: TestClient, body: object, service: str = "cdss-order-sign") -> Any:
    return client.post(f"/cds-services/{service}", json=body)


def cards(client: TestClient, *drafts: Json, service: str = "cdss-order-sign", **more: Any) -> list[Json]:
    got = post(client, call(service, *drafts, prefetch=more.pop("prefetch", chart(TODAY)), **more), service)
    assert got.status_code == 200, got.text
    found: list[Json] = got.json()["cards"]
    return found


def everything(value: object) -> Iterator[object]:
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from everything(inner)


def check_outcome(found: Json) -> None:
    from fhir.resources.R4B.operationoutcome import OperationOutcome

    OperationOutcome.model_validate(found)
    assert found["issue"][0]["diagnostics"]
