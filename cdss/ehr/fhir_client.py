"""Reads from a FHIR server that the operator allows: no redirects, bounded in time, size and number of requests.

An address that is not on the list is never asked. The token goes into one header and nowhere else.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2

MAX_BYTES = 5_000_000
MAX_PAGES = 20


class FhirError(Exception):
    """A resource could not be had; the message says why, and never what was sent or received."""


def allowed(server: str | None, servers: Collection[str]) -> str | None:
    """``server`` as the operator wrote it, if it is on the list; otherwise ``None``."""
    if not server:
        return None
    wanted = _normal(server)
    return next((one for one in servers if wanted is not None and _normal(one) == wanted), None)


def _normal(address: str) -> tuple[str, str, int | None, str] | None:
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        return None
    if parts.query or parts.fragment or ".." in parts.path:
        return None
    default = {"http": 80, "https": 443}[parts.scheme]
    return parts.scheme, parts.hostname.lower(), port or default, parts.path.rstrip("/")


def client() -> httpx2.AsyncClient:
    """The client for all calls, to be closed by whoever opened it."""
    for name in ("httpx", "httpx2", "httpcore", "httpcore2"):
        logging.getLogger(name).setLevel(
            logging.WARNING
        )  # their addresses hold the patient's id, their headers the token
    limits = httpx2.Limits(max_connections=32, max_keepalive_connections=8)
    return httpx2.AsyncClient(follow_redirects=False, timeout=httpx2.Timeout(10.0), limits=limits, trust_env=False)


@dataclass(frozen=True, slots=True)
class FhirServer:
    """An allowed server with the token of one call. ``base`` is the operator's spelling of its address."""

    base: str
    http: httpx2.AsyncClient
    token: str | None = field(repr=False, default=None)

    def within(self, address: str) -> str | None:
        """``address`` made absolute, if it is of this server and under its base."""
        absolute = urljoin(f"{self.base.rstrip('/')}/", address)
        mine, other = _normal(self.base), _normal(absolute.split("?", 1)[0])
        if mine is None or other is None or other[:3] != mine[:3]:
            return None
        return absolute if other[3] == mine[3] or other[3].startswith(f"{mine[3]}/") else None

    async def get(self, address: str) -> Mapping[str, Any]:
        """The resource at ``address``. Raises ``FhirError``."""
        url = self.within(address)
        if url is None:
            raise FhirError("the address is not of the allowed FHIR server")
        headers = {"accept": "application/fhir+json"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        try:
            async with self.http.stream("GET", url, headers=headers) as response:
                if response.status_code != 200:
                    raise FhirError(f"the FHIR server answered with {response.status_code}")
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    if len(body) > MAX_BYTES:
                        raise FhirError("the FHIR server's answer is too long")
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise FhirError(f"the FHIR server could not be reached ({type(error).__name__})") from None
        try:
            found = json.loads(bytes(body))
        except (ValueError, RecursionError):
            raise FhirError("the FHIR server's answer is not JSON") from None
        if not isinstance(found, dict):
            raise FhirError("the FHIR server's answer is no resource")
        return found

    async def get_within(self, address: str, seconds: float) -> Mapping[str, Any]:
        """The same, in at most ``seconds``."""
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                return await self.get(address)
        except TimeoutError:
            raise FhirError("the FHIR server did not answer in time") from None
