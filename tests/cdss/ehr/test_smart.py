"""SMART App Launch, from the EHR and standalone, against an authorisation server that checks what it is sent."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient

from tests.cdss.ehr.ehr_server import EhrServer
from tests.cdss.fhir.builders import allergy, dosage, measured, patient, request

Open = Callable[..., TestClient]
TODAY = date.today().isoformat()  # noqa: DTZ011


@pytest.fixture
def opened(with_ehr: Open, ehr: EhrServer) -> TestClient:
    ehr.resources += [
        patient(birth="1950-01-01"),
        allergy("Penicillin G"),
        request("Warfarin 5 MG Oral Tablet", dosage(1, "{tbl}"), id="w1"),
        measured("29463-7", 70, "kg", TODAY),
    ]
    context = {"patient": "p1", "appContext": json.dumps({"question": "warfarin dose", "topic": "x"})}
    ehr.launches["launch-1"] = context
    return with_ehr(fhir_servers=[ehr.fhir], smart_client_id="cdss")


def begin(opened: TestClient, ehr: EhrServer, launch: str | None = "launch-1") -> httpx.Response:
    params = {"iss": ehr.fhir} | ({"launch": launch} if launch else {})
    return opened.get("/app/launch", params=params, follow_redirects=False)


def finish(opened: TestClient, location: str) -> httpx.Response:
    """What a browser does: to the EHR, and back to where the EHR sends it."""
    back = urlsplit(httpx.get(location, follow_redirects=False).headers["location"])
    return opened.get(f"{back.path}?{back.query}", follow_redirects=False)


@pytest.mark.parametrize(("launch", "scope"), [("launch-1", "launch "), (None, "launch/patient ")])
def test_a_launch_leads_to_the_chart(opened: TestClient, ehr: EhrServer, launch: str | None, scope: str) -> None:
    started = begin(opened, ehr, launch)
    asked = parse_qs(urlsplit(started.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["aud"] == [ehr.fhir]
    assert asked["scope"][0].startswith(scope)
    assert "patient/MedicationRequest.rs" in asked["scope"][0]
    done = finish(opened, started.headers["location"])
    assert (done.status_code, done.headers["location"]) == (303, "/app/")
    session = opened.get("/app/session").json()
    assert session["chart"]["patient"]["allergies"] == ["Penicillin G"]
    assert session["chart"]["patient"]["weight_kg"] == 70
    assert any(fact["source"] and fact["on"] == TODAY for fact in session["chart"]["facts"])
    assert session["question"] == ("warfarin dose" if launch else None)


def test_the_token_is_let_go(opened: TestClient, ehr: EhrServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        finish(opened, begin(opened, ehr).headers["location"])
    smart = opened.app.state.cdss.ehr.smart  # type: ignore[attr-defined]
    assert ehr.token
    assert ehr.token not in caplog.text
    assert ehr.token not in repr(smart)
    assert not smart._pending


def test_nothing_is_known_without_a_launch_and_in_another_browser(opened: TestClient, ehr: EhrServer) -> None:
    assert opened.get("/app/session").status_code == 204
    location = begin(opened, ehr).headers["location"]
    opened.cookies.clear()
    assert finish(opened, location).status_code == 401
    opened.cookies.set("cdss_session", "guess")
    assert opened.get("/app/session").status_code == 204


def test_a_launch_is_finished_once(opened: TestClient, ehr: EhrServer) -> None:
    location = begin(opened, ehr).headers["location"]
    back = urlsplit(httpx.get(location, follow_redirects=False).headers["location"])
    assert opened.get(f"{back.path}?{back.query}", follow_redirects=False).status_code == 303
    assert opened.get(f"{back.path}?{back.query}", follow_redirects=False).status_code == 401


@pytest.mark.parametrize("query", ["error=access_denied&state=x", "code=x", "state=x", "", "code=x&state=y"])
def test_a_launch_that_fails_is_said(opened: TestClient, query: str) -> None:
    assert opened.get(f"/app/callback?{query}", follow_redirects=False).status_code == 401


@pytest.mark.parametrize("iss", ["https://evil.example/fhir", "http://169.254.169.254/", "file:///etc/passwd", "x"])
def test_an_ehr_that_is_not_listed_is_not_asked(opened: TestClient, iss: str) -> None:
    got = opened.get("/app/launch", params={"iss": iss, "launch": "x"}, follow_redirects=False)
    assert got.status_code == 412


def test_a_wrong_code_gives_no_session(opened: TestClient, ehr: EhrServer) -> None:
    location = begin(opened, ehr).headers["location"]
    state = parse_qs(urlsplit(location).query)["state"][0]
    got = opened.get("/app/callback", params={"code": "wrong", "state": state}, follow_redirects=False)
    assert got.status_code == 401


def test_without_a_client_id_the_operator_is_told(with_ehr: Open, ehr: EhrServer) -> None:
    got = begin(with_ehr(fhir_servers=[ehr.fhir]), ehr)
    assert got.status_code == 412
    assert "CDSS_EHR__SMART_CLIENT_ID" in got.json()["detail"]


def test_over_https_the_cookie_is_for_frames(with_ehr: Open, ehr: EhrServer) -> None:
    opened = with_ehr(fhir_servers=[ehr.fhir], smart_client_id="cdss", public_url="https://cds.example.org")
    started = begin(opened, ehr, None)
    assert all(flag in started.headers["set-cookie"] for flag in ("HttpOnly", "Secure", "SameSite=None", "Partitioned"))
    assert parse_qs(urlsplit(started.headers["location"]).query)["redirect_uri"] == [
        "https://cds.example.org/app/callback"
    ]
