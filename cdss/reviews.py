"""What clinicians decided about answers, kept beside the answers. A decision is never changed, only followed by another."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator
from sqlalchemy import String, Text, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from cdss.database import FAULTS, Kept, cause, opened
from cdss.deidentify import deidentify
from cdss.errors import NotRecorded
from guidelines.types import SCHEMA_VERSION, Frozen

Decision = Literal["accept", "edit", "reject"]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class GivenReview(Frozen):
    """A decision: an edit says what is done instead (``text``), a rejection why (``reason``)."""

    decision: Decision
    reason: Annotated[Words, Field(max_length=1000)] | None = None
    text: Annotated[Words, Field(max_length=20_000)] | None = None

    @model_validator(mode="after")
    def _says_enough(self) -> Self:
        if self.decision == "reject" and self.reason is None:
            raise ValueError("a rejection gives its reason")
        if (self.decision == "edit") != (self.text is not None):
            raise ValueError("an edit, and nothing else, gives its text")
        return self


class KeptReview(Frozen):
    """A decision as it is kept: without identifiers, with who and when."""

    answer: str
    decision: Decision
    reason: str | None
    text: str | None
    actor: str
    created_at: datetime


class _Base(DeclarativeBase):
    pass


class _Row(Kept, _Base):
    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    answer: Mapped[str] = mapped_column(String(32), index=True)
    decision: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    text: Mapped[str | None] = mapped_column(Text)


class Reviews:
    """The decisions of one tenant. Raises ``NotRecorded`` when they cannot be written or read."""

    def __init__(self, engine: Engine, *, tenant: str) -> None:
        self._engine = engine
        self._tenant = tenant

    @classmethod
    def open(cls, home: Path, *, tenant: str) -> Reviews:
        """The decisions under ``home``."""
        engine = opened(home / "record.sqlite", _Base, what="the reviews")
        return cls(engine, tenant=tenant)

    def write(self, answer: str, given: GivenReview, *, actor: str) -> KeptReview:
        """Keep a decision about the answer of that id, which is there."""
        reason, text = (deidentify(words)[0] if words else None for words in (given.reason, given.text))
        row = _Row(
            tenant=self._tenant,
            actor=actor,
            schema_version=SCHEMA_VERSION,
            created_at=datetime.now(UTC),
            answer=answer,
            decision=given.decision,
            reason=reason,
            text=text,
        )
        kept = _kept(row)
        try:
            with Session(self._engine) as session, session.begin():
                session.add(row)
        except FAULTS as error:
            raise NotRecorded(f"the decision could not be kept: {cause(error)}") from error
        return kept

    def read(self, answer: str) -> list[KeptReview]:
        """All decisions about an answer, the first first."""
        found = select(_Row).where(_Row.answer == answer, _Row.tenant == self._tenant).order_by(_Row.id)
        try:
            with Session(self._engine) as session:
                return [_kept(row) for row in session.scalars(found)]
        except FAULTS as error:
            raise NotRecorded(f"the decisions cannot be read: {cause(error)}") from error

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _kept(row: _Row) -> KeptReview:
    at = row.created_at if row.created_at.tzinfo else row.created_at.replace(tzinfo=UTC)
    return KeptReview.model_validate(
        {
            "answer": row.answer,
            "decision": row.decision,
            "reason": row.reason,
            "text": row.text,
            "actor": row.actor,
            "created_at": at,
        }
    )
