"""CDS Hooks as clients and attackers speak it: what is found, what passes, what is refused."""

from __future__ import annotations

import json
import re

import pytest
from fastapi.testclient import TestClient

from cdss.ehr.services import PREFETCH
from tests.cdss.ehr.calls import (
    HARMLESS,
    SERVICES,
    TODAY,
    TOO_MUCH,
    bundle,
    call,
    cards,
    chart,
    check_outcome,
    draft,
    everything,
)
from tests.cdss.fhir.builders import Json, allergy, dosage, patient, request

OTHER = {"reference": "https://e/fhir/Patient/p2"}


def test_discovery(client: TestClient) -> None:
    got = client.get("/cds-services", headers={"origin": "https://sandbox.example"})
    services = {one["id"]: one for one in got.json()["services"]}
    assert set(services) == set(SERVICES)
    assert got.headers["access-control-allow-origin"] == "*"
    for one in services.values():
        assert {"hook", "title", "description", "id", "version", "prefetch"} <= set(one)
        assert set(one["prefetch"]) == set(PREFETCH)
        assert all(value not in (None, "", [], {}) for value in everything(one))
        assert set(re.findall(r"\{\{(.*?)\}\}", " ".join(one["prefetch"].values()))) == {"context.patientId"}


@pytest.mark.parametrize(
    "order",
    [
        {"resourceType": "MedicationRequest"},
        {"resourceType": "MedicationRequest", "id": "d1", "medicationCodeableConcept": {}},
        {"resourceType": "MedicationRequest", "id": 7, "dosageInstruction": "often"},
        {"resourceType": "ServiceRequest", "id": "s1", "code": {"text": "Chest X-ray"}},
        {"resourceType": "NutritionOrder"},
        draft("Acetaminophen", dosage()),
        draft("Acetaminophen", {"doseAndRate": [{"doseQuantity": {"value": 500}}]}),
        {},
    ],
)  # fmt: skip
def test_an_odd_draft_is_passed_over(client: TestClient, order: Json) -> None:
    for service in ("cdss-order-sign", "cdss-order-select"):
        assert cards(client, order, service=service) == []


def test_what_is_not_known_is_accepted(client: TestClient) -> None:
    extra = {"extension": [{"a": 1}], "somethingNew": {"b": [1, 2]}}
    context = {
        "encounterId": "e1",
        "extension": {},
        "draftOrders": {"resourceType": "Bundle", "entry": [{"resource": HARMLESS}]},
    }
    prefetch = chart(TODAY) | {"unheardOf": bundle({"resourceType": "Basic"}), "empty": None, "odd": 7}
    assert cards(client, HARMLESS, prefetch=prefetch, context=context, **extra) == []


def test_resources_under_another_key_are_used(client: TestClient) -> None:
    prefetch = {"item1": patient(birth="1950-01-01"), "item2": bundle(request("Warfarin", dosage(5, "mg"), id="w1"))}
    order = draft("Ibuprofen 400 MG Oral Tablet", dosage(1, "{tbl}", frequency=3))
    assert "oral anticoagulant" in cards(client, order, prefetch=prefetch)[0]["detail"]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"hook": None}, 400),
        ({"hook": "patient-view"}, 400),
        ({"hookInstance": None}, 400),
        ({"hookInstance": ""}, 400),
        ({"context": None}, 400),
        ({"context": []}, 400),
        ({"context": {"userId": "Practitioner/1"}}, 400),
        ({"context": {"userId": "Practitioner/1", "patientId": 7, "draftOrders": bundle()}}, 400),
        ({"context": {"userId": "Practitioner/1", "patientId": "p1"}}, 400),
        ({"context": {"patientId": "p1", "draftOrders": bundle()}}, 400),
        ({"fhirAuthorization": {"access_token": "x", "patient": "p2"}}, 400),
        ({"prefetch": None}, 412),
        ({"prefetch": {}}, 412),
        ({"prefetch": {"patient": None}}, 412),
        ({"prefetch": {"patient": {"resourceType": "OperationOutcome", "issue": []}}}, 412),
        ({"prefetch": {}, "fhirServer": "https://unlisted.example/fhir"}, 412),
        ({"prefetch": {}, "fhirServer": "http://169.254.169.254/latest"}, 412),
        ({"prefetch": {"patient": patient() | {"id": "p2"}}}, 400),
        ({"prefetch": {"patient": patient(), "other": bundle(request("x", subject={"reference": "Patient/p2"}))}}, 400),
        ({"prefetch": {"patient": patient(), "allergies": bundle(allergy("x", patient=OTHER))}}, 400),
    ],
)  # fmt: skip
def test_a_call_that_cannot_be_answered_gives_an_operation_outcome(
    client: TestClient, change: Json, status: int
) -> None:
    body = {**call("cdss-order-sign", TOO_MUCH, prefetch=chart(TODAY)), **change}
    if change.get("hook", "") is None:
        del body["hook"]
    got = client.post("/cds-services/cdss-order-sign", json=body, headers={"origin": "https://ehr.example"})
    assert got.status_code == status, got.text
    assert got.headers["access-control-allow-origin"] == "*"
    check_outcome(got.json())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"hook": "order-sign"}{}',
        b"1e999",
        b"NaN",
        '{"hook": "order-sign"}'.encode("utf-16"),
    ],
)
def test_a_body_that_is_none_is_a_400(client: TestClient, content: bytes) -> None:
    got = client.post("/cds-services/cdss-order-sign", content=content, headers={"content-type": "application/json"})
    assert got.status_code == 400
    check_outcome(got.json())


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/cds-services/none", 404),
        ("GET", "/cds-services/cdss-order-sign", 405),
        ("POST", "/cds-services/none/feedback", 404),
        ("DELETE", "/cds-services", 405),
        ("GET", "/cds-services/a/b/c", 404),
    ],
)
def test_an_address_that_is_none(client: TestClient, method: str, path: str, status: int) -> None:
    got = client.request(method, path, headers={"origin": "https://ehr.example"}, json={} if method == "POST" else None)
    assert got.status_code == status
    assert got.headers["access-control-allow-origin"] == "*"
    check_outcome(got.json())


