"""SMART App Launch 2: from the EHR or standalone, with PKCE; the chart is read once, and the token is let go.

The EHR's token is used for the reads of the launch and is neither kept nor shown; what stays, in memory and for a while, is
the chart as the rules see it, under a random name that only the browser of the launch knows.
Source: hl7.org/fhir/smart-app-launch, STU 2.2.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import httpx2
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from cdss.addresses import is_loopback
from cdss.ehr import fhir_client
from cdss.ehr.call import HookCall
from cdss.ehr.fhir_client import FhirError, FhirServer
from cdss.ehr.gather import Deadline, gather
from cdss.ehr.services import SERVICES
from cdss.errors import NotAuthenticated, NotObtainable
from cdss.patient import Chart, read_chart
from cdss.settings import EhrSettings

LAUNCH_LASTS_S = 600
SESSION_LASTS_S = 3600
MOST = 2_000
READ_S = 20.0
_READ = (
    "Patient",
    "AllergyIntolerance",
    "Condition",
    "MedicationRequest",
    "MedicationStatement",
    "Medication",
    "Observation",
)


@dataclass(frozen=True, slots=True)
class _Pending:
    """A launch that is under way in one browser."""

    iss: str
    token_endpoint: str
    redirect_uri: str
    verifier: str = field(repr=False)
    browser: str = field(repr=False)
    began: float = 0.0


@dataclass(frozen=True, slots=True)
class SmartSession:
    """A chart that was read for one browser, and the question that the card came with."""

    chart: Chart
    question: str | None
    began: float


@dataclass(slots=True)
class Smart:
    """Launches and sessions of this process."""

    settings: EhrSettings
    http: httpx2.AsyncClient
    _pending: dict[str, _Pending] = field(default_factory=dict)
    _sessions: dict[str, SmartSession] = field(default_factory=dict)

    async def begin(self, iss: str, launch: str | None, *, redirect_uri: str) -> tuple[str, str]:
        """Where to send the browser, and what to bind it by. Raises ``NotObtainable``."""
        base = fhir_client.allowed(iss, self.settings.fhir_servers)
        if base is None:
            raise NotObtainable("This FHIR server is not on the operator's list (CDSS_EHR__FHIR_SERVERS).")
        if not self.settings.smart_client_id:
            raise NotObtainable("This app has no client id at the EHR: the operator sets CDSS_EHR__SMART_CLIENT_ID.")
        try:
            found = await FhirServer(base, self.http).get_within(".well-known/smart-configuration", READ_S)
        except FhirError as error:
            raise NotObtainable(f"The EHR's SMART configuration could not be read: {error}.") from None
        authorize, token = _endpoint(found, "authorization_endpoint"), _endpoint(found, "token_endpoint")
        verifier, browser = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
        async with self._client(redirect_uri, scope=_scope(found, launch)) as client:
            extra = {"launch": launch} if launch else {}
            url, state = client.create_authorization_url(
                authorize, code_verifier=verifier, aud=iss.rstrip("/"), **extra
            )
        now = time.monotonic()
        self._pending = {key: one for key, one in self._pending.items() if now - one.began < LAUNCH_LASTS_S}
        if len(self._pending) >= MOST:
            raise NotObtainable("Too many launches are under way. Try again in a few minutes.")
        self._pending[state] = _Pending(base, token, redirect_uri, verifier, browser, now)
        return url, browser

    async def finish(self, code: str, state: str, *, browser: str | None, today: date) -> str:
        """The name of the session that the launch led to. Raises ``NotAuthenticated`` or ``NotObtainable``."""
        pending = self._pending.pop(state, None)
        if pending is None or time.monotonic() - pending.began > LAUNCH_LASTS_S:
            raise NotAuthenticated("This launch is not known, or was finished before. Launch again from the EHR.")
        if browser is None or not secrets.compare_digest(browser, pending.browser):
            raise NotAuthenticated("This launch was begun in another browser. Launch again from the EHR.")
        token = await self._token(pending, code)
        patient = token.get("patient")
        if not isinstance(patient, str) or not patient:
            raise NotObtainable("The EHR did not say which patient the launch is for.")
        server = FhirServer(pending.iss, self.http, str(token["access_token"]))
        call = HookCall(SERVICES["cdss-patient-view"], state, patient, (), None, {}, pending.iss)
        gathered = await gather(call, server, deadline=Deadline(READ_S), reason="")
        chart = read_chart(gathered.resources, as_of=today, partial=gathered.partial)
        now = time.monotonic()
        self._sessions = {key: one for key, one in self._sessions.items() if now - one.began < SESSION_LASTS_S}
        if len(self._sessions) >= MOST:
            raise NotObtainable("Too many sessions are open. Try again in a few minutes.")
        name = secrets.token_urlsafe(32)
        self._sessions[name] = SmartSession(chart, _question(token.get("appContext")), now)
        return name

    def session(self, name: str | None) -> SmartSession | None:
        """The session of that name, while it lasts."""
        found = self._sessions.get(name or "")
        return found if found is not None and time.monotonic() - found.began < SESSION_LASTS_S else None

    async def _token(self, pending: _Pending, code: str) -> Mapping[str, Any]:
        try:
            async with self._client(pending.redirect_uri) as client:
                token = await client.fetch_token(
                    pending.token_endpoint, grant_type="authorization_code", code=code, code_verifier=pending.verifier
                )
        except (OAuthError, httpx2.HTTPError, ValueError, KeyError, TypeError):
            raise NotAuthenticated("The EHR did not give access. Launch again from the EHR.") from None
        if not isinstance(token, Mapping) or not token.get("access_token"):
            raise NotAuthenticated("The EHR did not give access. Launch again from the EHR.")
        return token

    def _client(self, redirect_uri: str, *, scope: str | None = None) -> AsyncOAuth2Client:
        secret = self.settings.smart_client_secret
        return AsyncOAuth2Client(
            client_id=self.settings.smart_client_id,
            client_secret=secret.get_secret_value() if secret else None,
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            redirect_uri=redirect_uri,
            scope=scope,
            code_challenge_method="S256",
            follow_redirects=False,
            timeout=READ_S,
            trust_env=False,
        )


def _endpoint(configuration: Mapping[str, Any], name: str) -> str:
    address = configuration.get(name)
    parts = urlsplit(address) if isinstance(address, str) else None
    if parts is None or not parts.hostname or not (parts.scheme == "https" or is_loopback(parts.hostname)):
        raise NotObtainable(f"The EHR's SMART configuration has no {name} over HTTPS.")
    return str(address)


def _scope(configuration: Mapping[str, Any], launch: str | None) -> str:
    """Read access to what the chart is made of, in the spelling that the server knows."""
    capabilities = configuration.get("capabilities")
    suffix = "rs" if isinstance(capabilities, list) and "permission-v2" in capabilities else "read"
    return " ".join(("launch" if launch else "launch/patient", *(f"patient/{kind}.{suffix}" for kind in _READ)))


def _question(context: object) -> str | None:
    """The question of the card that the app was opened from."""
    if not isinstance(context, str):
        return None
    try:
        given = json.loads(context)
    except (ValueError, RecursionError):
        return None
    question = given.get("question") if isinstance(given, dict) else None
    return question[:500] if isinstance(question, str) else None
