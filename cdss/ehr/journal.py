"""The journal of the EHR's door: the cards of every call and what became of them, kept beside the record of answers.

It keeps what was shown, by rule and words, with neither the patient's id nor the chart. Comments are kept without identifiers.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, String, insert, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from cdss.database import FAULTS, Kept, cause, opened
from cdss.errors import NotRecorded
from guidelines.types import SCHEMA_VERSION


class _Base(DeclarativeBase):
    pass


class _Call(Kept, _Base):
    __tablename__ = "cds_calls"

    id: Mapped[int] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(String(64))
    hook_instance: Mapped[str] = mapped_column(String(200), index=True)
    cards: Mapped[list[dict[str, Any]]] = mapped_column(JSON)


class _Feedback(Kept, _Base):
    __tablename__ = "cds_feedback"

    id: Mapped[int] = mapped_column(primary_key=True)
    service: Mapped[str] = mapped_column(String(64))
    card: Mapped[str] = mapped_column(String(200), index=True)
    outcome: Mapped[str] = mapped_column(String(20))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)


class Journal:
    """Calls and feedback of one tenant. Raises ``NotRecorded`` when it cannot be written."""

    def __init__(self, engine: Engine, *, tenant: str) -> None:
        self._engine = engine
        self._tenant = tenant
        self._writing = threading.Lock()

    @classmethod
    def open(cls, home: Path, *, tenant: str) -> Journal:
        """The journal under ``home``, made if there is none."""
        engine = opened(home / "journal.sqlite", _Base, what="the journal", synchronous="NORMAL")
        return cls(engine, tenant=tenant)

    def write_call(self, *, service: str, instance: str, actor: str, cards: Sequence[Mapping[str, Any]]) -> None:
        """Write down what a call was answered with."""
        kept = [{key: card[key] for key in ("uuid", "summary", "indicator", "source") if key in card} for card in cards]
        self._add(_Call, [{"service": service, "hook_instance": instance[:200], "actor": actor[:500], "cards": kept}])

    def write_feedback(self, *, service: str, actor: str, items: Sequence[Mapping[str, Any]]) -> None:
        """Write down what became of cards."""
        rows = [
            {
                "service": service,
                "actor": actor[:500],
                "card": item["card"],
                "outcome": item["outcome"],
                "detail": json.loads(json.dumps(item)),
            }
            for item in items
        ]
        self._add(_Feedback, rows)

    def _add(self, table: type[_Base], rows: Sequence[Mapping[str, Any]]) -> None:
        """One after the other: SQLite lets whoever finds it busy wait for longer than writing takes."""
        common = {"tenant": self._tenant, "schema_version": SCHEMA_VERSION, "created_at": datetime.now(UTC)}
        if not rows:
            return
        try:
            with self._writing, self._engine.begin() as connection:
                connection.execute(insert(table), [{**common, **row} for row in rows])
        except FAULTS as error:
            raise NotRecorded(f"it could not be written down: {cause(error)}") from error

    def feedback(self) -> list[dict[str, Any]]:
        """All feedback, the oldest first."""
        with Session(self._engine) as session:
            found = session.scalars(select(_Feedback).where(_Feedback.tenant == self._tenant).order_by(_Feedback.id))
            return [{"service": row.service, **row.detail} for row in found]

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
