"""Who calls the CDS services: the JSON Web Token that every client signs. Source: CDS Hooks 2.0, Trusting CDS Clients.

Only asymmetric signatures of listed issuers pass; keys come from the one address, or the one file, that the operator lists
for that issuer, never from where the token points. A token is for one address, is short-lived and is taken once.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

import httpx2
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from cdss.errors import NotAuthenticated
from cdss.settings import CdsClient

ALGORITHMS = ("ES384", "RS384", "ES256", "ES512", "RS256", "RS512", "PS256", "PS384", "PS512", "EdDSA", "Ed25519")
MAX_TOKEN_CHARS = 8_000
MAX_LIFE_S = 3_600
"""A token may not be good for longer: CDS Hooks suggests minutes."""
LEEWAY_S = 60
KEYS_LAST_S = 300
KEYS_AGAIN_S = 10
"""An unknown key id makes the keys be read again, but no oftener than this."""
MAX_KEYS_BYTES = 100_000
MAX_SEEN = 100_000


@dataclass(slots=True)
class _Keys:
    keys: KeySet
    read_at: float


@dataclass(slots=True)
class Trust:
    """Checks tokens of ``clients``; with none of them listed everybody is let in. One for a process."""

    clients: tuple[CdsClient, ...]
    http: httpx2.AsyncClient
    _keys: dict[str, _Keys] = field(default_factory=dict)
    _seen: dict[tuple[str, str], float] = field(default_factory=dict)
    _reading: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def is_on(self) -> bool:
        """Whether tokens are asked for at all."""
        return bool(self.clients)

    async def check(self, authorization: str | None, *, address: str) -> str:
        """The issuer that signed the call to ``address``. Raises ``NotAuthenticated`` with a reason fit for its operator."""
        if not self.is_on:
            return "anonymous"
        kind, _, token = (authorization or "").partition(" ")
        if kind.lower() != "bearer" or not token.strip():
            raise NotAuthenticated("A CDS client signs its calls: Authorization: Bearer, and a JSON Web Token.")
        token = token.strip()
        if len(token) > MAX_TOKEN_CHARS:
            raise NotAuthenticated("The token is too long.")
        header, claims = _unverified(token)
        client = next((one for one in self.clients if one.issuer == claims.get("iss")), None)
        if client is None:
            raise NotAuthenticated("The issuer of the token is not on the operator's list.")
        if header.get("alg") not in ALGORITHMS:
            raise NotAuthenticated("The token's algorithm is not one of the asymmetric ones that are accepted.")
        if "jku" in header and header["jku"] != client.jku:
            raise NotAuthenticated("The token's jku is not the one that the operator lists for its issuer.")
        if "crit" in header or not isinstance(header.get("kid"), str):
            raise NotAuthenticated("The token's header has no kid, or asks for what is not understood.")
        verified = await self._verified(token, str(header["kid"]), client)
        self._judge(verified, client, address)
        return client.issuer

    async def _verified(self, token: str, kid: str, client: CdsClient) -> Mapping[str, Any]:
        keys = await self._keys_of(client, kid)
        key = next((one for one in keys.keys if one.kid == kid), None)
        if key is None or key.key_type == "oct":
            raise NotAuthenticated("The token's key is not among those of its issuer.")
        try:
            return jwt.decode(token, key, algorithms=list(ALGORITHMS)).claims
        except (JoseError, ValueError, TypeError):
            raise NotAuthenticated("The token's signature is not that of its issuer.") from None

    def _judge(self, claims: Mapping[str, Any], client: CdsClient, address: str) -> None:
        now = time.time()
        issued, expires, jti = claims.get("iat"), claims.get("exp"), claims.get("jti")
        if not _is_number(expires) or expires <= now - LEEWAY_S:
            raise NotAuthenticated("The token has expired, or does not say when it will.")
        if not _is_number(issued) or issued > now + LEEWAY_S or expires - issued > MAX_LIFE_S:
            raise NotAuthenticated("The token does not say when it was issued, or is good for too long.")
        if _is_number(begins := claims.get("nbf")) and begins > now + LEEWAY_S:
            raise NotAuthenticated("The token is not valid yet.")
        audience = claims.get("aud")
        named = audience if isinstance(audience, list) else [audience]
        if address not in [one.rstrip("/") for one in named if isinstance(one, str)]:
            raise NotAuthenticated(f"The token is for another address than {address}.")
        if not isinstance(jti, str) or not jti or len(jti) > 500:
            raise NotAuthenticated("The token has no jti.")
        self._seen = {key: until for key, until in self._seen.items() if until > now}
        if (client.issuer, jti) in self._seen:
            raise NotAuthenticated("The token was used before.")
        if len(self._seen) >= MAX_SEEN:
            raise NotAuthenticated("Too many tokens are in use. Try again in a few minutes.")
        self._seen[client.issuer, jti] = expires + LEEWAY_S

    async def _keys_of(self, client: CdsClient, kid: str) -> KeySet:
        async with self._reading:
            held, now = self._keys.get(client.issuer), time.monotonic()
            age = now - held.read_at if held else None
            known = held is not None and any(one.kid == kid for one in held.keys.keys)
            if held is not None and age is not None and (age < KEYS_AGAIN_S or (known and age < KEYS_LAST_S)):
                return held.keys
            self._keys[client.issuer] = _Keys(await self._read(client), now)
            return self._keys[client.issuer].keys

    async def _read(self, client: CdsClient) -> KeySet:
        try:
            if client.jwks_file is not None:
                content = await asyncio.to_thread(client.jwks_file.read_bytes)
            else:
                assert client.jku is not None
                response = await self.http.get(client.jku, headers={"accept": "application/json"})
                if response.status_code != 200 or len(response.content) > MAX_KEYS_BYTES:
                    raise NotAuthenticated("The keys of the token's issuer cannot be read.")
                content = response.content
            return KeySet.import_key_set(json.loads(content))
        except (OSError, httpx2.HTTPError, httpx2.InvalidURL, ValueError, KeyError, TypeError, JoseError):
            raise NotAuthenticated("The keys of the token's issuer cannot be read.") from None


def _unverified(token: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Header and claims as they are claimed, to know whose keys to check them with."""
    try:
        compact = jws.extract_compact(token.encode())
        claims = json.loads(compact.payload)
        header = compact.headers()
    except (JoseError, ValueError, TypeError, RecursionError):
        raise NotAuthenticated("The token cannot be read.") from None
    if not isinstance(claims, dict):
        raise NotAuthenticated("The token cannot be read.")
    return header, claims


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
