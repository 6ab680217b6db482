"""Generations of the index: another model, the last three, one writer at a time, and faults that publish nothing."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from guidelines.errors import BusyError, EmbeddingError, VectorIndexError
from guidelines.library import Library
from ingest.pipeline import add
from ingest.report import Outcome
from ingest.status import status
from tests.ingest.runs import best, only

pytestmark = pytest.mark.usefixtures("read_here")


def test_another_model_embeds_everything_again(
    library: Library, open_library: Callable[..., Library], folder: Path
) -> None:
    first = add(library, [folder], actor="me")
    other = open_library(model="another#1")
    report = add(other, [folder / "zinc.html"], actor="me")
    assert (only(report).outcome, report.published) == (Outcome.UNCHANGED, True)
    assert report.passages_embedded == first.passages_embedded
    assert "oxygen" in best(other, "oxygen when saturation is low")


def test_the_last_three_generations_are_kept(library: Library, folder: Path) -> None:
    generations = []
    for n in range(5):
        (folder / f"{n}.txt").write_text(f"Give {n + 2} mg of zinc. Then wait.")
        generations.append(add(library, [folder], actor="me").generation)
    assert sorted(library.index.stored()) == generations[-3:]


def test_a_second_writer_is_refused(library: Library, open_library: Callable[..., Library], folder: Path) -> None:
    with library.writing("somebody"), pytest.raises(BusyError, match="somebody"):
        add(open_library(), [folder], actor="me")


def test_a_model_that_breaks_down(library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = add(library, [folder / "zinc.html"], actor="me")

    def broken(inputs: object) -> object:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(library.embedder, "embed_passages", broken)
    with pytest.raises(EmbeddingError, match="out of memory"):
        add(library, [folder], actor="me")
    assert library.index.live() == first.generation
    monkeypatch.setattr(library.embedder, "embed_passages", lambda _: iter(()))
    with pytest.raises(EmbeddingError, match="nothing was published"):
        add(library, [folder], actor="me")
    assert status(library).unfinished_documents == 2
    monkeypatch.undo()


def _fails(_: int) -> None:
    raise OSError(errno.EIO, os.strerror(errno.EIO))


@pytest.mark.parametrize(
    ("call", "fault", "message"),
    [
        ("os.fsync", _fails, "Input/output error"),
        ("shutil.disk_usage", lambda _: SimpleNamespace(free=10_000), "No space left"),
    ],
)
def test_an_index_that_cannot_be_written(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch, call: str, fault: object, message: str
) -> None:
    first = add(library, [folder / "zinc.html"], actor="me")
    monkeypatch.setattr(f"guidelines.disk.{call}", fault)
    with pytest.raises(VectorIndexError, match=message):
        add(library, [folder], actor="me")
    assert library.index.live() == first.generation
    assert library.index.stored() == {first.generation}, "what was half written is gone again"
    monkeypatch.undo()


def test_status(library: Library, folder: Path) -> None:
    empty = status(library)
    assert (empty.generation, empty.documents, empty.unfinished_documents) == (None, 0, 0)
    report = add(library, [folder], actor="me")
    found = status(library)
    assert (found.generation, found.documents, found.passages) == (report.generation, 3, report.passages_embedded)
    assert (found.model, found.model_set, found.writing) == ("hash#1", "hash#1", False)
    assert (found.unfinished_documents, found.passages_to_embed) == (0, 0)
    assert found.size_mb > 0
    with library.writing("me"):
        assert status(library).writing
