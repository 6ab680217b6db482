"""The connection to the database: short transactions, many readers beside one writer, errors in plain words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, select
from sqlalchemy.exc import SQLAlchemyError

from guidelines import tables
from guidelines.errors import StoreError
from guidelines.types import SCHEMA_VERSION

WAIT_S = 30
"""How long a statement waits for a lock that another process holds for one of its short transactions."""

MAX_VARIABLES = 10_000
"""Values in one ``IN (…)``: below the limits of SQLite (32,766) and PostgreSQL (65,535)."""


class Database:
    """One SQLite file with a write-ahead log, so that a writer never locks readers out."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"{path.parent} cannot be made a folder ({error.strerror}). Set CDSS_HOME to another."
            ) from error
        self._engine: Engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": WAIT_S})
        event.listen(self._engine, "connect", _configure)
        with self.writing() as connection:
            tables.metadata.create_all(connection)
            newest = connection.scalar(select(func.max(tables.generations.c.schema_version)))
        if newest is not None and newest > SCHEMA_VERSION:
            raise StoreError(
                f"{path} is of a newer version of cdss. Install that version, or set CDSS_HOME to another folder."
            )

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with; keep it no longer than one answer needs."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, durable when the block ends and gone without a trace when it raises."""
        with self._translated(), self._engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Close the connections that no thread is using."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise StoreError(_in_words(self.path, str(getattr(error, "orig", None) or error))) from error


def chunks(values: Iterable[str]) -> Iterator[list[str]]:
    """``values`` in lists short enough for one query."""
    listed = list(values)
    for start in range(0, len(listed), MAX_VARIABLES):
        yield listed[start : start + MAX_VARIABLES]


def _configure(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    # FULL: a generation must be in the database before the pointer that makes it live is on the disk.
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _in_words(path: Path, reason: str) -> str:
    if "disk is full" in reason:
        way_out = "Free some space on the disk and run the same command again."
    elif "locked" in reason:
        way_out = f"Another program has held it for {WAIT_S} seconds; end that program, then try again."
    elif "malformed" in reason or "not a database" in reason:
        way_out = "Restore it from a backup, or move it away and ingest the documents again."
    elif "readonly" in reason or "unable to open" in reason:
        way_out = "Check who owns the folder and who may write to it, or set CDSS_HOME to another."
    elif "disk I/O" in reason:
        way_out = "Check that the disk is neither full nor failing, then try again."
    else:
        way_out = "Nothing of this step was kept."
    return f"The library's database {path} cannot be used: {reason}. {way_out}"