def test_cors_is_only_for_the_cds_services(client: TestClient) -> None:
    headers = {
        "origin": "https://x.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, content-type",
    }
    asked = client.options("/cds-services/cdss-order-sign", headers=headers)
    assert asked.status_code == 200
    assert "authorization" in asked.headers["access-control-allow-headers"].lower()
    for path in ("/v1/documents", "/readyz", "/healthz"):
        assert "access-control-allow-origin" not in client.get(path, headers={"origin": "https://x.example"}).headers


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 200),
        ("application/json; charset=utf-8", 200),
        ("application/fhir+json", 200),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/xml", 415),
        (None, 415),
    ],
)
def test_a_body_has_to_say_that_it_is_json(client: TestClient, kind: str | None, status: int) -> None:
    content = json.dumps(call("cdss-order-sign", HARMLESS, prefetch=chart(TODAY))).encode()
    headers = {"content-type": kind} if kind else {}
    got = client.post("/cds-services/cdss-order-sign", content=content, headers=headers)
    assert got.status_code == status, got.text
    if status != 200:
        check_outcome(got.json())


def test_a_byte_order_mark_is_passed_over(client: TestClient) -> None:
    content = b"\xef\xbb\xbf" + json.dumps(call("cdss-order-sign", HARMLESS, prefetch=chart(TODAY))).encode()
    got = client.post("/cds-services/cdss-order-sign", content=content, headers={"content-type": "application/json"})
    assert got.status_code == 200


def test_a_client_may_send_headers_of_its_own(client: TestClient) -> None:
    headers = {
        "origin": "https://x.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,cache-control,x-requested-with",
    }
    for path in ("/cds-services", "/cds-services/cdss-order-sign", "/cds-services/cdss-order-sign/feedback"):
        got = client.options(path, headers=headers)
        assert got.status_code == 200
        assert "x-requested-with" in got.headers["access-control-allow-headers"]


def test_a_draft_as_the_public_sandbox_makes_it_is_judged(client: TestClient) -> None:
    """No unit but the code "{pill}", no intent, a period of supply: github.com/cds-hooks/sandbox, medication-reducers."""
    order = {
        "resourceType": "MedicationRequest",
        "id": "request-123",
        "status": "draft",
        "subject": {"reference": "Patient/p1"},
        "dosageInstruction": [
            {
                "timing": {"repeat": {"frequency": 4, "period": 1, "periodUnit": "d"}},
                "doseAndRate": [
                    {"doseQuantity": {"value": 4, "system": "http://unitsofmeasure.org", "code": "{pill}"}}
                ],
            }
        ],
        "medicationCodeableConcept": {
            "text": "Acetaminophen 500 MG Oral Tablet",
            "coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "198440"}],
        },
    }
    (card,) = cards(client, order)
    assert card["indicator"] == "critical"
    assert "2,000 mg" in card["summary"]
