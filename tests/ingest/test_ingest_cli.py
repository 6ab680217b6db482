"""The commands as a person or a script meets them."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guidelines.library import Library
from guidelines.lock import writing
from ingest.cli import main
from tests.hash_embedder import HashEmbedder

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read_here: object) -> Run:
    """Runs a command with the small embedder and ``tmp_path`` for a home."""
    monkeypatch.setattr("guidelines.library.embedder", lambda _: HashEmbedder())
    monkeypatch.setenv("CDSS_HOME", str(tmp_path))
    return lambda *arguments: CliRunner().invoke(
        main, [str(argument) for argument in arguments], catch_exceptions=False
    )


def documents(run: Run) -> list[dict[str, object]]:
    return json.loads(run("list", "--json").stdout)["documents"]


def test_add_as_json(run: Run, folder: Path) -> None:
    result = run("add", folder, "--json")
    assert result.exit_code == 0
    report = json.loads(result.stdout)
    assert set(report) == {"generation", "published", "files", "counts", "seconds", "passages_embedded"}
    assert report["published"] is True
    assert report["counts"] == {"indexed": 3, "unchanged": 0, "skipped": 0, "failed": 0}
    assert all(set(file) == {"path", "outcome", "why", "document", "passages"} for file in report["files"])
    again = json.loads(run("add", folder, "--json").stdout)
    assert (again["published"], again["generation"]) == (False, report["generation"])


def test_add_in_words(run: Run, folder: Path) -> None:
    (folder / "evil\x1b[2J[red].docx").write_text("x")
    result = run("add", folder, folder / "gone.md")
    assert result.exit_code == 1
    assert "there is no such file" in result.stdout
    assert "3 indexed, 1 skipped, 1 failed" in result.stdout
    assert "[red]" in result.stdout
    assert "\x1b" not in result.stdout, "a file's name must not steer the terminal"


def test_many_files_are_summed_up_by_folder(run: Run, tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for n in range(45):
        (many / f"{n}.txt").write_text(f"Give {n + 2} mg of zinc. Then wait.")
    (many / "x.docx").write_text("x")
    result = run("add", many)
    assert result.exit_code == 0
    assert "7.txt" not in result.stdout
    assert "x.docx" in result.stdout
    assert "45 indexed, 1 skipped" in result.stdout


def test_list_and_show(run: Run, folder: Path) -> None:
    assert "library is empty" in run("list").stdout
    run("add", folder)
    assert "Asthma in children" in run("list").stdout
    asthma = next(each for each in documents(run) if each["title"] == "Asthma in children")
    shown = run("show", asthma["id"]).stdout
    assert "Asthma in children > Treatment" in shown
    assert "salbutamol" in shown
    document = json.loads(run("show", asthma["id"], "--json").stdout)
    assert len(document["passages"]) == asthma["passages"]
    for passage in document["passages"]:
        assert set(passage) == {"id", "section", "page", "start", "end", "text", "sentences"}
        assert document["text"][passage["start"] : passage["end"]] == passage["text"]
        assert all(passage["text"][s["start"] : s["end"]].strip() for s in passage["sentences"])


def test_remove(run: Run, folder: Path) -> None:
    run("add", folder)
    first = documents(run)[0]["id"]
    assert run("remove", first).exit_code == 0
    assert len(documents(run)) == 2
    result = run("remove", first)
    assert result.exit_code == 1
    assert "cdss-ingest list" in result.stderr
    assert run("show", first).exit_code == 0, "it is out of the answers, not out of the records"


def test_status(run: Run, folder: Path, tmp_path: Path) -> None:
    run("add", folder)
    found = json.loads(run("status", "--json").stdout)
    assert (found["home"], found["backend"], found["documents"]) == (str(tmp_path), "embedded", 3)
    assert "embedded" in run("status").stdout


def test_unknown_documents(run: Run) -> None:
    for command in ("show", "remove"):
        result = run(command, "nothing", "--json")
        assert result.exit_code == 1
        assert "nothing" in json.loads(result.stdout)["error"]


def test_usage_and_settings_are_2(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run("add").exit_code == 2
    assert run("bake").exit_code == 2
    assert run("add", folder, "--manifest", tmp_path / "none.toml").exit_code == 2
    with writing(tmp_path, "ward7"):
        result = run("add", folder)
        assert result.exit_code == 2
        assert "ward7" in result.stderr
        assert "Wait" in result.stderr
    monkeypatch.setenv("CDSS_KEEP_GENERATIONS", "1")
    result = run("list")
    assert result.exit_code == 2
    assert "KEEP_GENERATIONS" in result.stderr.upper()


def test_what_cannot_be_done_is_3(run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "library.db").write_bytes(b"no database" * 1000)
    assert run("list", "--home", broken).exit_code == 3
    (tmp_path / "file").write_text("")
    assert run("list", "--home", tmp_path / "file").exit_code == 3
    monkeypatch.setenv("CDSS_QDRANT__URL", "http://127.0.0.1:9")
    result = run("add", folder)
    assert result.exit_code == 3
    assert "CDSS_QDRANT__URL" in result.stderr


def test_interrupting(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ingest.pipeline.find", interrupted)
    result = run("add", folder)
    assert result.exit_code == 3
    assert "Run the same command again" in result.stderr


def command(*arguments: object, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        env={**os.environ, "CDSS_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_help_is_quick(tmp_path: Path) -> None:
    """Counted in processor time, so that a busy machine does not fail it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert command("-m", "ingest", "--help", home=tmp_path).returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.4


@pytest.mark.parametrize("name", ["list", "status"])
def test_looking_loads_no_model(tmp_path: Path, name: str) -> None:
    code = (
        "import sys\nfrom ingest.cli import main\n"
        f"try:\n    main([{name!r}])\nexcept SystemExit as end:\n    assert not end.code\n"
        "print([m for m in ('torch', 'sentence_transformers', 'llama_index', 'qdrant_client') if m in sys.modules])"
    )
    result = command("-c", code, home=tmp_path)
    assert result.stdout.splitlines()[-1] == "[]", result.stderr


@pytest.mark.slow
def test_the_real_thing_from_end_to_end(tmp_path: Path, folder: Path, open_library: Callable[..., Library]) -> None:
    """The real readers in their child process, the real model, the real index on disk."""
    first = command("-m", "ingest", "add", folder, "--json", home=tmp_path)
    assert first.returncode == 0, first.stderr
    report = json.loads(first.stdout)
    assert report["counts"]["indexed"] == 3
    assert report["passages_embedded"] == sum(file["passages"] for file in report["files"])
    second = command("-X", "importtime", "-m", "ingest", "add", folder, "--json", home=tmp_path)
    assert json.loads(second.stdout)["published"] is False
    assert " torch\n" not in second.stderr, "a run that changes nothing loads no model"
    assert (
        json.loads(command("-m", "ingest", "status", "--json", home=tmp_path).stdout)["generation"]
        == report["generation"]
    )
