"""Documents in and out: every file has one outcome, and nothing is done twice."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from guidelines.errors import BusyError, EmbeddingError, NotFoundError, VectorIndexError
from guidelines.index import Filters
from guidelines.library import Library
from ingest import pipeline
from ingest.pipeline import add, remove
from ingest.report import FileReport, Outcome, Report
from ingest.status import status
from tests.hash_embedder import HashEmbedder
from tests.ingest.conftest import ReadHere

pytestmark = pytest.mark.usefixtures("read_here")


def outcomes(report: Report) -> dict[str, str]:
    return {Path(file.path).name: file.outcome.value for file in report.files}


def only(report: Report) -> FileReport:
    (file,) = report.files
    return file


def titles(library: Library) -> set[str]:
    live = library.live()
    return {head.title for head in live.heads.values()} if live else set()


def best(library: Library, question: str, **filters: tuple[str, ...]) -> str:
    """Text of the passage that comes first by meaning."""
    hits = library.search(library.embed_query(question), question, filters=Filters(**filters), limit=3)
    return library.passages([hits.dense[0][0]])[hits.dense[0][0]].text


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


def test_files_that_are_not_for_us(library: Library, folder: Path) -> None:
    (folder / "notes.docx").write_bytes(b"PK")
    (folder / "no suffix").write_text("x")
    (folder / "empty.txt").write_text("")
    (folder / "README.md").write_text("# Where these come from")
    report = add(library, [folder, folder / "gone.md"], actor="me")
    by_name = {Path(file.path).name: file for file in report.files}
    assert by_name["notes.docx"].outcome is Outcome.SKIPPED
    assert (by_name["notes.docx"].why or "").startswith(".docx: no reader for this format; readers: .md")
    assert (by_name["no suffix"].why or "").startswith("no suffix: no reader")
    assert by_name["empty.txt"].outcome in (Outcome.SKIPPED, Outcome.FAILED)
    assert by_name["README.md"].outcome is Outcome.SKIPPED
    assert (by_name["gone.md"].outcome, by_name["gone.md"].why) == (
        Outcome.FAILED,
        "there is no such file; check the path",
    )
    assert report.counts["indexed"] == 3
    assert sum(report.counts.values()) == len(report.files) == 8


def test_a_readme_that_is_named_is_read(library: Library, folder: Path) -> None:
    (folder / "README.md").write_text("# Sepsis\n\nGive antibiotics within one hour. Take cultures first.\n")
    assert only(add(library, [folder / "README.md"], actor="me")).outcome is Outcome.INDEXED


def test_mistakes_in_metadata_fail_the_file_and_no_other(library: Library, folder: Path) -> None:
    (folder / "zinc.html.toml").write_text("stauts = 'active'\n")
    (folder / "manifest.toml").write_text(
        "[[document]]\nfile = 'asthma.md'\neffective_date = 'x'\n[[document]]\nfile = 'x.md'\n"
    )
    report = add(library, [folder], actor="me")
    by_name = {Path(file.path).name: file for file in report.files}
    assert {name: file.outcome.value for name, file in by_name.items()} == {
        "asthma.md": "failed",
        "malaria.txt": "indexed",
        "manifest.toml": "skipped",
        "x.md": "failed",
        "zinc.html": "failed",
        "zinc.html.toml": "skipped",
    }
    assert "stauts" in (by_name["zinc.html"].why or "")
    assert "effective_date" in (by_name["asthma.md"].why or "")


def test_a_broken_manifest_lets_no_file_pass_without_it(library: Library, folder: Path) -> None:
    (folder / "manifest.toml").write_text("[[document")
    report = add(library, [folder], actor="me")
    assert set(outcomes(report).values()) == {"failed"}
    assert not report.published


def test_a_file_that_fails_leaves_its_document_live(library: Library, folder: Path) -> None:
    add(library, [folder], actor="me")
    (folder / "zinc.html.toml").write_text("nonsense")
    report = add(library, [folder], actor="me")
    assert outcomes(report)["zinc.html"] == "failed"
    assert not report.published
    assert len(titles(library)) == 3


def test_a_file_that_vanishes_when_its_turn_comes(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = pipeline.find

    def find_and_lose(paths: list[Path]) -> object:
        files = found(paths)
        (folder / "malaria.txt").unlink()
        return files

    monkeypatch.setattr(pipeline, "find", find_and_lose)
    report = add(library, [folder], actor="me")
    assert outcomes(report) == {"asthma.md": "indexed", "malaria.txt": "failed", "zinc.html": "indexed"}


def test_a_file_that_is_far_too_large(library: Library, folder: Path) -> None:
    with (folder / "scan.pdf").open("wb") as file:
        file.truncate(200 * 2**20)
    report = add(library, [folder], actor="me")
    assert outcomes(report)["scan.pdf"] == "failed"
    assert report.counts["indexed"] == 3


def test_strange_names(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "ordner mit leerzeichen"
    folder.mkdir()
    for n, name in enumerate(["Fièvre jaune.txt", "小児.txt", "a\nb.txt", "[red]x[bold].txt", "-f.txt"]):
        (folder / name).write_text(f"Give {n + 2} mg of zinc. Then wait.")
    with open(os.fsencode(folder) + b"/caf\xe9.txt", "w") as file:  # noqa: PTH123 - a name that is no UTF-8
        file.write("Give 99 mg of zinc. Then wait.")
    report = add(library, [folder], actor="me")
    assert report.counts["indexed"] == 6
    assert any(file.path.endswith("caf\\xe9.txt") for file in report.files)
    assert set(outcomes(add(library, [folder], actor="me")).values()) == {"unchanged"}


def test_nothing_at_all(library: Library, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    report = add(library, [tmp_path / "empty"], actor="me")
    assert (report.files, report.published, report.generation) == ((), False, None)


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
