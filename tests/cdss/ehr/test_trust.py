"""Tokens of CDS clients: what passes and what does not."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.cdss.ehr.calls import call
from tests.cdss.ehr.ehr_server import serving
from tests.cdss.fhir.builders import patient

Open = Callable[..., TestClient]
ISSUER = "https://ehr.example"
ADDRESS = "http://localhost/cds-services/cdss-order-sign"
KEYS: dict[str, Any] = {
    "ES384": ECKey.generate_key("P-384", {"kid": "ES384"}),
    "ES256": ECKey.generate_key("P-256", {"kid": "ES256"}),
    "RS384": RSAKey.generate_key(2048, {"kid": "RS384"}),
    "PS256": RSAKey.generate_key(2048, {"kid": "PS256"}),
    "Ed25519": OKPKey.generate_key("Ed25519", {"kid": "Ed25519"}),
    "EdDSA": OKPKey.generate_key("Ed25519", {"kid": "EdDSA"}),
}
PUBLIC = KeySet(list(KEYS.values())).as_dict(private=False)


def token(algorithm: str = "ES384", *, header: dict[str, Any] | None = None, key: Any = None, **claims: Any) -> str:
    now = int(time.time())
    given = {"iss": ISSUER, "aud": ADDRESS, "iat": now, "exp": now + 300, "jti": str(time.perf_counter_ns())} | claims
    signed = {"alg": algorithm, "typ": "JWT", "kid": algorithm} | (header or {})
    payload = {name: value for name, value in given.items() if value is not None}
    return jwt.encode(signed, payload, key or KEYS[algorithm], algorithms=[algorithm])


@pytest.fixture
def opened(with_ehr: Open, tmp_path: Path) -> TestClient:
    pinned = tmp_path / "keys.json"
    pinned.write_text(json.dumps(PUBLIC))
    return with_ehr(clients=[{"issuer": ISSUER, "jwks_file": str(pinned)}])


def status(opened: TestClient, authorization: str | None) -> int:
    headers = {"authorization": authorization} if authorization is not None else {}
    body = call("cdss-order-sign", prefetch={"patient": patient()})
    got = opened.post("/cds-services/cdss-order-sign", json=body, headers=headers)
    if got.status_code == 401:
        assert got.json()["resourceType"] == "OperationOutcome"
        assert got.headers["www-authenticate"] == "Bearer"
    return got.status_code


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # by RFC 9864, in favour of Ed25519; clients still send it
@pytest.mark.parametrize("algorithm", list(KEYS))
def test_every_asymmetric_algorithm_passes(opened: TestClient, algorithm: str) -> None:
    assert status(opened, f"Bearer {token(algorithm)}") == 200


def test_an_audience_may_be_one_of_a_list(opened: TestClient) -> None:
    assert status(opened, f"Bearer {token(aud=['https://other', ADDRESS])}") == 200


NOW = int(time.time())


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example"}, {"iss": None}, {"aud": None}, {"aud": "http://localhost/cds-services"},
        {"aud": "http://localhost/cds-services/cdss-patient-view"}, {"aud": {}}, {"exp": None}, {"exp": NOW - 3600},
        {"exp": NOW + 86_400}, {"exp": "soon"}, {"iat": None}, {"iat": NOW + 3600, "exp": NOW + 4000}, {"jti": None},
        {"jti": ""}, {"nbf": NOW + 3000},
    ],
    ids=str,
)  # fmt: skip
def test_claims_that_do_not_pass(opened: TestClient, claims: dict[str, Any]) -> None:
    assert status(opened, f"Bearer {token(**claims)}") == 401


@pytest.mark.parametrize(
    "header",
    [{"kid": "unknown"}, {"kid": None}, {"jku": "https://evil.example/keys"}, {"jku": "http://127.0.0.1:1/keys"}],
    ids=str,
)
def test_headers_that_do_not_pass(opened: TestClient, header: dict[str, Any]) -> None:
    signed = {"alg": "ES384", "typ": "JWT", "kid": "ES384"} | header
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": ADDRESS, "iat": now, "exp": now + 300, "jti": "x"}
    made = jwt.encode(
        {name: value for name, value in signed.items() if value}, claims, KEYS["ES384"], algorithms=["ES384"]
    )
    assert status(opened, f"Bearer {made}") == 401


def test_none_hmac_a_foreign_key_and_what_is_no_token_do_not_pass(opened: TestClient) -> None:
    unsigned = token().rsplit(".", 1)[0] + "."
    hmac = jwt.encode(
        {"alg": "HS256", "kid": "ES384"},
        {"iss": ISSUER, "aud": ADDRESS, "iat": NOW, "exp": NOW + 300, "jti": "h"},
        OctKey.import_key(json.dumps(PUBLIC["keys"][0])),
        algorithms=["HS256"],
    )
    foreign = token(key=ECKey.generate_key("P-384", {"kid": "ES384"}))
    good = token()
    changed = f"{good[:-6]}{'A' if good[-6] != 'A' else 'B'}{good[-5:]}"
    basic = "Basic dXNlcjpwYXNz"
    bearer = [f"Bearer {one}" for one in (unsigned, hmac, foreign, changed, "", "x", "a.b.c", "x" * 10_000)]
    for authorization in (*bearer, basic, "Bearer", None):
        assert status(opened, authorization) == 401, authorization


def test_a_token_is_taken_once(opened: TestClient) -> None:
    made = token()
    assert [status(opened, f"Bearer {made}") for _ in range(2)] == [200, 401]
    assert status(opened, f"Bearer {token(jti='used-once')}") == 200
    assert status(opened, f"Bearer {token(jti='used-once')}") == 401


def test_discovery_is_open_and_feedback_is_not(opened: TestClient) -> None:
    assert opened.get("/cds-services").status_code == 200
    path = "/cds-services/cdss-order-sign/feedback"
    assert opened.post(path, json={"feedback": []}).status_code == 401
    headers = {"authorization": f"Bearer {token(aud=f'http://localhost{path}')}"}
    assert opened.post(path, json={"feedback": []}, headers=headers).status_code == 200


class _Keys:
    """A key address that counts how often it is read."""

    def __init__(self) -> None:
        self.read, self.keys = 0, {"keys": PUBLIC["keys"][:1]}

    def app(self) -> Starlette:
        async def give(_request: object) -> JSONResponse:
            self.read += 1
            return JSONResponse(self.keys)

        return Starlette(routes=[Route("/keys", give)])


@pytest.fixture
def keys() -> Iterator[tuple[_Keys, str]]:
    held = _Keys()
    with serving(held.app()) as base:
        yield held, f"{base}/keys"


def test_keys_come_from_the_listed_address_and_are_kept(with_ehr: Open, keys: tuple[_Keys, str]) -> None:
    held, jku = keys
    opened = with_ehr(clients=[{"issuer": ISSUER, "jku": jku}])
    assert status(opened, f"Bearer {token(header={'jku': jku})}") == 200
    assert status(opened, f"Bearer {token()}") == 200
    assert held.read == 1
    assert status(opened, f"Bearer {token('ES256')}") == 401
    assert held.read == 1, "an unknown key id must not make us ask at once again"


def test_a_public_address_is_what_the_token_must_name(with_ehr: Open, tmp_path: Path) -> None:
    pinned = tmp_path / "keys.json"
    pinned.write_text(json.dumps(PUBLIC))
    opened = with_ehr(clients=[{"issuer": ISSUER, "jwks_file": str(pinned)}], public_url="https://cds.example.org")
    assert status(opened, f"Bearer {token()}") == 401
    assert status(opened, f"Bearer {token(aud='https://cds.example.org/cds-services/cdss-order-sign')}") == 200


def test_without_clients_it_warns_aloud(with_ehr: Open, caplog: pytest.LogCaptureFixture) -> None:
    assert status(with_ehr(), None) == 200
    assert "ANYBODY" in caplog.text
