"""``cdss ask --batch``: side by side, line by line, and after a kill only what is left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cdss.cli import main
from cdss.service import Service
from cdss.settings import Settings
from tests.cdss.llm.scripted_server import Exchange, honest, saying, serving

OTITIS = "What dose of amoxicillin for a child with acute otitis media?"


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def runner(bundled_home: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("CDSS_HOME", str(bundled_home))
    return CliRunner()


def test_each_line_has_an_answer_or_an_error_of_its_own(runner: CliRunner, tmp_path: Path) -> None:
    questions, out = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    lines = [
        json.dumps({"id": "one", "question": OTITIS, "patient": {"age_years": 3, "weight_kg": 14}}),
        "nonsense",
        json.dumps({"id": "two", "question": OTITIS, "patient": {"weight_kg": "heavy"}}),
        "",
        json.dumps({"question": "How do I bake sourdough bread?"}),
        json.dumps([1]),
    ]
    questions.write_text("\n".join(lines))
    got = runner.invoke(main, ["ask", "--batch", str(questions), "--out", str(out)])
    assert got.exit_code == 1, got.output
    assert got.stdout == ""
    by_id = {row["id"]: row for row in rows(out)}
    assert by_id["one"]["answer"]["status"] == "answered"
    assert by_id["line 5"]["answer"]["status"] == "abstained"
    assert by_id["line 2"] == {"id": "line 2", "line": 2, "error": "this is no JSON object"}
    assert "patient.weight_kg" in by_id["two"]["error"]
    assert "heavy" not in by_id["two"]["error"]
    kept = [row["answer"]["id"] for row in rows(out) if "answer" in row]
    runner.invoke(main, ["ask", "--batch", str(questions), "--out", str(out)])
    assert [row["answer"]["id"] for row in rows(out) if "answer" in row] == kept
    assert sum("error" in row for row in rows(out)) == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--batch", "FILE"], "belong together"),
        (["--out", "x"], "belong together"),
        (["--batch", "FILE", "--out", "x", "a question"], "stand in the file"),
        (["--batch", "no such file", "--out", "x"], "does not exist"),
    ],
)
def test_wrong_usage(runner: CliRunner, tmp_path: Path, arguments: list[str], said: str) -> None:
    (tmp_path / "q.jsonl").write_text("")
    given = [str(tmp_path / "q.jsonl") if word == "FILE" else word for word in arguments]
    got = runner.invoke(main, ["ask", *given])
    assert got.exit_code == 2
    assert said in got.output


def test_two_lines_with_one_id_are_refused(runner: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(f'{{"id": 1, "question": "{OTITIS}"}}\n' * 2)
    got = runner.invoke(main, ["ask", "--batch", str(tmp_path / "q.jsonl"), "--out", str(tmp_path / "a")])
    assert got.exit_code == 2
    assert "there already" in got.output


def test_a_killed_run_goes_on_where_it_was(bundled_home: Path, tmp_path: Path) -> None:
    """Killed in the middle, started again: every question is answered, and what was answered is not asked again."""
    asked: list[str] = []

    async def slowly(exchange: Exchange) -> None:
        asked.append(exchange.prompt.rsplit("Question:\n", 1)[1].strip())
        await saying(honest, pace_s=0.005)(exchange)

    questions, out = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    numbers = range(12)
    questions.write_text("".join(json.dumps({"id": n, "question": f"{OTITIS} Ward {n}."}) + "\n" for n in numbers))
    command = [sys.executable, "-m", "cdss.cli", "ask", "--batch", str(questions), "--out", str(out), "--at-once", "2"]
    with serving(slowly) as server:
        environment = os.environ | {
            "CDSS_HOME": str(bundled_home),
            "CDSS_BACKEND": "openai",
            "CDSS_LLM__BASE_URL": server.url,
        }
        first = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 120
        while time.monotonic() < end and not (out.exists() and out.read_text().count("\n") >= 3):
            time.sleep(0.01)
        first.send_signal(signal.SIGKILL)
        first.wait()
        before = {str(row["id"]) for row in rows(out)}
        assert 3 <= len(before) < len(numbers)
        with out.open("a") as file:
            file.write('{"id": "11", "answer": {"sche')
        asked.clear()
        second = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        assert second.returncode in (0, 1), second.stderr
    assert {str(row["id"]) for row in rows(out)} == {str(n) for n in numbers}
    assert len(rows(out)) == len(numbers)
    assert len(asked) == len(numbers) - len(before)
    assert f"{len(before)} answered before" in second.stderr


def test_another_run_on_the_same_file_is_refused(recording: Callable[..., Service], tmp_path: Path) -> None:
    import asyncio
    from datetime import date

    from filelock import FileLock

    from cdss.batch import ask_all
    from cdss.errors import InvalidInput

    service = recording()
    assert isinstance(service.settings, Settings)
    with FileLock(f"{tmp_path / 'a'}.lock"), pytest.raises(InvalidInput, match="another run"):
        asyncio.run(
            ask_all([], tmp_path / "a", service, actor="t", today=date(2026, 1, 1), at_once=1, on_done=lambda: None)
        )
