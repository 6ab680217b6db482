"""An EHR of the tests' own on loopback: FHIR search with pages, and a SMART authorisation server that checks PKCE.

It is strict where a real one is: an unknown redirect, a wrong verifier, a used code or a missing token are refused.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

Json = dict[str, Any]


@dataclass
class EhrServer:
    """``resources`` are what it holds; the rest says how it behaves. ``asked`` are the requests it saw."""

    base: str = ""
    resources: list[Json] = field(default_factory=list)
    page_size: int = 50
    token: str | None = None
    fail: dict[str, int] = field(default_factory=dict)
    redirect_to: str | None = None
    next_elsewhere: str | None = None
    endless: bool = False
    huge: bool = False
    client_id: str = "cdss"
    launches: dict[str, Json] = field(default_factory=dict)
    standalone_patient: str = "p1"
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, Json] = field(default_factory=dict)

    @property
    def fhir(self) -> str:
        return f"{self.base}/fhir"

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/fhir/.well-known/smart-configuration", self.configuration),
                Route("/auth/authorize", self.authorize),
                Route("/auth/token", self.give_token, methods=["POST"]),
                Route("/fhir/{kind}", self.search),
                Route("/fhir/{kind}/{id}", self.read),
                Route("/elsewhere", lambda _request: JSONResponse({"resourceType": "Bundle", "entry": []})),
            ]
        )

    async def configuration(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "authorization_endpoint": f"{self.base}/auth/authorize",
                "token_endpoint": f"{self.base}/auth/token",
                "capabilities": ["launch-ehr", "launch-standalone", "client-public", "permission-v2"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def authorize(self, request: Request) -> Response:
        given = dict(request.query_params)
        self.asked.append(f"authorize {given.get('scope')} launch={given.get('launch')}")
        is_right = (
            given.get("response_type") == "code"
            and given.get("client_id") == self.client_id
            and given.get("code_challenge_method") == "S256"
            and given.get("code_challenge")
            and given.get("state")
            and given.get("aud") == self.fhir
            and ("launch" not in given or given["launch"] in self.launches)
        )
        if not is_right:
            return Response("refused", status_code=400)
        code = secrets.token_urlsafe(16)
        context = self.launches.get(given.get("launch", ""), {"patient": self.standalone_patient})
        self._codes[code] = {**given, "context": context}
        return RedirectResponse(f"{given['redirect_uri']}?{urlencode({'code': code, 'state': given['state']})}")

    async def give_token(self, request: Request) -> Response:
        given = dict(parse_qsl((await request.body()).decode()))
        issued = self._codes.pop(given.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest()).rstrip(
            b"="
        )
        if (
            issued is None
            or challenge.decode() != issued["code_challenge"]
            or given["redirect_uri"] != issued["redirect_uri"]
        ):
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        self.token = secrets.token_urlsafe(24)
        return JSONResponse(
            {
                "access_token": self.token,
                "token_type": "Bearer",
                "expires_in": 300,
                "scope": issued["scope"],
                **issued["context"],
            },
            headers={"cache-control": "no-store"},
        )

    def _refused(self, request: Request, kind: str) -> Response | None:
        self.asked.append(f"{kind}?{request.url.query}")
        if self.token and request.headers.get("authorization") != f"Bearer {self.token}":
            return JSONResponse({"resourceType": "OperationOutcome"}, status_code=401)
        if kind in self.fail:
            return JSONResponse({"resourceType": "OperationOutcome"}, status_code=self.fail[kind])
        if self.redirect_to:
            return RedirectResponse(self.redirect_to)
        return None

    async def search(self, request: Request) -> Response:
        kind = request.path_params["kind"]
        if refused := self._refused(request, kind):
            return refused
        wanted = request.query_params.get("patient", "")
        found = [one for one in self.resources if one["resourceType"] == kind and self._is_of(one, wanted)]
        start = int(request.query_params.get("_start", 0))
        shown = found[start : start + self.page_size]
        more = start + self.page_size < len(found) or self.endless
        query = urlencode({**request.query_params, "_start": start + self.page_size})
        link = [{"relation": "next", "url": self.next_elsewhere or f"{self.fhir}/{kind}?{query}"}] if more else []
        bundle = {
            "resourceType": "Bundle",
            "type": "searchset",
            "link": link,
            "entry": [{"resource": one} for one in shown],
        }
        return JSONResponse(bundle | ({"padding": "x" * 6_000_000} if self.huge else {}))

    async def read(self, request: Request) -> Response:
        kind, name = request.path_params["kind"], request.path_params["id"]
        if refused := self._refused(request, kind):
            return refused
        found = next((one for one in self.resources if one["resourceType"] == kind and one.get("id") == name), None)
        return JSONResponse(found) if found else JSONResponse({"resourceType": "OperationOutcome"}, status_code=404)

    @staticmethod
    def _is_of(resource: Json, patient: str) -> bool:
        subject = resource.get("subject") or resource.get("patient") or {}
        return bool(subject.get("reference") == f"Patient/{patient}")


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The base address at which ``app`` is served on a free loopback port, in a thread."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="warning", lifespan="on")
    server = uvicorn.Server(config)
    ready = threading.Event()
    startup = server.startup

    async def started(*args: Any, **kwargs: Any) -> None:
        await startup(*args, **kwargs)
        ready.set()

    server.startup = started  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        assert ready.wait(60)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(30)


@contextmanager
def ehr_server(**how: Any) -> Iterator[EhrServer]:
    """The EHR, up."""
    server = EhrServer(**how)
    with serving(server.app()) as base:
        server.base = base
        yield server
