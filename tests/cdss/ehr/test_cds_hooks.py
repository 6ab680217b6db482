"""CDS Hooks as clients and attackers speak it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from cdss.ehr.services import PREFETCH
from tests.cdss.ehr.calls import SERVICES, bundle, call, chart, draft
from tests.cdss.fhir.builders import Json, allergy, dosage, patient, request

TODAY = date.today().isoformat()  # noqa: DTZ011  the service judges by its own day
TOO_MUCH = draft("Acetaminophen 500 MG Oral Tablet", dosage(4, "{tbl}", frequency=6))
OTHER = {"reference": "https://e/fhir/Patient/p2"}
HARMLESS = draft("Acetaminophen 500 MG Oral Tablet", dosage(1, "{tbl}", frequency=3))


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


# --- discovery ---


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


# --- cards ---


def test_too_much_is_critical_with_a_fix_that_the_rules_pass(client: TestClient) -> None:
    (card,) = cards(client, TOO_MUCH)
    assert card["indicator"] == "critical"
    assert "Acetaminophen 2,000 mg" in card["summary"]
    assert card["selectionBehavior"] == "at-most-one"
    change, *_, remove = card["suggestions"]
    assert change["isRecommended"] is True
    assert remove["actions"] == [
        {"type": "delete", "description": remove["actions"][0]["description"], "resourceId": "MedicationRequest/d1"}
    ]
    fixed = change["actions"][0]["resource"]
    assert {**fixed, "dosageInstruction": None} == {**TOO_MUCH, "dosageInstruction": None}
    assert cards(client, fixed) == []
    assert {"system", "code", "display"} == set(card["overrideReasons"][0])
    (link,) = card["links"]
    assert link["type"] == "smart"
    assert link["url"].startswith("http")
    assert "p1" not in link["appContext"]


def test_a_harmless_order_says_nothing(client: TestClient) -> None:
    assert cards(client, HARMLESS) == []
    assert cards(client) == []


@pytest.mark.parametrize(
    ("order", "indicator", "words"),
    [
        (draft("Ibuprofen 400 MG Oral Tablet", dosage(1, "{tbl}", frequency=3)), "critical", "oral anticoagulant"),
        (
            draft("Amoxicillin 500 MG Oral Capsule", dosage(1, "{capsule}", frequency=3)),
            "critical",
            "Penicillin allergy",
        ),
        (draft("Amoxicillin"), "critical", "Penicillin allergy"),
        (draft("Methotrexate 2.5 MG Oral Tablet", dosage(4, "{tbl}")), "critical", "once a week"),
        (draft("Enoxaparin", dosage(1.5, "mg/kg", frequency=2, route="SC")), "critical", "noxaparin"),
    ],
)
def test_an_order_against_the_chart(client: TestClient, order: Json, indicator: str, words: str) -> None:
    found = cards(client, order)
    assert (found[0]["indicator"], words in found[0]["detail"]) == (indicator, True)


def test_critical_is_kept_for_what_is_withheld(client: TestClient) -> None:
    prefetch = chart(TODAY, laboratory=bundle(), vitals=bundle())
    (card,) = cards(client, draft("Gentamicin", dosage(5, "mg/kg", route="IV")), prefetch=prefetch)
    assert card["indicator"] == "warning"
    assert "weight" in card["summary"]


def test_two_drafts_are_judged_together_and_told_once(client: TestClient) -> None:
    prefetch = chart(TODAY, medications=bundle(), allergies=bundle(allergy("No known allergies")))
    both = [
        draft("Warfarin 5 MG Oral Tablet", dosage(1, "{tbl}"), id="d1"),
        draft("Ibuprofen 400 MG Oral Tablet", dosage(1, "{tbl}", frequency=3), id="d2"),
    ]
    found = [card for card in cards(client, *both, prefetch=prefetch) if card["indicator"] == "critical"]
    assert len(found) == 1
    assert "oral anticoagulant" in found[0]["detail"]
    for one in both:
        assert cards(client, one, prefetch=prefetch) == []


def test_an_order_is_not_held_against_its_own_copy_in_the_chart(client: TestClient) -> None:
    order = draft("Ibuprofen 400 MG Oral Tablet", dosage(1, "{tbl}", frequency=2))
    copied = chart(TODAY, medications=bundle(request("Ibuprofen 400 MG Oral Tablet", dosage(6, "{tbl}"), id="d1")))
    assert cards(client, order, prefetch=copied) == []
    other = chart(TODAY, medications=bundle(request("Naproxen 500 MG Oral Tablet", dosage(1, "{tbl}"), id="d1")))
    assert any("Two NSAIDs" in card["detail"] for card in cards(client, order, prefetch=other)), "one id, two medicines"
    order["priorPrescription"] = {"reference": "MedicationRequest/d1"}
    assert cards(client, order, prefetch=other) == []


def test_only_selected_orders_are_judged_the_others_are_context(client: TestClient) -> None:
    other = draft("Ibuprofen 400 MG Oral Tablet", dosage(1, "{tbl}", frequency=3), id="d2")
    context = {"draftOrders": bundle(TOO_MUCH, other), "selections": ["MedicationRequest/d1"]}
    found = cards(client, service="cdss-order-select", context=context)
    assert [card["summary"][:13] for card in found] == ["Acetaminophen"]


def test_fields_and_words_that_say_two_doses(client: TestClient) -> None:
    order = draft("Amlodipine", dosage(5, "mg", text="Take 50 mg once daily"))
    found = cards(client, order)
    assert any("Make them say the same" in card["detail"] for card in found)


def test_the_same_call_gives_the_same_cards_with_fresh_uuids(client: TestClient) -> None:
    first, again = (cards(client, TOO_MUCH) for _ in range(2))
    ids = [
        {item["uuid"] for item in everything(found) if isinstance(item, dict) and "uuid" in item}
        for found in (first, again)
    ]
    assert ids[0].isdisjoint(ids[1])
    assert re.sub(r"[0-9a-f-]{36}", "", str(first)) == re.sub(r"[0-9a-f-]{36}", "", str(again))


def test_no_response_has_a_null_an_empty_list_or_a_long_summary(client: TestClient) -> None:
    long = draft(f"Ibuprofen {'very ' * 60}", dosage(4000, "mg", frequency=9))
    responses = [cards(client, TOO_MUCH, long), cards(client, service="cdss-patient-view")]
    for found in responses:
        for card in found:
            assert 0 < len(card["summary"]) < 140
            inner = {key: value for key, value in card.items() if key != "suggestions"}
            assert all(value not in (None, "", [], {}) for value in everything(inner))


def test_html_and_markup_in_a_record_are_shown_and_not_obeyed(client: TestClient) -> None:
    name = "Ibuprofen <img src=x onerror=alert(1)> [click](https://evil.example) **bold**"
    (card, *_) = cards(client, draft(name, dosage(4000, "mg", frequency=9)))
    assert "<img" not in card["detail"]
    assert "&lt;img" in card["detail"]
    assert "](https://evil" not in card["detail"]


def test_updated_orders_validate_as_r4b(client: TestClient) -> None:
    from fhir.resources.R4B.medicationrequest import MedicationRequest

    (card,) = cards(client, TOO_MUCH)
    actions = [action for suggestion in card["suggestions"] for action in suggestion["actions"]]
    updated = [MedicationRequest.model_validate(action["resource"]) for action in actions if "resource" in action]
    assert updated


# --- lenient where it may be ---


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


# --- strict where it must be ---


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


def check_outcome(found: Json) -> None:
    from fhir.resources.R4B.operationoutcome import OperationOutcome

    OperationOutcome.model_validate(found)
    assert found["issue"][0]["diagnostics"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe", b"[" * 100_000, b'{"hook": "order-sign"}{}', b"1e999"]
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


# --- what is not whole ---


@pytest.mark.parametrize(
    "medications",
    [
        None,
        {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "timeout"}]},
        bundle(link=[{"relation": "next", "url": "https://ehr.example/fhir?page=2"}]),
        bundle(total=7),
        bundle({"resourceType": "OperationOutcome"}),
        {"resourceType": "Bundle", "entry": "none"},
        bundle(request(None)),
        "none",
    ],
)
def test_a_list_that_is_not_whole_is_never_taken_for_none(client: TestClient, medications: object) -> None:
    for service, orders in (("cdss-order-sign", [HARMLESS]), ("cdss-order-select", [HARMLESS])):
        found = cards(client, *orders, service=service, prefetch=chart(TODAY, medications=medications))
        assert [(card["indicator"], "medications" in card["summary"]) for card in found] == [("info", True)]


def test_what_is_known_of_a_list_still_counts(client: TestClient) -> None:
    page = bundle(request("Warfarin", dosage(5, "mg"), id="w1"), link=[{"relation": "next", "url": "https://x/y"}])
    order = draft("Ibuprofen 400 MG Oral Tablet", dosage(1, "{tbl}", frequency=3))
    found = cards(client, order, prefetch=chart(TODAY, medications=page))
    assert [card["indicator"] for card in found] == ["critical", "info"]


def test_allergies_that_nobody_recorded_are_said(client: TestClient) -> None:
    found = cards(client, HARMLESS, prefetch=chart(TODAY, allergies=bundle()))
    assert [card["summary"] for card in found] == ["Not checked: allergies"]


# --- feedback ---


def test_feedback_is_written_down(client: TestClient) -> None:
    (card,) = cards(client, TOO_MUCH)
    item = {
        "card": card["uuid"],
        "outcome": "overridden",
        "overrideReason": {"reason": card["overrideReasons"][0], "userComment": "Seen with Mr. John Smith, MRN 123456"},
        "outcomeTimestamp": "2026-11-28T10:00:00Z",
    }
    accepted = {
        "card": card["uuid"],
        "outcome": "accepted",
        "acceptedSuggestions": [{"id": card["suggestions"][0]["uuid"]}],
        "outcomeTimestamp": "2026-11-28T10:00:00Z",
    }
    got = client.post("/cds-services/cdss-order-sign/feedback", json={"feedback": [item, accepted]})
    assert got.status_code == 200
    kept = client.app.state.cdss.ehr.journal.feedback()[-2:]  # type: ignore[attr-defined]
    assert kept[0]["overrideReason"]["code"] == "benefit-outweighs-risk"
    assert "John Smith" not in kept[0]["overrideReason"]["userComment"]
    assert kept[1]["acceptedSuggestions"] == [card["suggestions"][0]["uuid"]]


@pytest.mark.parametrize(
    "body", [{}, {"feedback": {}}, {"feedback": [{}]}, {"feedback": [{"card": "x", "outcome": "liked"}]}, []]
)
def test_feedback_that_says_nothing_is_refused(client: TestClient, body: object) -> None:
    got = client.post("/cds-services/cdss-order-sign/feedback", json=body)
    assert got.status_code == 400
    check_outcome(got.json())
