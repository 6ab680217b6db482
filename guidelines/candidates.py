"""What of a passage is read to rank it: enough to score a hundred of them in milliseconds, with no citation made of any."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select

from guidelines.database import Database, chunks
from guidelines.embedding import PassageVectors
from guidelines.tables import documents, embeddings, passages


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage as far as ranking needs it, in the document that ``Store.passages`` would take it from."""

    passage_id: str
    document_id: str
    section: tuple[str, ...]
    text: str
    vectors: PassageVectors


def read_candidates(
    database: Database, tenant: str, passage_ids: Collection[str], *, model: str, prefer: Mapping[str, int]
) -> dict[str, Candidate]:
    """Candidates by passage id, in one query; those that are not known, or have no vectors of ``model``, are left out."""
    query = (
        select(passages.c.id, passages.c.document_id, passages.c.section, passages.c.text, embeddings.c.vectors)
        .join(documents, and_(documents.c.tenant == passages.c.tenant, documents.c.id == passages.c.document_id))
        .join(
            embeddings,
            and_(
                embeddings.c.tenant == passages.c.tenant,
                embeddings.c.model == model,
                embeddings.c.key == passages.c.embedding_key,
            ),
        )
        .where(passages.c.tenant == tenant)
        .order_by(documents.c.added_at.desc(), documents.c.id)
    )
    found: dict[str, tuple[float, tuple[str, str, str, bytes]]] = {}
    with database.reading() as connection:
        for some in chunks(passage_ids):
            for passage_id, document_id, section, text, vectors in connection.execute(
                query.where(passages.c.id.in_(some))
            ):
                rank = prefer.get(document_id, float("inf"))
                if passage_id not in found or rank < found[passage_id][0]:
                    found[passage_id] = rank, (document_id, section, text, vectors)
    return {
        passage_id: Candidate(
            passage_id, document_id, tuple(json.loads(section)), text, PassageVectors.from_bytes(vectors)
        )
        for passage_id, (_, (document_id, section, text, vectors)) in found.items()
    }
