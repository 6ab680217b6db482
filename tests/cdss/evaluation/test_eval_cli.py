"""The command as it is typed, with the model that comes with the installation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cdss.evaluation.cli import evaluate

from .conftest import WriteSet


def cdss_eval(*arguments: str | Path) -> Result:
    return CliRunner().invoke(evaluate, ["retrieval", *map(str, arguments)])


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CDSS_HOME", str(tmp_path / "untouched"))
    monkeypatch.setenv("CDSS_QDRANT__URL", "http://127.0.0.1:9")


def test_one_json_document_and_nothing_left_behind(write_set: WriteSet, tmp_path: Path) -> None:
    done = cdss_eval(write_set(), "--json")
    assert done.exit_code == 0, done.stderr
    figures = json.loads(done.stdout)
    keys = ["ndcg@10", "recall@10", "recall@100", "mrr@10", "qps", "p50_ms", "p95_ms"]
    assert list(figures) == [*keys, "baselines"]
    assert list(figures["baselines"]) == ["bm25", "dense", "fusion"]
    assert all(list(plain) == keys for plain in figures["baselines"].values())
    assert figures["recall@10"] == 1.0
    assert figures["mrr@10"] >= 0.8
    assert not (tmp_path / "untouched").exists()


def test_a_table_for_people_and_a_home_that_is_kept(write_set: WriteSet, tmp_path: Path) -> None:
    done = cdss_eval(write_set(), "--home", tmp_path / "kept", "--no-baselines", "--limit-queries", "2")
    assert done.exit_code == 0, done.stderr
    assert "nDCG@10" in done.stdout
    assert "bm25" not in done.stdout
    assert "6 documents (1 without a word in them), 5 passages, 2 queries" in done.stdout
    assert (tmp_path / "kept" / "index" / "eval" / "live").is_file()


def test_a_wrong_line_is_a_mistake_in_usage(write_set: WriteSet) -> None:
    done = cdss_eval(write_set(corpus=b"{}\n"), "--json")
    assert done.exit_code == 2
    assert done.stderr == "cdss: corpus.jsonl, line 1: _id: Field required\n"
    assert done.stdout == ""


def test_a_folder_that_is_not_there_is_a_mistake_in_usage(tmp_path: Path) -> None:
    assert cdss_eval(tmp_path / "nowhere").exit_code == 2


def test_settings_that_cannot_be_used_are_named(write_set: WriteSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDSS_KEEP_GENERATIONS", "0")
    done = cdss_eval(write_set())
    assert done.exit_code == 2
    assert "keep_generations" in done.stderr


def test_a_home_that_cannot_be_made_is_no_mistake_in_usage(write_set: WriteSet, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    done = cdss_eval(write_set(), "--home", tmp_path / "file" / "home")
    assert done.exit_code == 3
    assert "Set CDSS_HOME" in done.stderr
