"""Documents in and out: what is new is added, what is known is left alone, what is removed is gone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from guidelines.errors import NotFoundError
from guidelines.index import Filters
from guidelines.library import Library
from ingest.pipeline import add, remove
from ingest.report import Outcome
from tests.hash_embedder import HashEmbedder
from tests.ingest.conftest import ReadHere
from tests.ingest.runs import best, only, outcomes, titles

pytestmark = pytest.mark.usefixtures("read_here")


def test_a_folder(library: Library, folder: Path) -> None:
    report = add(library, [folder], actor="me")
    assert outcomes(report) == {"asthma.md": "indexed", "malaria.txt": "indexed", "zinc.html": "indexed"}
    assert report.published
    assert report.generation == library.index.live()
    assert report.passages_embedded == sum(file.passages for file in report.files) > 0
    assert "oxygen" in best(library, "oxygen when saturation is low")
    live = library.live()
    assert live is not None
    assert {head.path for head in live.heads.values()} == {str(path) for path in folder.iterdir()}
    for file in report.files:
        document = library.document(file.document or "")
        assert all(p.text == document.text[p.start : p.end] for p in library.store.passages_of(document.id))


def test_a_second_run_does_nothing(library: Library, folder: Path, read_here: type[ReadHere]) -> None:
    first = add(library, [folder], actor="me")
    count, model = read_here.read, library.embedder
    assert isinstance(model, HashEmbedder)
    embedded = model.embedded
    second = add(library, [folder], actor="me")
    assert set(outcomes(second).values()) == {"unchanged"}
    assert (second.published, second.generation, second.passages_embedded) == (False, first.generation, 0)
    assert (read_here.read, model.embedded) == (count, embedded)
    assert [file.document for file in second.files] == [file.document for file in first.files]
    assert [file.passages for file in second.files] == [file.passages for file in first.files]


def test_one_more_file_embeds_only_itself(library: Library, folder: Path) -> None:
    add(library, [folder], actor="me")
    (folder / "rabies.txt").write_text("RABIES\n\nWash the wound for fifteen minutes. Give the vaccine.\n")
    report = add(library, [folder / "rabies.txt"], actor="me")
    assert only(report).outcome is Outcome.INDEXED
    assert report.passages_embedded == only(report).passages
    assert len(titles(library)) == 4


def test_a_second_copy_is_skipped_in_every_run(library: Library, folder: Path) -> None:
    shutil.copy(folder / "malaria.txt", folder / "copy of malaria.txt")
    for _ in range(2):
        report = add(library, [folder], actor="me")
        twin = next(file for file in report.files if file.outcome is Outcome.SKIPPED)
        assert twin.path == str(folder / "malaria.txt")
        assert twin.why == f"same content as {folder / 'copy of malaria.txt'}"
    assert len(titles(library)) == 3


def test_new_bytes_under_an_old_name(library: Library, folder: Path) -> None:
    add(library, [folder], actor="me")
    (folder / "malaria.txt").write_text("MALARIA\n\nTreat with artesunate. Give it for seven days.\n")
    report = add(library, [folder], actor="me")
    assert outcomes(report) == {"asthma.md": "unchanged", "malaria.txt": "indexed", "zinc.html": "unchanged"}
    assert len(titles(library)) == 3
    assert "artesunate" in best(library, "malaria treatment")


def test_a_new_edition_under_an_old_name_supersedes_the_old_one(library: Library, folder: Path) -> None:
    sidecar = folder / "malaria.txt.toml"
    sidecar.write_text("edition = '2018'\neffective_date = 2018-01-01\n")
    old = only(add(library, [folder / "malaria.txt"], actor="me")).document or ""
    (folder / "malaria.txt").write_text("MALARIA IN THE CHILD\n\nTreat with artesunate. Give it for seven days.\n")
    sidecar.write_text("edition = '2022'\neffective_date = 2022-01-01\n")
    new = only(add(library, [folder / "malaria.txt"], actor="me")).document or ""
    assert library.head(new).work == library.head(old).work
    assert str(library.head(old).superseded_on) == "2022-01-01"
    assert library.head(new).superseded_on is None
    assert library.head(old).path == str(folder / "malaria.txt"), "both are live"
    for _ in range(2):
        again = add(library, [folder / "malaria.txt"], actor="me")
        assert (only(again).outcome, again.published) == (Outcome.UNCHANGED, False)


def test_new_metadata_makes_a_new_document_without_embedding(library: Library, folder: Path) -> None:
    before = only(add(library, [folder / "zinc.html"], actor="me"))
    (folder / "zinc.html.toml").write_text("status = 'withdrawn'\npopulation = ['child']\n")
    report = add(library, [folder / "zinc.html"], actor="me")
    assert only(report).outcome is Outcome.INDEXED
    assert only(report).document != before.document
    assert (report.published, report.passages_embedded) == (True, 0)
    assert len(titles(library)) == 1
    assert "zinc" in best(library, "zinc", status=("withdrawn",), population=("child",)).lower()


def test_a_file_that_moved(library: Library, folder: Path) -> None:
    before = only(add(library, [folder / "zinc.html"], actor="me"))
    (folder / "zinc.html").rename(folder / "zinc moved.html")
    report = add(library, [folder], actor="me")
    moved = next(file for file in report.files if file.path.endswith("zinc moved.html"))
    assert moved.document == before.document or moved.outcome is Outcome.INDEXED
    assert library.head(moved.document or "").path == str(folder / "zinc moved.html")
    assert len(titles(library)) == 3
    assert set(outcomes(add(library, [folder], actor="me")).values()) == {"unchanged"}


def test_removing(library: Library, folder: Path) -> None:
    report = add(library, [folder], actor="me")
    gone = next(file.document for file in report.files if "zinc" in file.path) or ""
    parts = library.store.passages_of(gone)
    after = remove(library, gone, actor="me")
    assert (after.published, after.passages_embedded) == (True, 0)
    assert len(titles(library)) == 2
    assert library.passages([parts[0].id])[parts[0].id] == parts[0], "an answer may cite it"
    with pytest.raises(NotFoundError):
        remove(library, gone, actor="me")
    back = add(library, [folder], actor="me")
    assert outcomes(back)["zinc.html"] == "indexed"


def test_removing_the_last_document(library: Library, folder: Path) -> None:
    document = only(add(library, [folder / "zinc.html"], actor="me")).document or ""
    remove(library, document, actor="me")
    assert titles(library) == set()
    assert library.search(library.embed_query("zinc"), "zinc").dense == ()


def test_passages_that_two_editions_share(library: Library, tmp_path: Path) -> None:
    """The newer edition answers for them, whatever the order of the files."""
    folder = tmp_path / "editions"
    folder.mkdir()
    text = "# Pain\n\n## Relief\n\nGive paracetamol first. Then review.\n"
    (folder / "a.md").write_text("Preface to the new edition. Read on.\n\n" + text)
    (folder / "b.md").write_text(text)
    (folder / "a.md.toml").write_text("work = 'pain'\ntitle = 'Pain'\neffective_date = 2022-01-01\n")
    (folder / "b.md.toml").write_text("work = 'pain'\ntitle = 'Pain'\neffective_date = 2018-01-01\n")
    report = add(library, [folder], actor="me")
    newer, older = (file.document or "" for file in report.files[::2])
    shared = {p.id for p in library.store.passages_of(newer)} & {p.id for p in library.store.passages_of(older)}
    assert shared
    hits = library.search(library.embed_query("paracetamol"), "paracetamol")
    assert len(hits.dense) == len({passage_id for passage_id, _ in hits.dense})
    assert {passage.document_id for passage in library.passages(shared).values()} == {newer}
    only_newer = library.search(library.embed_query("paracetamol"), "paracetamol", filters=Filters(document=(newer,)))
    assert shared <= {passage_id for passage_id, _ in only_newer.dense}
