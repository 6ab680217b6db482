"""What the cards say of drafted orders."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from tests.cdss.ehr.calls import (
    HARMLESS,
    TODAY,
    TOO_MUCH,
    bundle,
    cards,
    chart,
    draft,
    everything,
)
from tests.cdss.fhir.builders import Json, allergy, dosage, request


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
