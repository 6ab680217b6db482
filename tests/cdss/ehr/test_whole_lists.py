"""A list of the chart is whole or it is said that it is not."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.cdss.ehr.calls import (
    HARMLESS,
    TODAY,
    bundle,
    cards,
    chart,
    draft,
)
from tests.cdss.fhir.builders import dosage, request


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
