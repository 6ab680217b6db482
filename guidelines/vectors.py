"""What of a passage is embedded, and the cache of what came out: nothing is embedded twice by the same model."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, and_, delete, insert, or_, select

from guidelines.database import Database, chunks
from guidelines.embedding import PassageInput, PassageVectors, Vector
from guidelines.tables import documents, embeddings, generation_documents, passages
from guidelines.types import Passage


def passage_input(title: str, section: Sequence[str], text: str, sentences: Iterable[tuple[int, int]]) -> PassageInput:
    """A passage as the model sees it: under the title of its document and its headings, which are never quoted."""
    headings = section[1:] if section and section[0] == title else section
    return PassageInput(context=" > ".join((title, *headings)), text=text, sentences=tuple(sentences))


def embedding_key(item: PassageInput) -> str:
    """64 hexadecimal digits, the same for two passages that give the same vectors."""
    return sha256(json.dumps([item.context, item.text, item.sentences]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class EmbeddedPassage:
    """A passage ready to be indexed: ``text`` has its context before it, ``vector`` is float32 ``(dim,)``, unit norm."""

    id: str
    text: str
    vector: Vector


class VectorCache:
    """The vectors of one tenant's passages, by model."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def missing(self, document_ids: Collection[str], model: str) -> int:
        """How many different texts of these documents have no vectors yet."""
        keys: set[str] = set()
        with self._database.reading() as connection:
            for some in chunks(document_ids):
                query = (
                    select(passages.c.embedding_key)
                    .outerjoin(embeddings, _vectors(model))
                    .where(
                        passages.c.tenant == self._tenant, passages.c.document_id.in_(some), embeddings.c.key.is_(None)
                    )
                )
                keys.update(connection.scalars(query))
        return len(keys)

    def inputs(self, document_id: str, model: str) -> list[tuple[str, PassageInput]]:
        """Key and input of every passage of the document that has no vectors yet, in its order."""
        query = (
            select(
                passages.c.embedding_key, documents.c.title, passages.c.section, passages.c.text, passages.c.sentences
            )
            .join(documents, _DOCUMENT)
            .outerjoin(embeddings, _vectors(model))
            .where(passages.c.tenant == self._tenant, passages.c.document_id == document_id, embeddings.c.key.is_(None))
            .order_by(passages.c.ordinal)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        return [
            (key, passage_input(title, json.loads(section), text, ((s[0], s[1]) for s in json.loads(sentences))))
            for key, title, section, text, sentences in rows
        ]

    def save(self, model: str, vectors: Sequence[tuple[str, PassageVectors]]) -> None:
        """Keep a batch, in one short transaction. The keys must be new: one writer at a time sees to that."""
        rows = [{"tenant": self._tenant, "model": model, "key": key, "vectors": v.to_bytes()} for key, v in vectors]
        if rows:
            with self._database.writing() as connection:
                connection.execute(insert(embeddings), rows)

    def embedded(self, document_id: str, model: str) -> Iterator[EmbeddedPassage]:
        """The passages of the document that have vectors, in its order."""
        query = (
            select(passages.c.id, documents.c.title, passages.c.section, passages.c.text, embeddings.c.vectors)
            .join(documents, _DOCUMENT)
            .join(embeddings, _vectors(model))
            .where(passages.c.tenant == self._tenant, passages.c.document_id == document_id)
            .order_by(passages.c.ordinal)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        for passage_id, title, section, text, vectors in rows:
            context = passage_input(title, json.loads(section), text, ()).context
            yield EmbeddedPassage(passage_id, f"{context}\n{text}", PassageVectors.from_bytes(vectors).passage)

    def of(self, parts: Collection[Passage], model: str) -> dict[str, PassageVectors]:
        """Vectors by passage id; a passage without vectors of this model is left out."""
        home = {part.id: part.document_id for part in parts}
        found: dict[str, PassageVectors] = {}
        with self._database.reading() as connection:
            for some in chunks(home):
                query = (
                    select(passages.c.id, passages.c.document_id, embeddings.c.vectors)
                    .join(embeddings, _vectors(model))
                    .where(passages.c.tenant == self._tenant, passages.c.id.in_(some))
                )
                for passage_id, document_id, vectors in connection.execute(query):
                    if home[passage_id] == document_id:
                        found[passage_id] = PassageVectors.from_bytes(vectors)
        return found

    def prune(self, *, generation_ids: Collection[str], models: Collection[str], since: datetime) -> int:
        """Forget vectors that neither these generations use nor a document added after ``since``; return how many."""
        held = select(generation_documents.c.document_id).where(
            generation_documents.c.tenant == self._tenant, generation_documents.c.generation_id.in_(generation_ids)
        )
        used = (
            select(passages.c.embedding_key)
            .join(documents, _DOCUMENT)
            .where(
                passages.c.tenant == self._tenant,
                or_(documents.c.added_at > since.isoformat(), documents.c.id.in_(held)),
            )
        )
        unused = or_(embeddings.c.model.not_in(models), embeddings.c.key.not_in(used))
        with self._database.writing() as connection:
            return connection.execute(delete(embeddings).where(embeddings.c.tenant == self._tenant, unused)).rowcount


_DOCUMENT = and_(documents.c.tenant == passages.c.tenant, documents.c.id == passages.c.document_id)


def _vectors(model: str) -> ColumnElement[bool]:
    return and_(
        embeddings.c.tenant == passages.c.tenant,
        embeddings.c.model == model,
        embeddings.c.key == passages.c.embedding_key,
    )
