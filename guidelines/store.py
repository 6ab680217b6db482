"""Documents and passages, kept once and never changed, so that an old answer can always show what it cites."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import TypeAdapter
from sqlalchemy import Row, insert, literal, select

from guidelines.database import Database, chunks
from guidelines.editions import DocumentHead
from guidelines.tables import documents, passages, readings
from guidelines.types import Document, Lead, Metadata, Page, Passage, Sentence, SentenceKind
from guidelines.vectors import embedding_key, passage_input

_PAGES = TypeAdapter(tuple[Page, ...])
_HEAD = [documents.c[name] for name in documents.c.keys() if name != "text"]  # noqa: SIM118 - not a dict
_PASSAGE = [passages.c[name] for name in ("id", "document_id", "section", "page", "start", "end", "text", "sentences")]


@dataclass(frozen=True, slots=True)
class PastReading:
    """What came of a file when it was read: a document, or the reason why there was nothing in it to index."""

    document_id: str | None
    why_not: str | None


class Store:
    """The documents and passages of one tenant."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def add(self, document: Document, parts: Sequence[Passage], *, reading_key: str, actor: str) -> None:
        """Keep a document with its passages, and remember under ``reading_key`` that this file gives this document."""
        with self._database.writing() as connection:
            known = select(literal(1)).where(documents.c.tenant == self._tenant, documents.c.id == document.id)
            if connection.scalar(known) is None:
                connection.execute(insert(documents), _document_row(document, len(parts), actor))
                if parts:
                    connection.execute(insert(passages), [_passage_row(document, n, p) for n, p in enumerate(parts)])
            connection.execute(
                insert(readings), {"tenant": self._tenant, "key": reading_key, "document_id": document.id}
            )

    def remember_nothing_in(self, reading_key: str, why_not: str) -> None:
        """Remember that this file, read this way, has nothing in it to index."""
        with self._database.writing() as connection:
            connection.execute(insert(readings), {"tenant": self._tenant, "key": reading_key, "why_not": why_not})

    def past_reading(self, reading_key: str) -> PastReading | None:
        """What came of this file before, or ``None`` if it has not been read this way."""
        query = select(readings.c.document_id, readings.c.why_not).where(
            readings.c.tenant == self._tenant, readings.c.key == reading_key
        )
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else PastReading(row.document_id, row.why_not)

    def document(self, document_id: str) -> Document | None:
        """A document with its text, whether or not it is in the live generation."""
        query = select(documents).where(documents.c.tenant == self._tenant, documents.c.id == document_id)
        with self._database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _document(row)

    def heads(self, document_ids: Collection[str]) -> dict[str, DocumentHead]:
        """The documents of these ids without their texts; ids that are not known are left out."""
        found: dict[str, DocumentHead] = {}
        with self._database.reading() as connection:
            for some in chunks(document_ids):
                query = select(*_HEAD).where(documents.c.tenant == self._tenant, documents.c.id.in_(some))
                found.update((row.id, _head(row)) for row in connection.execute(query))
        return found

    def added_since(self, moment: datetime | None) -> dict[str, DocumentHead]:
        """The documents that came after ``moment``, or all of them."""
        query = select(*_HEAD).where(documents.c.tenant == self._tenant)
        if moment is not None:
            query = query.where(documents.c.added_at > moment.isoformat())
        with self._database.reading() as connection:
            return {row.id: _head(row) for row in connection.execute(query)}

    def passages(self, passage_ids: Collection[str], *, prefer: Mapping[str, int]) -> dict[str, Passage]:
        """The passages of these ids; ids that are not known are left out.

        Where several documents hold the same passage, the one with the lowest rank in ``prefer`` (document id to rank) is
        taken, and of those without a rank the one added last.
        """
        found: dict[str, tuple[float, Row[tuple[object, ...]]]] = {}
        with self._database.reading() as connection:
            for some in chunks(passage_ids):
                query = (
                    select(*_PASSAGE)
                    .join(
                        documents,
                        (documents.c.tenant == passages.c.tenant) & (documents.c.id == passages.c.document_id),
                    )
                    .where(passages.c.tenant == self._tenant, passages.c.id.in_(some))
                    .order_by(documents.c.added_at.desc(), documents.c.id)
                )
                for row in connection.execute(query):
                    rank = prefer.get(row.document_id, float("inf"))
                    if row.id not in found or rank < found[row.id][0]:
                        found[row.id] = rank, row
        return {passage_id: _passage(row) for passage_id, (_, row) in found.items()}

    def passages_of(self, document_id: str) -> tuple[Passage, ...]:
        """All passages of a document, in its order."""
        query = (
            select(*_PASSAGE)
            .where(passages.c.tenant == self._tenant, passages.c.document_id == document_id)
            .order_by(passages.c.ordinal)
        )
        with self._database.reading() as connection:
            return tuple(_passage(row) for row in connection.execute(query))


