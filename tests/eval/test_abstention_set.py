"""The questions that abstention is calibrated on hold together."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from checkers.types import Patient
from tests.eval.test_questions import load, runs

DOCUMENTS = Path(__file__).parents[2] / "guidelines" / "documents"
QUESTIONS = load("abstention.toml")
KINDS = {"answered", "absent", "figure", "drug", "population"}


def test_size_and_parts() -> None:
    """With the forty and the questions out of scope, which are fitted on too: at least 60, a third of them unanswerable."""
    dev = [item for item in QUESTIONS if item["part"] == "dev"]
    assert len(dev) >= 55
    assert sum(item["kind"] != "answered" for item in dev) >= 40
    assert len(QUESTIONS) - len(dev) >= 30
    assert Counter(item["library"] for item in QUESTIONS).keys() == {"corpus", "bundled"}


def test_ids_and_texts_are_unique_among_all_sets() -> None:
    others = [item for name in ("forty", "heldout", "out_of_scope") for item in load(f"questions_{name}.toml")] + [
        item for name in ("labels", "guidelines") for item in load(f"{name}.toml")
    ]
    for field in ("id", "text"):
        assert max(Counter(item[field] for item in (*QUESTIONS, *others)).values()) == 1


@pytest.mark.parametrize("item", QUESTIONS, ids=lambda item: item["id"])
def test_fields(item: dict[str, Any]) -> None:
    answered = item["kind"] == "answered"
    needed = {"id", "library", "part", "text", "kind", *(("file", "must") if answered else ("why",))}
    assert item.keys() - {"patient"} == needed
    assert item["kind"] in KINDS
    assert item["part"] in {"dev", "held-out"}
    Patient.model_validate(item.get("patient", {}))


@pytest.mark.parametrize("item", [item for item in QUESTIONS if "file" in item], ids=lambda item: item["id"])
def test_a_bundled_question_is_answered_in_other_words(item: dict[str, Any]) -> None:
    text = (DOCUMENTS / item["file"]).read_text(encoding="utf-8")
    assert not runs(item["text"]) & runs(text)
    for group in item["must"]:
        assert any(re.search(pattern, text, re.IGNORECASE) for pattern in group)
