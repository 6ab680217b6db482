"""Cards when a chart is opened: few, and each with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.cdss.ehr.calls import bundle, call, chart
from tests.cdss.fhir.builders import Json, allergy, condition, dosage, measured, patient, request

TODAY = date.today().isoformat()  # noqa: DTZ011


def view(client: TestClient, **more: Any) -> list[Json]:
    body = call("cdss-patient-view", prefetch=chart(TODAY, **more))
    got = client.post("/cds-services/cdss-patient-view", json=body)
    assert got.status_code == 200, got.text
    found: list[Json] = got.json()["cards"]
    return found


def test_a_chart_in_order_says_nothing(client: TestClient) -> None:
    assert view(client, conditions=bundle(condition("Common cold"))) == []


def test_two_current_medicines_that_do_not_go_together_are_told_once(client: TestClient) -> None:
    both = bundle(
        request("Warfarin Sodium 5 MG Oral Tablet", dosage(1, "{tbl}"), id="w1"),
        request("Ibuprofen 400 MG Oral Tablet", dosage(1, "{tbl}", frequency=3), id="i1"),
    )
    found = [card for card in view(client, medications=both) if "oral anticoagulant" in card["detail"]]
    assert [card["indicator"] for card in found] == ["warning"], "nothing is withheld here, so nothing is critical"


def test_a_fact_that_a_medicine_needs_and_that_is_stale_is_asked_for(client: TestClient) -> None:
    found = view(
        client,
        medications=bundle(request("Metformin 500 MG Oral Tablet", dosage(1, "{tbl}", frequency=2), id="m1")),
        laboratory=bundle(measured("2160-0", 0.9, "mg/dL", "2019-01-01")),
        conditions=bundle(),
    )
    (card,) = found
    assert "kidney function not known" in card["summary"]
    assert "2019-01-01 is stale" in card["detail"]


def test_a_recommendation_that_no_medicine_follows_is_quoted(client: TestClient) -> None:
    nothing = bundle(allergy("No known allergies"))
    problem = bundle(condition("Atrial fibrillation"))
    found = view(client, medications=bundle(), conditions=problem, allergies=nothing)
    quoted = [card for card in found if card["source"]["topic"]["code"] == "recommendation"]
    for card in quoted:
        assert "\n> " in card["detail"], "every recommendation is quoted"
        assert "edition" in card["detail"]
    treated = view(client, conditions=problem, allergies=nothing)
    assert not any("Atrial fibrillation: no medicine" in card["summary"] for card in treated)


def test_nothing_is_called_missing_from_a_list_that_is_not_whole(client: TestClient) -> None:
    for medications in (None, bundle(total=9), {"resourceType": "OperationOutcome"}):
        found = view(client, medications=medications, conditions=bundle(condition("Atrial fibrillation")))
        assert not any(card["source"]["topic"]["code"] == "recommendation" for card in found)


@pytest.mark.parametrize("dead", [{"deceasedBoolean": True}, {"deceasedDateTime": "2026-01-01"}])
def test_the_dead_are_left_in_peace(client: TestClient, dead: Json) -> None:
    assert view(client, patient=patient(**dead)) == []


def test_there_are_never_more_than_four(client: TestClient) -> None:
    names = ("Warfarin", "Ibuprofen", "Naproxen", "Aspirin", "Metformin", "Simvastatin", "Clarithromycin", "Digoxin")
    many = bundle(*(request(f"{name} 500 MG Oral Tablet", dosage(1, "{tbl}"), id=name) for name in names))
    found = view(client, medications=many, laboratory=bundle())
    assert 1 <= len(found) <= 4
