"""API keys: what each may do, and what is kept of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from cdss.api.app import create_app
from cdss.api.edge import host_names
from cdss.cli import main
from cdss.keys import Keys
from cdss.pipeline import Service
from tests.cdss.conftest import lend, wait_until_ready

QUESTION = {"question": "How long should a child with acute otitis media take amoxicillin?"}


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys.of(tmp_path)


@pytest.fixture
def guarded(service: Service, keys: Keys) -> Iterator[TestClient]:
    hosts = host_names(allowed=("cds.example",), listening=None, public_url="https://public.example/x")
    app = create_app(lambda: lend(service), keys=keys, hosts=hosts)
    with TestClient(app, base_url="http://localhost") as opened:
        wait_until_ready(opened)
        yield opened


def ask(opened: TestClient, key: str | None) -> int:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return opened.post("/v1/ask", json=QUESTION, headers=headers).status_code


def test_without_keys_nothing_is_asked_for(guarded: TestClient) -> None:
    assert ask(guarded, None) == 200


def test_a_key_opens_what_its_scope_says_and_can_be_taken_back(guarded: TestClient, keys: Keys) -> None:
    key = keys.add("ward", ["ask"])
    assert ask(guarded, key) == 200
    refused = guarded.get("/v1/documents", headers={"authorization": f"Bearer {key}"})
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"
    for wrong in (None, "cdss_", key[:-1], f"{key}x", "eyJ.x.y"):
        assert ask(guarded, wrong) == 401, wrong
    assert guarded.post("/cds-services/cdss-order-sign", json={}).json()["resourceType"] == "OperationOutcome"
    assert guarded.get("/cds-services").status_code == 200
    assert guarded.get("/healthz").status_code == 200
    assert guarded.get("/app/").status_code == 200
    for path in ("/docs", "/openapi.json", "/v1/passages/x", "/v1/answers/x"):
        assert guarded.get(path).status_code == 401, path
    assert keys.remove("ward")
    keys.add("other", ["read"])
    assert ask(guarded, key) == 401


def test_a_key_is_kept_as_its_hash(keys: Keys) -> None:
    key = keys.add("ward", ["ask", "read"])
    assert key not in keys.path.read_text()
    assert keys.path.stat().st_mode & 0o077 == 0
    with pytest.raises(ValueError, match="ward"):
        keys.add("ward", ["ask"])


def test_a_file_that_cannot_be_read_lets_nobody_in(guarded: TestClient, keys: Keys) -> None:
    keys.path.write_text("{")
    assert ask(guarded, None) == 503


def test_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDSS_HOME", str(tmp_path))
    run = CliRunner().invoke
    key = run(main, ["keys", "add", "ward", "--scope", "ask"]).output.strip()
    assert Keys.of(tmp_path).find(key) is not None
    assert "ward  ask" in run(main, ["keys", "list"]).output
    assert run(main, ["keys", "add", "ward", "--scope", "ask"]).exit_code == 2
    assert run(main, ["keys", "remove", "ward"]).exit_code == 0
    assert run(main, ["keys", "remove", "ward"]).exit_code == 1


def test_an_open_address_needs_a_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDSS_HOME", str(tmp_path))
    refused = CliRunner().invoke(main, ["serve", "--host", "0.0.0.0"])
    assert refused.exit_code == 2
    assert "cdss keys add" in refused.output
    assert "CDSS_SERVER__NETWORK_IS_GUARDED" in refused.output


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost", 200), ("127.0.0.1:8000", 200), ("[::1]:8000", 200), ("cds.example", 200), ("public.example", 200),
     ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("", 421), ("[", 421)],
)  # fmt: skip
def test_the_host_header_is_checked(guarded: TestClient, host: str, status: int) -> None:
    assert guarded.get("/healthz", headers={"host": host}).status_code == status
    got = guarded.get("/cds-services", headers={"host": host})
    assert got.status_code == status
    if status == 421:
        assert got.json()["resourceType"] == "OperationOutcome"
