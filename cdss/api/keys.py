"""Who may ask what, once there are API keys: a key with the scope, or the browser of a launch from the EHR."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from cdss.api import outcomes, problems
from cdss.api.smart import SESSION_COOKIE
from cdss.api.state import State
from cdss.keys import PREFIX, Keys, KeysUnreadable
from cdss.keys import Scope as KeyScope

_OPEN = ("/healthz", "/readyz", "/app")
"""Up and ready, and the page, which holds nothing: what it asks for is asked with a launch."""


class CheckKey:
    """Lets a request through if its key has the scope that its address needs; without any keys everything passes."""

    def __init__(self, app: ASGIApp, keys: Callable[[], Keys | None], state: State) -> None:
        self._app = app
        self._keys = keys
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(Request(scope)) if scope["type"] == "http" else None
        if refusal is None:
            await self._app(scope, receive, send)
            return
        response = problems.told(Request(scope), *refusal)
        if refusal[0] == 401:
            response.headers["www-authenticate"] = "Bearer"
        await response(scope, receive, send)

    def _refusal(self, request: Request) -> tuple[int, str] | None:
        keys = self._keys()
        try:
            if keys is None or not keys.all():
                return None
            needed = self._needed(request)
            if needed is None:
                return None
            kind, _, given = request.headers.get("authorization", "").partition(" ")
            key = keys.find(given.strip()) if kind.lower() == "bearer" and given.strip().startswith(PREFIX) else None
        except KeysUnreadable:
            return 503, "The keys of this service cannot be read, so that nobody is let in. Tell the operator."
        if key is not None:
            return None if needed in key.scopes else (403, f"This key has not the scope {needed}.")
        if self._is_launched(request):
            return None
        return 401, f"This needs an API key with the scope {needed}: Authorization: Bearer {PREFIX}..."

    def _needed(self, request: Request) -> KeyScope | None:
        path, method = request.url.path, request.method
        if path == "/" or method == "OPTIONS" or any(path == one or path.startswith(f"{one}/") for one in _OPEN):
            return None
        if outcomes.speaks_fhir(path):
            signed = self._state.ehr is not None and self._state.ehr.trust.is_on
            return None if method == "GET" or signed else "cds"
        if path.endswith(("/review", "/reviews")):
            return "review"
        if path.startswith(("/v1/ask", "/v1/notices")):
            return "ask"
        return "check" if path.startswith("/v1/check") else "read"

    def _is_launched(self, request: Request) -> bool:
        """Whether the page of a launch asks, from this very origin."""
        ehr = self._state.ehr
        same = request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
        launched = ehr is not None and ehr.smart.session(request.cookies.get(SESSION_COOKIE)) is not None
        return launched and same and not outcomes.speaks_fhir(request.url.path)
