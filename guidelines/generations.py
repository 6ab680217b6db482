"""The list of generations: which documents each one holds, and where every one of them came from.

A row here makes nothing live; only the index's own switch does (``guidelines.index``). So the list of a generation's
documents becomes visible in the same instant as its vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import func, insert, select

from guidelines.database import Database
from guidelines.tables import generation_documents, generations


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of a generation and the path that it was read from."""

    document_id: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """A list of documents, embedded with one model. ``number`` counts from 1 for each tenant."""

    id: str
    number: int
    model: str
    created_at: datetime
    entries: tuple[Entry, ...]


class Generations:
    """The generations of one tenant."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def begin(self, entries: Sequence[Entry], *, model: str, actor: str) -> Generation:
        """Write down a new generation, before any of its vectors are."""
        content = "\n".join((model, *(f"{entry.document_id}\t{entry.path}" for entry in entries)))
        with self._database.writing() as connection:
            last = connection.scalar(select(func.max(generations.c.number)).where(generations.c.tenant == self._tenant))
            number = (last or 0) + 1
            generation = Generation(
                id=f"{number:06d}-{sha256(content.encode()).hexdigest()[:8]}",
                number=number,
                model=model,
                created_at=datetime.now(UTC),
                entries=tuple(entries),
            )
            connection.execute(
                insert(generations),
                {
                    "tenant": self._tenant,
                    "id": generation.id,
                    "number": number,
                    "model": model,
                    "created_at": generation.created_at.isoformat(),
                    "actor": actor,
                },
            )
            rows = [
                {
                    "tenant": self._tenant,
                    "generation_id": generation.id,
                    "document_id": entry.document_id,
                    "position": position,
                    "path": entry.path,
                }
                for position, entry in enumerate(entries)
            ]
            if rows:
                connection.execute(insert(generation_documents), rows)
        return generation

    def get(self, generation_id: str) -> Generation | None:
        """A generation with its documents, in the order of preference (``guidelines.editions.ranked``)."""
        mine = generations.c.tenant == self._tenant
        with self._database.reading() as connection:
            row = connection.execute(select(generations).where(mine, generations.c.id == generation_id)).one_or_none()
            if row is None:
                return None
            held = connection.execute(
                select(generation_documents.c.document_id, generation_documents.c.path)
                .where(
                    generation_documents.c.tenant == self._tenant, generation_documents.c.generation_id == generation_id
                )
                .order_by(generation_documents.c.position)
            )
            return Generation(
                id=row.id,
                number=row.number,
                model=row.model,
                created_at=datetime.fromisoformat(row.created_at),
                entries=tuple(Entry(document_id, path) for document_id, path in held),
            )

    def ids(self) -> list[str]:
        """Ids of all generations that were ever begun, oldest first."""
        query = select(generations.c.id).where(generations.c.tenant == self._tenant).order_by(generations.c.number)
        with self._database.reading() as connection:
            return list(connection.scalars(query))
