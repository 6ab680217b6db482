"""The record: every answer is written down, with what it rests on, before anybody sees it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import JSON, DateTime, String, Text, create_engine, event, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from cdss.errors import NotFound, NotRecorded
from cdss.types import Answer
from checkers.types import Draft, Report
from guidelines.types import SCHEMA_VERSION


class _Base(DeclarativeBase):
    pass


class _Row(_Base):
    """One answer. ``answer`` is the JSON text that was given, kept to the byte; the rest is what it was made from."""

    __tablename__ = "answers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    tenant: Mapped[str] = mapped_column(String(200), index=True)
    actor: Mapped[str] = mapped_column(String(200))
    schema_version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)
    question: Mapped[str] = mapped_column(Text, doc="without identifiers")
    generation: Mapped[str | None] = mapped_column(String(64))
    backend: Mapped[str] = mapped_column(String(64))
    model: Mapped[str | None] = mapped_column(String(200))
    rules: Mapped[dict[str, int]] = mapped_column(JSON)
    draft: Mapped[str] = mapped_column(Text)
    report: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)


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
        try:
            home.mkdir(parents=True, exist_ok=True)
            engine = create_engine(f"sqlite:///{home / 'record.sqlite'}")
            event.listen(engine, "connect", _durable)
            _Base.metadata.create_all(engine)
        except (OSError, SQLAlchemyError) as error:
            raise NotRecorded(f"the record of answers under {home} cannot be opened: {_reason(error)}") from error
        return cls(engine, tenant=tenant)

    def write(self, answer: Answer, *, question: str, actor: str, draft: Draft, report: Report) -> str:
        """Write ``answer`` down and return its JSON text, the very one that ``read`` gives back."""
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
        try:
            with Session(self._engine) as session, session.begin():
                session.add(row)
        except (OSError, SQLAlchemyError) as error:
            raise NotRecorded(f"the answer is not given, for it could not be recorded: {_reason(error)}") from error
        return text

    def read(self, answer_id: str) -> str:
        """The JSON text of an answer, unchanged; ``NotFound`` when this tenant has none under that id."""
        found = select(_Row.answer).where(_Row.id == answer_id, _Row.tenant == self._tenant)
        try:
            with Session(self._engine) as session:
                text = session.scalar(found)
        except (OSError, SQLAlchemyError) as error:
            raise NotRecorded(f"the record of answers cannot be read: {_reason(error)}") from error
        if text is None:
            raise NotFound("there is no answer with this id")
        return text

    def check(self) -> None:
        """Raise ``NotRecorded`` unless the record can be read now."""
        try:
            with Session(self._engine) as session:
                session.scalar(select(_Row.id).limit(1))
        except (OSError, SQLAlchemyError) as error:
            raise NotRecorded(f"the record of answers cannot be read: {_reason(error)}") from error

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _durable(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()


def _reason(error: Exception) -> str:
    """What the database said, without the statement and its values: those hold the question."""
    original = getattr(error, "orig", None)
    return str(original or type(error).__name__)
