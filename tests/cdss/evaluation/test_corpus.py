"""Rows of a corpus become documents of a library, each of them once."""

from __future__ import annotations

from collections.abc import Callable

from cdss.evaluation.beir import CorpusRow, read_set
from cdss.evaluation.corpus import UNTITLED, fill, read_row
from guidelines.library import Library
from ingest.report import Listener
from tests.hash_embedder import HashEmbedder

from .conftest import WriteSet


def row(row_id: str, title: str | None, text: str) -> CorpusRow:
    return CorpusRow.model_validate({"_id": row_id, "title": title, "text": text})


def embedded(library: Library) -> int:
    assert isinstance(library.embedder, HashEmbedder)
    return library.embedder.embedded


def test_paragraphs_are_parted_by_blank_lines() -> None:
    reading = read_row(row("a", "Croup", " One line\nand the next.\r\n \r\n\nAnother. \n"))
    assert reading.text == "One line\nand the next.\n\nAnother."
    assert [reading.text[block.start : block.end] for block in reading.blocks] == [
        "One line\nand the next.",
        "Another.",
    ]


def test_a_title_without_a_text_and_a_title_that_is_too_long_are_text() -> None:
    assert read_row(row("a", "Fever", " ")).text == "Fever"
    assert read_row(row("a", "x" * 1001, "Text.")).text == f"{'x' * 1001}\n\nText."
    assert read_row(row("a", None, "")).blocks == ()


def test_every_row_with_a_word_in_it_is_published(library: Library, write_set: WriteSet) -> None:
    rows = read_set(write_set()).corpus
    row_of = fill(library, rows, listener=Listener())
    live = library.live()
    assert live is not None
    assert set(row_of.values()) == {"croup", "asthma", "größe/1", "title-only", "twin"}
    assert len(live.heads) == 5
    assert sorted(head.title for head in live.heads.values()) == [
        "Asthma",
        "Asthma",
        "Croup",
        "Fever in infants",
        UNTITLED,
    ]
    found = library.passages(row_of)
    assert {passage.text for passage_id, passage in found.items() if row_of[passage_id] == "größe/1"} == {
        "Körpergröße: 10⁹ Zellen je Liter. 体重を測る。"
    }


def test_rows_that_say_the_same_stay_apart_and_are_embedded_once(library: Library) -> None:
    row_of = fill(library, [row("a", "T", "Same words."), row("b", "T", "Same words.")], listener=Listener())
    assert sorted(row_of.values()) == ["a", "b"]
    assert embedded(library) == 1


def test_a_second_run_stores_embeds_and_publishes_nothing(open_library: Callable[..., Library]) -> None:
    rows = [row("a", "T", "One."), row("b", None, "Two.")]
    first, second = open_library(), open_library()
    row_of = fill(first, rows, listener=Listener())
    assert fill(second, rows, listener=Listener()) == row_of
    assert first.index.live() == second.index.live()
    assert embedded(second) == 0


def test_another_set_takes_the_place_of_the_last(library: Library) -> None:
    fill(library, [row("a", "T", "One."), row("b", "T", "Two.")], listener=Listener())
    row_of = fill(library, [row("b", "T", "Two."), row("c", "T", "Three.")], listener=Listener())
    assert sorted(row_of.values()) == ["b", "c"]
    hits = library.search(library.embed_query("one"), "one")
    assert {row_of[passage] for passage, _ in hits.dense} == {"b", "c"}
    assert embedded(library) == 3


def test_a_corpus_without_a_word_gives_an_empty_library(library: Library) -> None:
    assert fill(library, [row("a", "", "")], listener=Listener()) == {}
    assert library.search(library.embed_query("x"), "x").dense == ()
