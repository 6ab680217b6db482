"""How the service's own SQLite files are opened: the record of answers, the decisions, the journal of the EHR's door."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import DateTime, String, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from cdss.errors import NotRecorded

FAULTS = (OSError, SQLAlchemyError)
"""What reading and writing may raise."""


class Kept:
    """What every row of these files says beside its own: whose it is, who did it, when, and in which version of the schema."""

    tenant: Mapped[str] = mapped_column(String(200), index=True)
    actor: Mapped[str] = mapped_column(String(500))
    schema_version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


def opened(
    file: Path, tables: type[DeclarativeBase], *, what: str, synchronous: Literal["FULL", "NORMAL"] = "FULL"
) -> Engine:
    """The database in ``file``, made if there is none. Raises ``NotRecorded``, which calls it ``what``.

    ``synchronous``: with FULL every write is on the disk before it returns; with NORMAL a power cut may lose the last ones.
    """

    def prepare(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for setting in ("journal_mode=WAL", f"synchronous={synchronous}", "busy_timeout=5000"):
            cursor.execute(f"PRAGMA {setting}")
        cursor.close()

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(f"sqlite:///{file}")
        event.listen(engine, "connect", prepare)
        tables.metadata.create_all(engine)
    except FAULTS as error:
        raise NotRecorded(f"{what} under {file.parent} cannot be opened: {cause(error)}") from error
    return engine


def cause(error: Exception) -> str:
    """What the database said, without the statement and its values: those hold what was asked."""
    return str(getattr(error, "orig", None) or type(error).__name__)
