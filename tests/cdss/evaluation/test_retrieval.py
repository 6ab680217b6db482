"""Rankings of passages become figures on documents."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from cdss.evaluation.beir import CorpusRow, Query, read_set
from cdss.evaluation.corpus import fill
from cdss.evaluation.retrieval import (
    DEPTH,
    baselines,
    measure,
    ours,
    ranked_documents,
    reciprocal_rank_fusion,
)
from cdss.retrieve import retrieve
from cdss.settings import RetrievalSettings
from guidelines.index import Filters
from guidelines.library import Library
from ingest.report import Listener

from .conftest import WriteSet

QUESTIONS = [Query.model_validate({"_id": name, "text": name}) for name in ("q1", "q2")]
ROW_OF = {"a1": "a", "a2": "a", "b1": "b", "c1": "c"}
RELEVANT = {"q1": {"b": 1}, "q2": {"a": 2, "c": 1}}


def fixed(question: str, limit: int) -> Sequence[str]:
    return {"q1": ["a1", "a2", "b1"], "q2": ["c1", "b1", "a2", "a1"]}[question][:limit]


def test_measures_are_means_over_the_questions() -> None:
    asked = []
    found = measure({"x": fixed}, QUESTIONS, RELEVANT, ROW_OF, passages=8, on_query=lambda: asked.append(1))["x"]
    # q1: a, then b: a hit in second place. q2: c (grade 1), b, a (grade 2).
    second = (1 / math.log2(2) + 3 / math.log2(4)) / (3 / math.log2(2) + 1 / math.log2(3))
    assert found.ndcg_10 == pytest.approx((1 / math.log2(3) + second) / 2)
    assert found.mrr_10 == pytest.approx((1 / 2 + 1) / 2)
    assert found.recall_10 == found.recall_100 == 1.0
    assert found.qps > 0
    assert 0 < found.p50_ms <= found.p95_ms
    assert len(asked) == 2
    assert list(found.as_json()) == ["ndcg@10", "recall@10", "recall@100", "mrr@10", "qps", "p50_ms", "p95_ms"]


def test_a_document_stands_where_its_best_passage_does() -> None:
    assert ranked_documents(fixed, "q2", ROW_OF, 10) == ["c", "b", "a"]


def test_more_passages_are_asked_for_until_they_come_from_enough_documents() -> None:
    row_of = {str(n): str(n // 4) for n in range(1000)}
    asked = []

    def search(_: str, limit: int) -> Sequence[str]:
        asked.append(limit)
        return list(row_of)[:limit]

    assert ranked_documents(search, "q", row_of, 150) == [str(n) for n in range(DEPTH)]
    assert asked == [150, 300, 600]


def test_fusion_by_rank_prefers_what_both_found() -> None:
    assert reciprocal_rank_fusion((["a", "b", "c"], ["d", "b"])) == ["b", "a", "d", "c"]


@pytest.mark.parametrize("name", ["cdss", "bm25", "dense", "fusion"])
def test_every_search_finds_the_passages_of_a_real_index(library: Library, write_set: WriteSet, name: str) -> None:
    given = read_set(write_set())
    row_of = fill(library, given.corpus, listener=Listener())
    searches = {"cdss": ours(library, RetrievalSettings()), **baselines(library)}
    found = measure({name: searches[name]}, given.queries, given.relevant, row_of, passages=8, on_query=lambda: None)[
        name
    ]
    assert found.recall_100 == 1.0
    # "asthma" and "twin" say the same, so that either may come first.
    assert found.mrr_10 in (pytest.approx(1.0), pytest.approx((1 + 0.5 + 1) / 3))


def test_our_search_begins_as_answers_do_and_goes_on_with_further_candidates(library: Library) -> None:
    rows = [{"_id": str(n), "title": "", "text": f"Dose {n} of salbutamol."} for n in range(60)]
    row_of = fill(library, [CorpusRow.model_validate(row) for row in rows], listener=Listener())
    settings = RetrievalSettings(read=10, passages=5)
    found = retrieve(
        "dose 7", library=library, settings=settings, filters=Filters(), as_of=datetime.now(UTC).date()
    ).found
    ranked = ours(library, settings)("dose 7", 60)
    assert ranked[:5] == [item.passage.id for item in found] == ours(library, settings)("dose 7", 5)
    assert sorted(ranked) == sorted(row_of)


def test_an_empty_library_finds_nothing(library: Library, write_set: WriteSet) -> None:
    given = read_set(write_set())
    searches = {"cdss": ours(library, RetrievalSettings()), **baselines(library)}
    for found in measure(searches, given.queries, given.relevant, {}, passages=8, on_query=lambda: None).values():
        assert found.ndcg_10 == found.recall_100 == found.mrr_10 == 0.0
