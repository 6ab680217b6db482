"""The ``cdss`` command as a person and a program meet it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from cdss.cli import main

OTITIS = "What dose of amoxicillin for a 3-year-old child weighing 14 kg with acute otitis media?"


@pytest.fixture
def runner(bundled_home: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Runs the command with the bundled guidelines as its home."""
    monkeypatch.setenv("CDSS_HOME", str(bundled_home))
    return CliRunner()


def test_an_answer_as_a_person_reads_it(runner: CliRunner) -> None:
    got = runner.invoke(main, ["ask", OTITIS])
    assert got.exit_code == 0, got.output
    for words in (
        "80 to 90 mg/kg/day",
        "Acute otitis media in children",
        "edition 2013",
        "all rules passed",
    ):
        assert words in " ".join(got.output.split())
    assert "dose not checked" not in got.output


def test_json_is_one_document_and_can_be_shown_again(runner: CliRunner) -> None:
    got = runner.invoke(main, ["ask", "--json", OTITIS])
    answer = json.loads(got.stdout)
    assert answer["status"] == "answered"
    again = runner.invoke(main, ["ask", "--json", "--show", answer["id"]])
    assert again.stdout == got.stdout
    assert again.exit_code == got.exit_code == 0


def test_no_answer_is_exit_code_1(runner: CliRunner) -> None:
    got = runner.invoke(main, ["ask", "How do I bake sourdough bread?"])
    assert got.exit_code == 1
    assert "Nearest sections" in got.output


def test_a_patient_and_filters(runner: CliRunner, tmp_path: Path) -> None:
    patient = tmp_path / "patient.json"
    patient.write_text('{"age_years": 3, "weight_kg": 14}')
    arguments = [
        "ask",
        "--json",
        "--patient",
        str(patient),
        "--filter",
        "population=child",
        "--as-of",
        "2026-01-31",
        OTITIS,
    ]
    answer = json.loads(runner.invoke(main, arguments).stdout)
    assert answer["as_of"] == "2026-01-31"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask"], "QUESTION"),
        (["ask", "x", "--show", "y"], "QUESTION"),
        (["ask", ""], "question"),
        (["ask", "x" * 100_000], "question"),
        (["ask", "x", "--filter", "colour=red"], "filters.colour"),
        (["ask", "x", "--filter", "colour"], "FIELD=VALUE"),
        (["ask", "x", "--as-of", "soon"], "soon"),
        (["serve", "--host", "0.0.0.0"], "CDSS_SERVER__NETWORK_IS_GUARDED"),
        (["serve", "--host", "example.org"], "127.0.0.1"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_says_what_to_do(runner: CliRunner, arguments: list[str], said: str) -> None:
    got = runner.invoke(main, arguments)
    assert got.exit_code == 2
    assert said in got.output


def test_a_patient_field_that_is_wrong_is_named(runner: CliRunner, tmp_path: Path) -> None:
    patient = tmp_path / "patient.json"
    patient.write_text('{"weight_kg": "heavy"}')
    got = runner.invoke(main, ["ask", "x", "--patient", str(patient)])
    assert got.exit_code == 2
    assert "patient.weight_kg" in got.output
    patient.write_text("{nonsense")
    got = runner.invoke(main, ["ask", "x", "--patient", str(patient)])
    assert got.exit_code == 2
    assert "not JSON" in got.output


def test_an_unknown_answer_is_not_found(runner: CliRunner) -> None:
    got = runner.invoke(main, ["ask", "--show", "none"])
    assert got.exit_code == 1
    assert "no answer" in got.output


def test_check_reads_lines_and_keeps_their_order(runner: CliRunner) -> None:
    source = "In adults give amoxicillin 500 mg three times daily for five days."
    lines = [
        {"id": 1, "text": source, "quotes": [{"quote": source, "source": source}]},
        {"id": 2, "text": source, "quotes": [{"quote": source.replace("500", "50"), "source": source}]},
    ]
    given = "\n".join((json.dumps(lines[0]), "nonsense", json.dumps(lines[1])))
    got = runner.invoke(main, ["check", "-"], input=given)
    reports = [json.loads(line) for line in got.stdout.splitlines()]
    assert [report["id"] for report in reports] == [1, None, 2]
    assert reports[0]["verdict"] == "release"
    assert reports[1]["line"] == 2
    assert reports[2]["verdict"] == "withhold"
    assert got.exit_code == 1
    assert runner.invoke(main, ["check", "-"], input=json.dumps(lines[0])).exit_code == 0


def test_help_is_quick_and_the_rules_load_nothing_heavy() -> None:
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "cdss.cli", "--help"], check=True, stdout=subprocess.DEVNULL)
        taken.append(time.perf_counter() - began)
    assert min(taken) < 0.5
    program = "import sys, checkers, checkers.run, checkers.lines; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    assert not {"torch", "fastapi", "llama_index", "sentence_transformers", "qdrant_client", "sqlalchemy"} & set(loaded)
