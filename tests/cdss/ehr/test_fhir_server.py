"""What was not prefetched comes from the FHIR server, if the operator allows it: whole, or named as not had."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date

import pytest
from fastapi.testclient import TestClient

from cdss.ehr.fhir_client import FhirServer, allowed, client
from tests.cdss.ehr.calls import bundle, call, chart, draft
from tests.cdss.ehr.ehr_server import EhrServer
from tests.cdss.fhir.builders import allergy, dosage, measured, patient, request

Open = Callable[..., TestClient]
TODAY = date.today().isoformat()  # noqa: DTZ011
IBUPROFEN = draft("Ibuprofen 400 MG Oral Tablet", dosage(1, "{tbl}", frequency=3))
SECRET = "t0ken-that-nobody-may-see"


def fill(ehr: EhrServer) -> None:
    ehr.resources += [
        patient(birth="1950-01-01"),
        allergy("Penicillin G"),
        *(request(f"Vitamin {number}", id=f"v{number}") for number in range(7)),
        request("Warfarin 5 MG Oral Tablet", dosage(1, "{tbl}"), id="w1"),
        measured("2823-3", 4.2, "mmol/L", TODAY),
    ]


def sign(
    opened: TestClient, ehr: EhrServer | str, *, token: str | None = SECRET, prefetch: object = None
) -> list[dict[str, str]]:
    server = ehr if isinstance(ehr, str) else ehr.fhir
    authorization = (
        {"fhirAuthorization": {"access_token": token, "token_type": "Bearer", "patient": "p1"}} if token else {}
    )
    body = call("cdss-order-sign", IBUPROFEN, prefetch=prefetch, fhirServer=server, **authorization)  # type: ignore[arg-type]
    got = opened.post("/cds-services/cdss-order-sign", json=body)
    assert got.status_code == 200, got.text
    found: list[dict[str, str]] = got.json()["cards"]
    return found


def test_everything_is_read_over_all_pages_with_the_token(
    with_ehr: Open, ehr: EhrServer, caplog: pytest.LogCaptureFixture
) -> None:
    fill(ehr)
    ehr.page_size, ehr.token = 3, SECRET
    with caplog.at_level(logging.DEBUG):
        opened = with_ehr(fhir_servers=[ehr.fhir])
        found = sign(opened, f"{ehr.fhir}/")
    assert [card["indicator"] for card in found] == ["critical"]
    assert "Warfarin" in found[0]["detail"]
    assert SECRET not in caplog.text
    assert "Patient/p1" not in caplog.text
    assert "patient=p1" not in caplog.text
    assert SECRET.encode() not in (opened.app.state.cdss.service.settings.home / "journal.sqlite").read_bytes()  # type: ignore[attr-defined]


def test_only_what_is_missing_is_asked_for(with_ehr: Open, ehr: EhrServer) -> None:
    fill(ehr)
    prefetch = chart(TODAY)
    del prefetch["allergies"]
    sign(with_ehr(fhir_servers=[ehr.fhir]), ehr, prefetch=prefetch)
    assert {one.split("?")[0] for one in ehr.asked} == {"AllergyIntolerance"}


def test_the_pages_of_a_prefetched_list_are_followed(with_ehr: Open, ehr: EhrServer) -> None:
    fill(ehr)
    page = bundle(
        request("Vitamin", id="v0"),
        link=[{"relation": "next", "url": f"{ehr.fhir}/MedicationRequest?patient=p1&_start=1"}],
    )
    found = sign(with_ehr(fhir_servers=[ehr.fhir]), ehr, prefetch=chart(TODAY, medications=page))
    assert [card["indicator"] for card in found] == ["critical"]


def test_a_medicine_that_is_only_referred_to_is_read(with_ehr: Open, ehr: EhrServer) -> None:
    ehr.resources += [
        patient(),
        {"resourceType": "Medication", "id": "m9", "code": {"text": "Warfarin 5 MG Oral Tablet"}},
    ]
    ehr.resources.append(request(None, dosage(1, "{tbl}"), id="w1", medicationReference={"reference": "Medication/m9"}))
    found = sign(with_ehr(fhir_servers=[ehr.fhir]), ehr)
    assert found[0]["indicator"] == "critical"


@pytest.mark.parametrize(
    "how",
    [{"fail": {"MedicationRequest": 500}}, {"fail": {"MedicationRequest": 403}}, {"endless": True}, {"huge": True}],
    ids=["error", "forbidden", "endless", "huge"],
)
def test_a_list_that_cannot_be_had_is_named(with_ehr: Open, ehr: EhrServer, how: dict[str, object]) -> None:
    fill(ehr)
    for name, value in how.items():
        setattr(ehr, name, value)
    prefetch = chart(TODAY)
    del prefetch["medications"]
    found = sign(with_ehr(fhir_servers=[ehr.fhir]), ehr, prefetch=prefetch)
    assert any("medications" in card["summary"] for card in found)
    assert len(ehr.asked) < 100


@pytest.mark.parametrize("path", ["/elsewhere", "https://evil.example/"])
def test_redirects_and_foreign_pages_are_not_followed(with_ehr: Open, ehr: EhrServer, path: str) -> None:
    fill(ehr)
    opened = with_ehr(fhir_servers=[ehr.fhir])
    ehr.page_size, ehr.next_elsewhere = 1, path if path.startswith("https") else f"{ehr.base}{path}"
    prefetch = chart(TODAY)
    del prefetch["medications"]
    assert any("medications" in card["summary"] for card in sign(opened, ehr, prefetch=prefetch))
    ehr.redirect_to = path
    body = call("cdss-order-sign", IBUPROFEN, prefetch=None, fhirServer=ehr.fhir)
    assert opened.post("/cds-services/cdss-order-sign", json=body).status_code == 412


def test_a_server_that_is_not_listed_is_not_asked(with_ehr: Open, ehr: EhrServer) -> None:
    fill(ehr)
    opened = with_ehr(fhir_servers=["https://ehr.example/fhir"])
    body = call("cdss-order-sign", IBUPROFEN, prefetch=None, fhirServer=ehr.fhir)
    got = opened.post("/cds-services/cdss-order-sign", json=body)
    assert got.status_code == 412
    assert "operator's list" in got.json()["issue"][0]["diagnostics"]
    assert ehr.asked == []


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:9/fhir@evil.example", "http://x@127.0.0.1:9/fhir", "http://127.0.0.1:9/fhir/../admin", "http://127.0.0.1:9/fhirx",
     "https://127.0.0.1:9/fhir", "http://127.0.0.1/fhir", "http://127.0.0.1:9/fhir?x=", "file:///etc/passwd", "", "http://[", "http://a:b"],
)  # fmt: skip
def test_an_address_is_allowed_only_to_the_letter(address: str) -> None:
    assert allowed(address, ("http://127.0.0.1:9/fhir",)) is None
    assert allowed("http://127.0.0.1:9/fhir/", ("http://127.0.0.1:9/fhir",)) == "http://127.0.0.1:9/fhir"


@pytest.mark.parametrize(
    "address",
    ["//evil.example/x", "/other", "../x", "http://127.0.0.1:9/fhirx/Patient", "https://127.0.0.1:9/fhir/Patient"],
)
def test_a_page_is_read_only_under_the_base(address: str) -> None:
    server = FhirServer("http://127.0.0.1:9/fhir", client())
    assert server.within(address) is None
    assert server.within("Patient/p1") == "http://127.0.0.1:9/fhir/Patient/p1"


def test_a_call_whose_time_is_up_says_what_was_not_checked(with_ehr: Open) -> None:
    opened = with_ehr(deadline_s=0.16)
    prefetch = chart(TODAY)
    many = [
        draft("Ibuprofen 400 MG Oral Tablet", dosage(1, "{tbl}", frequency=3), id=f"d{number}") for number in range(60)
    ]
    for number, one in enumerate(many):
        one["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"]["value"] = number + 1
    got = opened.post("/cds-services/cdss-order-sign", json=call("cdss-order-sign", *many, prefetch=prefetch))
    assert got.status_code == 200
    assert "no time left" in got.json()["cards"][-1]["detail"]
    assert got.json()["cards"][-1]["indicator"] == "warning"
