"""What every request passes: whom the Host header names, how long the body is, and which origins may read the answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from urllib.parse import urlsplit

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cdss.addresses import is_loopback
from cdss.api import outcomes, problems

MAX_BODY_BYTES = 1_000_000
MAX_CDS_BODY_BYTES = 10_000_000
"""A CDS call brings a chart with it."""


def host_names(*, allowed: Iterable[str], listening: str | None, public_url: str | None) -> frozenset[str]:
    """The names that are answered beside those of this machine."""
    public = urlsplit(public_url).hostname if public_url else None
    return frozenset(name.lower() for name in (*allowed, listening or "", public or "") if name)


class CheckHost:
    """Refuses a request that names another host than those that are answered: a page elsewhere cannot rebind its way in."""

    def __init__(self, app: ASGIApp, names: frozenset[str]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_ours(Request(scope).headers.get("host", "")):
            detail = "This name is not answered here. The operator adds it with CDSS_SERVER__ALLOWED_HOSTS."
            await problems.told(Request(scope), 421, detail)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_ours(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname
        except ValueError:
            return False
        return name is not None and (is_loopback(name) or name.lower() in self._names)


class CdsCors:
    """Lets pages of ``origins`` read what is under ``/cds-services``, errors included, and nothing else."""

    def __init__(self, app: ASGIApp, origins: tuple[str, ...]) -> None:
        self._app = app
        self._shared = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=("GET", "POST"),
            allow_headers=("*",),  # a client's own headers do no harm: nothing here is let in by a cookie
            max_age=3600,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        shared = scope["type"] == "http" and outcomes.speaks_fhir(scope["path"])
        await (self._shared if shared else self._app)(scope, receive, send)


class LimitBody:
    """Refuses a request body that is too long before it is read whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = MAX_CDS_BODY_BYTES if outcomes.speaks_fhir(scope["path"]) else MAX_BODY_BYTES
        body, more = bytearray(), True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > most:
                detail = f"The request is longer than {most:,} bytes."
                await problems.told(Request(scope), 413, detail)(scope, receive, send)
                return
        await self._app(scope, _replay(bytes(body), receive), send)


def _replay(body: bytes, receive: Receive) -> Callable[[], Awaitable[Message]]:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay
