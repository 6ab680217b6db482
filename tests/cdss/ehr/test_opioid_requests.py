"""Every public request gets an answer or a correct refusal, as it was sent and as it was meant."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient

from tests.cdss.ehr.calls import check_outcome
from tests.cdss.ehr.opioid_requests import SERVICE, Example, examples, repaired

EXAMPLES = list(examples())


def test_the_requests_are_there() -> None:
    if not EXAMPLES:
        pytest.skip("../shared/fixtures/cds-hooks is not there: the public requests were not sent")
    assert len(EXAMPLES) > 30


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_as_it_was_sent(client: TestClient, example: Example) -> None:
    for service in SERVICE.values():
        got = client.post(
            f"/cds-services/{service}", content=example.content, headers={"content-type": "application/json"}
        )
        assert got.status_code in (200, 400, 412)
        if got.status_code != 200:
            check_outcome(got.json())
        try:
            json.loads(example.content)
        except ValueError:
            assert got.status_code == 400


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_as_it_was_meant(client: TestClient, example: Example) -> None:
    body = repaired(example.content)
    got = client.post(f"/cds-services/{SERVICE[body['hook']]}", json=body)
    if got.status_code == 200:
        assert all(len(card["summary"]) < 140 for card in got.json()["cards"])
    else:
        check_outcome(got.json())
        assert got.status_code in (400, 412)
