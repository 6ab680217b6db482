"""API keys: who may ask what. Only their hashes are kept, in ``keys.json`` under the home; a key itself is shown once.

A key is 32 random bytes, so that a plain SHA-256 cannot be searched back.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import threading
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from pydantic import TypeAdapter, ValidationError

from guidelines.types import Frozen

Scope = Literal["ask", "check", "read", "review", "cds"]
SCOPES: tuple[Scope, ...] = get_args(Scope)
PREFIX = "cdss_"


class KeysUnreadable(Exception):
    """The file of keys is there and cannot be read: then nobody is let in."""


class ApiKey(Frozen):
    """A key as it is kept."""

    name: str
    sha256: str
    scopes: tuple[Scope, ...]
    created_at: datetime


_FILE = TypeAdapter(tuple[ApiKey, ...])


@dataclass(slots=True)
class Keys:
    """The keys under one home; a change of the file counts at once."""

    path: Path
    _held: tuple[ApiKey, ...] = ()
    _read_at: int = -1
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def of(cls, home: Path) -> Keys:
        """The keys kept under ``home``."""
        return cls(home / "keys.json")

    def all(self) -> tuple[ApiKey, ...]:
        """All keys. Raises ``KeysUnreadable``."""
        with self._lock:
            try:
                changed = self.path.stat().st_mtime_ns
            except FileNotFoundError:
                self._held, self._read_at = (), -1
                return ()
            if changed != self._read_at:
                try:
                    self._held = _FILE.validate_json(self.path.read_bytes())
                except (OSError, ValidationError) as error:
                    raise KeysUnreadable(f"{self.path} cannot be read") from error
                self._read_at = changed
            return self._held

    def add(self, name: str, scopes: Collection[Scope]) -> str:
        """Make a key and return it, for the only time. Raises ``ValueError`` if the name is taken."""
        held = self.all()
        if any(key.name == name for key in held):
            raise ValueError(f"there is a key called {name}")
        key = PREFIX + secrets.token_urlsafe(32)
        made = ApiKey(name=name, sha256=_hash(key), scopes=tuple(sorted(scopes)), created_at=datetime.now(UTC))
        self._write((*held, made))
        return key

    def remove(self, name: str) -> bool:
        """Take a key back; whether there was one."""
        held = self.all()
        kept = tuple(key for key in held if key.name != name)
        if len(kept) < len(held):
            self._write(kept)
        return len(kept) < len(held)

    def find(self, key: str) -> ApiKey | None:
        """What is known of a key."""
        wanted = _hash(key)
        return next((one for one in self.all() if secrets.compare_digest(one.sha256, wanted)), None)

    def _write(self, keys: tuple[ApiKey, ...]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        new = self.path.with_suffix(".new")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            json.dump([key.model_dump(mode="json") for key in keys], file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
