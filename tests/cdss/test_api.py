"""The HTTP door, over the bundled guidelines."""

from __future__ import annotations

import json

import pytest
from fastapi.testclient import TestClient

from cdss.api.app import create_app
from cdss.api.edge import MAX_BODY_BYTES
from cdss.errors import Unavailable
from cdss.pipeline import Service
from tests.cdss.conftest import lend, wait_until_ready

OTITIS = {"question": "What dose of amoxicillin for a 3-year-old child weighing 14 kg with acute otitis media?"}


def test_an_answer_is_given_kept_and_its_passages_can_be_opened(client: TestClient) -> None:
    given = client.post("/v1/ask", json=OTITIS)
    assert given.status_code == 200
    answer = given.json()
    assert answer["schema"] == 1
    assert answer["status"] == "answered"
    assert set(answer) == {
        "schema", "id", "status", "backend", "model", "generation", "as_of", "claims", "conflicts", "not_checked", "notices",
        "nearest", "left_out", "drafting", "timings_ms",
    }  # fmt: skip
    quote = answer["claims"][0]["quotes"][0]
    assert set(quote) == {
        "quote", "passage_id", "document", "title", "section", "page", "edition", "status", "start", "end"
    }  # fmt: skip
    passage = client.get(f"/v1/passages/{quote['passage_id']}").json()
    assert passage["text"][quote["start"] : quote["end"]] == quote["quote"]
    kept = client.get(f"/v1/answers/{answer['id']}")
    assert kept.content == given.content
    documents = client.get("/v1/documents").json()
    assert quote["document"] in {document["id"] for document in documents["documents"]}
    assert documents["generation"] == answer["generation"]


def test_health(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz").json()
    assert ready["library"] == "loaded"
    assert ready["passages"] > 100


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"question": ""}, "question"),
        ({"question": "   "}, "question"),
        ({"question": "x" * 100_000}, "question"),
        ({}, "question"),
        (OTITIS | {"patient": {"weight_kg": -3}}, "patient.weight_kg"),
        (OTITIS | {"patient": {"wieght_kg": 14}}, "patient.wieght_kg"),
        (OTITIS | {"patient": {"labs": {"potassium": "high"}}}, "patient.labs.potassium"),
        (OTITIS | {"filters": {"colour": ["red"]}}, "filters.colour"),
        (OTITIS | {"filters": {"status": ["newest"]}}, "filters.status.0"),
        (OTITIS | {"as_of": "tomorrow"}, "as_of"),
        (OTITIS | {"extra": 1}, "extra"),
        ([], "body"),
    ],
)
def test_bad_input_is_a_problem_document_that_names_the_field(client: TestClient, body: object, field: str) -> None:
    got = client.post("/v1/ask", json=body)
    assert got.status_code == 422
    assert got.headers["content-type"] == "application/problem+json"
    problem = got.json()
    assert problem["status"] == 422
    assert field in [error["field"] for error in problem["errors"]]
    assert len(got.content) < 2000
    assert "x" * 100 not in got.text


@pytest.mark.parametrize("nan", ["NaN", "Infinity", "1e999"])
def test_a_number_that_is_none_is_refused(client: TestClient, nan: str) -> None:
    body = '{"question": "dose?", "patient": {"weight_kg": %s}}' % nan  # noqa: UP031
    got = client.post("/v1/ask", content=body, headers={"content-type": "application/json"})
    assert got.status_code == 422


def test_a_body_that_is_no_json_and_one_that_is_too_long(client: TestClient) -> None:
    headers = {"content-type": "application/json"}
    assert client.post("/v1/ask", content=b"{nonsense", headers=headers).status_code == 422
    got = client.post("/v1/ask", content=b" " * (MAX_BODY_BYTES + 1), headers=headers)
    assert got.status_code == 413
    assert got.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/v1/answers/none", "/v1/passages/none", "/nowhere"])
def test_what_is_not_there_is_a_problem_document(client: TestClient, path: str) -> None:
    got = client.get(path)
    assert got.status_code == 404
    assert got.headers["content-type"] == "application/problem+json"


def test_an_empty_library_is_ready_says_so_and_abstains(empty_service: Service) -> None:
    with TestClient(create_app(lambda: lend(empty_service))) as client:
        wait_until_ready(client)
        assert client.get("/readyz").json()["library"] == "empty"
        answer = client.post("/v1/ask", json=OTITIS).json()
    assert answer["status"] == "abstained"
    assert any("cdss-ingest add" in notice for notice in answer["notices"])


def test_a_start_that_fails_is_not_ready_and_says_why() -> None:
    def fail() -> Service:
        raise Unavailable("the library's disk is on fire")

    with TestClient(create_app(fail)) as client:
        responses = {client.get("/readyz").status_code, client.post("/v1/ask", json=OTITIS).status_code}
        assert responses == {503}
        assert client.get("/healthz").status_code == 200


def test_the_openapi_page_has_examples_and_problem_documents(client: TestClient) -> None:
    page = client.get("/openapi.json").json()
    ask = page["paths"]["/v1/ask"]["post"]
    assert ask["requestBody"]["content"]["application/json"]["examples"]
    assert "application/problem+json" in ask["responses"]["422"]["content"]
    assert json.dumps(page).count("DESIGN") == 0


SOURCE = "In adults give amoxicillin 500 mg three times daily for five days."


def test_check_takes_one_line_or_many_and_needs_no_library(client: TestClient) -> None:
    honest = {"id": "a", "text": SOURCE, "quotes": [{"quote": SOURCE, "source": SOURCE}]}
    altered = honest | {"id": "b", "quotes": [{"quote": SOURCE.replace("500", "50"), "source": SOURCE}]}
    one = client.post("/v1/check", json=honest).json()
    assert (one["id"], one["verdict"]) == ("a", "release")
    many = client.post("/v1/check", json=[honest, altered]).json()
    assert [(report["id"], report["verdict"]) for report in many] == [("a", "release"), ("b", "withhold")]
    assert client.post("/v1/check", json={"text": 3}).status_code == 422
    assert client.post("/v1/check", json=honest | {"patient": {"wieght_kg": 3}}).status_code == 422
