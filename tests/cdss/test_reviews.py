"""Decisions about answers, notices, and the text around a passage."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

QUESTION = {"question": "How long should a child with acute otitis media take amoxicillin?"}


def test_decisions_are_kept_with_the_answer(client: TestClient) -> None:
    answer = client.post("/v1/ask", json=QUESTION).json()["id"]
    path = f"/v1/answers/{answer}/review"
    assert client.post(path, json={"decision": "accept"}).status_code == 201
    edited = client.post(path, json={"decision": "edit", "text": "Seven days.", "reason": "Mr. John Smith prefers it"})
    assert edited.json()["decision"] == "edit"
    assert "John Smith" not in edited.text
    assert client.post(path, json={"decision": "reject", "reason": "wrong patient"}).status_code == 201
    kept = client.get(f"/v1/answers/{answer}/reviews").json()
    assert [one["decision"] for one in kept] == ["accept", "edit", "reject"]
    assert kept[1]["text"] == "Seven days."


@pytest.mark.parametrize(
    "body",
    [{}, {"decision": "maybe"}, {"decision": "reject"}, {"decision": "edit"}, {"decision": "accept", "text": "x"},
     {"decision": "reject", "reason": "  "}, {"decision": "accept", "extra": 1}],
)  # fmt: skip
def test_a_decision_that_says_too_little_is_refused(client: TestClient, body: dict[str, object]) -> None:
    answer = client.post("/v1/ask", json=QUESTION).json()["id"]
    assert client.post(f"/v1/answers/{answer}/review", json=body).status_code == 422


def test_a_decision_about_no_answer_is_refused(client: TestClient) -> None:
    assert client.post("/v1/answers/none/review", json={"decision": "accept"}).status_code == 404


def test_an_emergency_is_told_at_once(client: TestClient) -> None:
    told = client.post("/v1/notices", json={"question": "A child has stopped breathing, what do I do?"}).json()[
        "notices"
    ]
    assert "call for help" in told[0]
    assert client.post("/v1/notices", json={"question": "Dose of amoxicillin?"}).json() == {"notices": []}


def test_a_quote_is_found_in_its_document(client: TestClient) -> None:
    quote = client.post("/v1/ask", json=QUESTION).json()["claims"][0]["quotes"][0]
    passage = client.get(f"/v1/passages/{quote['passage_id']}").json()
    start = passage["start"] + quote["start"]
    shown = client.get(
        f"/v1/documents/{passage['document']}/text", params={"start": start - 20, "end": start + len(quote["quote"])}
    )
    assert shown.json()["text"].endswith(quote["quote"])
    assert client.get("/v1/documents/none/text").status_code == 404
    whole = client.get(f"/v1/documents/{passage['document']}/text", params={"start": 10**9}).json()
    assert whole["text"] == ""
