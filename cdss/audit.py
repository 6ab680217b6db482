"""The record: every answer is written down, with what it rests on, before anybody sees it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import JSON, String, Text, select
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from cdss.database import FAULTS, Kept, cause, opened
from cdss.errors import NotFound, NotRecorded
from cdss.types import Answer
from checkers.types import Draft, Report
from guidelines.types import SCHEMA_VERSION

StepKind = Literal["opened", "claim", "reply"]


class _Base(DeclarativeBase):
    pass


class _Row(Kept, _Base):
    """One answer. ``answer`` is the JSON text that was given, kept to the byte; the rest is what it was made from."""

    __tablename__ = "answers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    question: Mapped[str] = mapped_column(Text, doc="without identifiers")
    generation: Mapped[str | None] = mapped_column(String(64))
    backend: Mapped[str] = mapped_column(String(64))
    model: Mapped[str | None] = mapped_column(String(200))
    rules: Mapped[dict[str, int]] = mapped_column(JSON)
    draft: Mapped[str] = mapped_column(Text)
    report: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)


class _Step(Kept, _Base):
    """Something that happened before an answer was whole: ``opened``, ``claim`` (soon shown), ``reply`` (a model's words).

    An answer that was opened and has no row in ``answers`` was never given whole."""

    __tablename__ = "steps"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    answer_id: Mapped[str] = mapped_column(String(32), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    body: Mapped[str] = mapped_column(Text, doc="JSON, without identifiers but in a claim that is shown with them")


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer as a later question may know it: the question without identifiers, and what was answered."""

    question: str
    answer: Answer


class Record:
    """The answers of one tenant, in one SQL database. Raises ``NotRecorded`` when it cannot be read or written."""

    def __init__(self, engine: Engine, *, tenant: str) -> None:
        self._engine = engine
        self._tenant = tenant

    @property
    def location(self) -> Path:
        """The file it is kept in."""
        return Path(str(self._engine.url.database))

    @classmethod
    def open(cls, home: Path, *, tenant: str) -> Record:
        """The record under ``home``, made if there is none. Every write is on the disk before it returns."""
        engine = opened(home / "record.sqlite", _Base, what="the record of answers")
        return cls(engine, tenant=tenant)

    def note(self, answer_id: str, kind: StepKind, body: str, *, actor: str) -> None:
        """Write down a step of an answer that is not whole yet; it is on the disk when this returns."""
        step = self._step(answer_id, kind, body, actor=actor)
        self._add([step], "nothing is shown, for it could not be recorded")

    def steps(self, answer_id: str) -> list[tuple[str, str]]:
        """The steps of an answer in their order, each its kind and its body."""
        found = select(_Step.kind, _Step.body).where(_Step.answer_id == answer_id, _Step.tenant == self._tenant)
        try:
            with Session(self._engine) as session:
                return [(kind, body) for kind, body in session.execute(found.order_by(_Step.number))]
        except FAULTS as error:
            raise NotRecorded(f"the record of answers cannot be read: {cause(error)}") from error

    def write(
        self,
        answer: Answer,
        *,
        question: str,
        actor: str,
        draft: Draft,
        report: Report,
        replies: Sequence[str] = (),
    ) -> str:
        """Write ``answer`` down, with a model's ``replies``; return its JSON text, the very one that ``read`` gives back."""
        text = answer.model_dump_json(by_alias=True)
        row = _Row(
            id=answer.id,
            tenant=self._tenant,
            actor=actor,
            schema_version=SCHEMA_VERSION,
            created_at=datetime.now(UTC),
            question=question,
            generation=answer.generation,
            backend=answer.backend,
            model=answer.model,
            rules=report.rules,
            draft=draft.model_dump_json(),
            report=report.model_dump_json(),
            answer=text,
        )
        steps = [self._step(answer.id, "reply", json.dumps(reply), actor=actor) for reply in replies]
        self._add([row, *steps], "the answer is not given, for it could not be recorded")
        return text

    def earlier(self, answer_id: str, *, actor: str) -> Earlier:
        """An answer that ``actor`` was given; ``NotFound`` for anybody else's."""
        found = select(_Row.question, _Row.answer).where(
            _Row.id == answer_id, _Row.tenant == self._tenant, _Row.actor == actor
        )
        try:
            with Session(self._engine) as session:
                row = session.execute(found).one_or_none()
        except FAULTS as error:
            raise NotRecorded(f"the record of answers cannot be read: {cause(error)}") from error
        if row is None:
            raise NotFound("there is no answer with this id to go on from")
        return Earlier(row.question, Answer.model_validate_json(row.answer))

    def _step(self, answer_id: str, kind: StepKind, body: str, *, actor: str) -> _Step:
        return _Step(
            answer_id=answer_id,
            tenant=self._tenant,
            actor=actor,
            schema_version=SCHEMA_VERSION,
            created_at=datetime.now(UTC),
            kind=kind,
            body=body,
        )

    def _add(self, rows: Sequence[_Base], refusal: str) -> None:
        try:
            with Session(self._engine) as session, session.begin():
                session.add_all(rows)
        except FAULTS as error:
            raise NotRecorded(f"{refusal}: {cause(error)}") from error

    def read(self, answer_id: str) -> str:
        """The JSON text of an answer, unchanged; ``NotFound`` when this tenant has none under that id."""
        found = select(_Row.answer).where(_Row.id == answer_id, _Row.tenant == self._tenant)
        try:
            with Session(self._engine) as session:
                text = session.scalar(found)
        except FAULTS as error:
            raise NotRecorded(f"the record of answers cannot be read: {cause(error)}") from error
        if text is None:
            raise NotFound("there is no answer with this id")
        return text

    def check(self) -> None:
        """Raise ``NotRecorded`` unless the record can be read now."""
        try:
            with Session(self._engine) as session:
                session.scalar(select(_Row.id).limit(1))
        except FAULTS as error:
            raise NotRecorded(f"the record of answers cannot be read: {cause(error)}") from error

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
