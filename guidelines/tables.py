"""The tables of the library, in terms that SQLite and PostgreSQL share.

Rows are written once and never changed: documents and passages stay as long as an answer may cite them. Two things are not
evidence and may go: a ``reading`` (what came of a file, kept so that it is not read again) and an ``embedding`` (a cache).
Times are ISO 8601 in UTC, as text; compound values are compact JSON.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)

from guidelines.types import SCHEMA_VERSION

metadata = MetaData()


def _table(name: str, *items: Column[str] | Column[int] | Column[bytes] | ForeignKeyConstraint | Index) -> Table:
    """A table whose every row says whose it is and by which schema it was written."""
    return Table(
        name,
        metadata,
        Column("tenant", String(64), primary_key=True),
        *items,
        Column("schema_version", SmallInteger, nullable=False, default=SCHEMA_VERSION),
    )


documents = _table(
    "documents",
    Column("id", String, primary_key=True),
    Column("work", String, nullable=False),
    Column("title", String, nullable=False),
    Column("source", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("metadata", Text, nullable=False),
    Column("pages", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("added_at", String(32), nullable=False),
    Column("actor", String, nullable=False),
    Column("text", Text, nullable=False),
)

passages = _table(
    "passages",
    # One id may stand in two documents: a new edition keeps the passages that did not change, at other offsets.
    Column("id", String(32), primary_key=True),
    Column("document_id", String, primary_key=True),
    Column("ordinal", Integer, nullable=False),
    Column("section", Text, nullable=False),
    Column("page", Integer),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("sentences", Text, nullable=False),
    Column("embedding_key", String(64), nullable=False),
    Column("text", Text, nullable=False),
    ForeignKeyConstraint(["tenant", "document_id"], ["documents.tenant", "documents.id"]),
    Index("passages_in_order", "tenant", "document_id", "ordinal", unique=True),
)

embeddings = _table(
    "embeddings",
    Column("model", String, primary_key=True),
    Column("key", String(64), primary_key=True),
    Column("vectors", LargeBinary, nullable=False),
)

readings = _table(
    "readings",
    Column("key", String(64), primary_key=True),
    Column("document_id", String),
    Column("why_not", Text),
    ForeignKeyConstraint(["tenant", "document_id"], ["documents.tenant", "documents.id"]),
)

generations = _table(
    "generations",
    Column("id", String(32), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("model", String, nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("actor", String, nullable=False),
    Index("generations_in_order", "tenant", "number", unique=True),
)

generation_documents = _table(
    "generation_documents",
    Column("generation_id", String(32), primary_key=True),
    Column("document_id", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("path", Text, nullable=False),
    ForeignKeyConstraint(["tenant", "generation_id"], ["generations.tenant", "generations.id"]),
    ForeignKeyConstraint(["tenant", "document_id"], ["documents.tenant", "documents.id"]),
)

generation_words = _table(
    "generation_words",
    # Counts by the hash of the word: two arrays of unsigned 32-bit integers of the same length, little-endian.
    Column("generation_id", String(32), primary_key=True),
    Column("passages", Integer, nullable=False),
    Column("words", LargeBinary, nullable=False),
    Column("holding", LargeBinary, nullable=False),
    ForeignKeyConstraint(["tenant", "generation_id"], ["generations.tenant", "generations.id"]),
)
