"""Every file has one outcome, and one that fails takes no other with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from guidelines.library import Library
from ingest import pipeline
from ingest.pipeline import add
from ingest.report import Outcome
from tests.ingest.runs import only, outcomes, titles

pytestmark = pytest.mark.usefixtures("read_here")


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
