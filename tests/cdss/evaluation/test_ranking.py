"""On the bundled guidelines the search that answers are made from is better than plain ones."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from cdss.evaluation.beir import Query
from cdss.evaluation.retrieval import Measures, baselines, measure, ours
from cdss.pipeline import Service

BUNDLED = Path(__file__).parents[2] / "eval" / "bundled.toml"
ENOUGH_QUESTIONS = 40
NOISE = 0.01
"""As far as chance alone moves the mean of forty questions."""


@pytest.fixture(scope="module")
def measured(service: Service) -> dict[str, Measures]:
    library, settings = service.library, service.settings.retrieval
    live = library.live()
    assert live is not None
    sections: dict[str, dict[str, int]] = {}
    row_of: dict[str, str] = {}
    for head in live.heads.values():
        for passage in library.store.passages_of(head.id):
            row_of[passage.id] = passage.id
            sections.setdefault(" ".join((head.source, *passage.section[-1:])), {})[passage.id] = 1
    asked = tomllib.loads(BUNDLED.read_text("utf-8"))["question"]
    assert len(asked) >= ENOUGH_QUESTIONS
    queries = [Query.model_validate({"_id": str(n), "text": each["text"]}) for n, each in enumerate(asked)]
    relevant = {str(n): sections[f"{each['document']} {each['section']}"] for n, each in enumerate(asked)}
    searches = {"cdss": ours(library, settings)} | baselines(library)
    return measure(searches, queries, relevant, row_of, passages=settings.passages, on_query=lambda: None)


@pytest.mark.parametrize("plain", ["bm25", "dense", "fusion"])
def test_ours_does_not_lose_to(plain: str, measured: dict[str, Measures]) -> None:
    assert measured["cdss"].ndcg_10 > measured[plain].ndcg_10 - NOISE


def test_the_right_passage_is_near_the_top(measured: dict[str, Measures]) -> None:
    assert measured["cdss"].mrr_10 > 0.5
