"""What became of cards."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.cdss.ehr.calls import (
    TOO_MUCH,
    cards,
    check_outcome,
)


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