def _document_row(document: Document, count: int, actor: str) -> dict[str, object]:
    return {
        **document.model_dump(
            include={"tenant", "id", "work", "title", "source", "media_type", "content_hash", "text"}
        ),
        "metadata": document.metadata.model_dump_json(exclude_defaults=True),
        "pages": _PAGES.dump_json(document.pages).decode(),
        "notes": json.dumps(document.notes, ensure_ascii=False),
        "passages": count,
        "added_at": datetime.now(UTC).isoformat(),
        "actor": actor,
    }


def _document(row: Row[tuple[object, ...]]) -> Document:
    head = _head(row)
    return Document(
        id=head.id,
        work=head.work,
        title=head.title,
        source=head.source,
        media_type=head.media_type,
        content_hash=head.content_hash,
        metadata=head.metadata,
        text=row.text,
        pages=_PAGES.validate_json(row.pages),
        notes=head.notes,
        tenant=row.tenant,
    )


def _head(row: Row[tuple[object, ...]]) -> DocumentHead:
    return DocumentHead(
        id=row.id,
        work=row.work,
        title=row.title,
        source=row.source,
        media_type=row.media_type,
        content_hash=row.content_hash,
        metadata=Metadata.model_validate_json(row.metadata),
        notes=tuple(json.loads(row.notes)),
        passages=row.passages,
        added_at=datetime.fromisoformat(row.added_at),
    )


def _passage_row(document: Document, ordinal: int, passage: Passage) -> dict[str, object]:
    return {
        "tenant": document.tenant,
        "id": passage.id,
        "document_id": document.id,
        "ordinal": ordinal,
        "section": json.dumps(passage.section, ensure_ascii=False),
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "sentences": _pack(passage.sentences),
        "embedding_key": embedding_key(
            passage_input(document.title, passage.section, passage.text, ((s.start, s.end) for s in passage.sentences))
        ),
    }


def _passage(row: Row[tuple[object, ...]]) -> Passage:
    return Passage(
        id=row.id,
        document_id=row.document_id,
        section=tuple(json.loads(row.section)),
        page=row.page,
        start=row.start,
        end=row.end,
        text=row.text,
        sentences=_unpack(row.sentences),
    )


def _pack(sentences: Iterable[Sentence]) -> str:
    """``[start, end]``, with the kind and the leads ``[passage, start, end]`` after them where there are any."""
    packed: list[list[object]] = []
    for sentence in sentences:
        item: list[object] = [sentence.start, sentence.end]
        if sentence.kind is not SentenceKind.PROSE or sentence.leads:
            item += [sentence.kind.value, [[lead.passage_id, lead.start, lead.end] for lead in sentence.leads]]
        packed.append(item)
    return json.dumps(packed, separators=(",", ":"))


def _unpack(packed: str) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(
            start,
            end,
            SentenceKind(rest[0]) if rest else SentenceKind.PROSE,
            tuple(Lead(passage_id=lead[0], start=lead[1], end=lead[2]) for lead in (rest[1] if rest else ())),
        )
        for start, end, *rest in json.loads(packed)
    )
