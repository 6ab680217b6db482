"""What is stored comes back as it was, cheaply, and errors of the database come in our words."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from guidelines import tables
from guidelines.database import Database
from guidelines.errors import StoreError
from guidelines.library import Library
from guidelines.types import Lead, Page, Sentence, SentenceKind
from tests.guidelines.samples import PARAGRAPHS, document


def test_a_document_comes_back_as_it_was(library: Library) -> None:
    made, parts = document(
        edition="2022", effective=date(2022, 5, 1), population=("child",), publisher="Ministère de la Santé — 保健省"
    )
    made = made.model_copy(update={"pages": (Page(number=1, start=0), Page(number=2, start=40))})
    library.store.add(made, parts, reading_key="k", actor="test")
    assert library.store.document(made.id) == made
    assert library.store.passages_of(made.id) == parts
    assert library.store.passages([part.id for part in parts], prefer={}) == {part.id: part for part in parts}
    assert all(part.text == made.text[part.start : part.end] for part in library.store.passages_of(made.id))


def test_every_kind_of_sentence_comes_back(library: Library) -> None:
    made, parts = document(paragraphs=["Table. Drug | Dose. Amoxicillin | 5 mL."])
    sentences = (
        Sentence(0, 6, SentenceKind.CAPTION),
        Sentence(7, 19, SentenceKind.HEADER),
        Sentence(20, 39, SentenceKind.ROW, (Lead(start=0, end=6), Lead(passage_id="f" * 32, start=7, end=19))),
    )
    part = parts[0].model_copy(update={"sentences": sentences, "page": None, "section": ()})
    library.store.add(made, [part], reading_key="k", actor="test")
    assert library.store.passages_of(made.id) == (part,)


def test_unknown_ids_are_left_out(library: Library) -> None:
    assert library.store.document("nothing") is None
    assert library.store.heads(["nothing"]) == {}
    assert library.store.passages(["nothing"], prefer={}) == {}
    assert library.store.passages([], prefer={}) == {}


def test_adding_twice_keeps_one(library: Library) -> None:
    made, parts = document()
    library.store.add(made, parts, reading_key="k", actor="test")
    library.store.add(made, parts, reading_key="other name", actor="test")
    assert len(library.store.passages_of(made.id)) == len(parts)
    assert library.store.past_reading("other name") == library.store.past_reading("k")


def test_a_list_of_documents_does_not_load_their_texts(library: Library) -> None:
    made, parts = document()
    library.store.add(made, parts, reading_key="k", actor="test")
    statements: list[str] = []
    engine = library.database._engine
    event.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    head = library.store.heads([made.id])[made.id]
    assert (head.title, head.passages, head.notes, head.metadata) == (made.title, len(parts), made.notes, made.metadata)
    assert len(statements) == 1
    assert "documents.text" not in statements[0]


def test_thousands_of_passages_in_one_call(library: Library) -> None:
    made, parts = document(paragraphs=[f"Give {n} mg. Then wait." for n in range(12_000)])
    library.store.add(made, parts, reading_key="k", actor="test")
    assert len(library.store.passages([part.id for part in parts], prefer={})) == 12_000


def test_a_passage_of_two_documents_is_that_of_the_preferred_one(library: Library) -> None:
    older, old_parts = document("older", work="w")
    newer, new_parts = document("newer", ("Read this first. Then go on.", *PARAGRAPHS), work="w")
    shared = [part.id for part in old_parts]
    new_parts = tuple(part.model_copy(update={"id": shared[n - 1]}) if n else part for n, part in enumerate(new_parts))
    library.store.add(newer, new_parts, reading_key="n", actor="test")
    library.store.add(older, old_parts, reading_key="o", actor="test")
    preferred = library.store.passages(shared, prefer={newer.id: 0, older.id: 1})
    assert {part.document_id for part in preferred.values()} == {newer.id}
    assert all(part.text == newer.text[part.start : part.end] for part in preferred.values())
    only = library.store.passages(shared, prefer={older.id: 7})
    assert {part.document_id for part in only.values()} == {older.id}
    neither = library.store.passages(shared, prefer={})
    assert {part.document_id for part in neither.values()} == {older.id}, "the one added last"


def test_tenants_do_not_see_each_other(open_library: Callable[..., Library]) -> None:
    made, parts = document()
    ours, theirs = open_library(), open_library(tenant="other")
    ours.store.add(made, parts, reading_key="k", actor="test")
    assert theirs.store.document(made.id) is None
    assert theirs.store.passages([parts[0].id], prefer={}) == {}
    assert theirs.store.past_reading("k") is None


def test_what_came_of_a_file_is_remembered(library: Library) -> None:
    assert library.store.past_reading("k") is None
    library.store.remember_nothing_in("k", "only pictures")
    past = library.store.past_reading("k")
    assert past is not None
    assert (past.document_id, past.why_not) == (None, "only pictures")


def test_documents_added_since(library: Library) -> None:
    made, parts = document()
    library.store.add(made, parts, reading_key="k", actor="test")
    now = datetime.now(UTC)
    assert set(library.store.added_since(None)) == {made.id}
    assert set(library.store.added_since(now - timedelta(minutes=1))) == {made.id}
    assert library.store.added_since(now + timedelta(minutes=1)) == {}


def test_the_tables_are_valid_postgresql() -> None:
    for table in tables.metadata.sorted_tables:
        assert {"tenant", "schema_version"} <= set(table.c.keys())
        assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=postgresql.dialect()))
        for index in table.indexes:
            assert "CREATE" in str(CreateIndex(index).compile(dialect=postgresql.dialect()))


def test_a_reader_is_not_locked_out_by_a_writer(library: Library, open_library: Callable[..., Library]) -> None:
    made, parts = document()
    library.store.add(made, parts, reading_key="k", actor="test")
    reader = open_library()
    with library.database.writing() as connection:
        connection.execute(update(tables.documents).values(title="half done"))
        head = reader.store.heads([made.id])[made.id]
    assert head.title == made.title


def test_a_transaction_that_raises_leaves_nothing(library: Library) -> None:
    made, parts = document()
    twice = [*parts, parts[0]]
    with pytest.raises(StoreError, match="UNIQUE"):
        library.store.add(made, twice, reading_key="k", actor="test")
    assert library.store.document(made.id) is None
    assert library.store.past_reading("k") is None


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_bytes(b"not a database at all, but long enough to be looked at" * 20)
    with pytest.raises(StoreError, match=r"library\.db.*Restore it from a backup"):
        Database(tmp_path / "library.db")


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(StoreError, match="CDSS_HOME"):
        Database(tmp_path / "home" / "library.db")


def test_a_database_of_a_newer_version(library: Library, tmp_path: Path) -> None:
    library.generations.begin([], model="hash#1", actor="test")
    with sqlite3.connect(tmp_path / "library.db") as connection:
        connection.execute("UPDATE generations SET schema_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="newer version"):
        Database(tmp_path / "library.db")


def test_a_full_disk_is_said_in_words(library: Library) -> None:
    made, parts = document(paragraphs=["word " * 20_000 + "."])
    engine = library.database._engine
    # SQLite's own way to run out of space: no more pages than there are.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1"))
    with pytest.raises(StoreError, match="Free some space"):
        library.store.add(made, parts, reading_key="k", actor="test")
