"""One writer at a time. The lock goes with the process that holds it, however that ends."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from guidelines.errors import BusyError, StoreError


@contextmanager
def writing(home: Path, actor: str) -> Iterator[None]:
    """Hold the library under ``home`` for writing; raises ``BusyError`` at once when another process does."""
    note = home / "writer.json"
    lock = FileLock(home / "writer.lock")
    try:
        lock.acquire(timeout=0.5)  # somebody may be asking at this moment whether it is held
    except Timeout:
        raise BusyError(
            f"{_who(note)} is writing to {home}. Wait until that run has ended, then start again."
        ) from None
    except OSError as error:
        raise StoreError(
            f"{home} cannot be written to ({error.strerror}). Check who owns it, or set CDSS_HOME."
        ) from error
    try:
        _leave(note, actor)
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def is_writing(home: Path) -> bool:
    """Whether some process holds the library for writing right now."""
    if not (home / "writer.lock").exists():
        return False
    lock = FileLock(home / "writer.lock")
    try:
        with lock.acquire(timeout=0):
            return False
    except (Timeout, OSError):
        return True


def _leave(note: Path, actor: str) -> None:
    since = datetime.now().astimezone().isoformat(timespec="minutes")
    who = {"actor": actor, "pid": os.getpid(), "host": socket.gethostname(), "since": since}
    try:
        note.write_text(json.dumps(who), encoding="utf-8")
    except OSError as error:
        raise StoreError(
            f"{note} cannot be written ({error.strerror}). Free some space or check who owns it."
        ) from error


def _who(note: Path) -> str:
    """The note is only for the message: it may be gone, or of a run that was killed before it could take it away."""
    try:
        who = json.loads(note.read_text(encoding="utf-8"))
        return f"Another run (process {who['pid']} of {who['actor']} on {who['host']}, since {who['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "Another run"
