"""Figures worked out by hand."""

from __future__ import annotations

import math

import pytest

from cdss.evaluation.metrics import ndcg, recall, reciprocal_rank

GRADES = {"a": 2, "b": 1, "c": 1}


def test_ndcg_weighs_grades_exponentially() -> None:
    found = 1 / math.log2(2) + 3 / math.log2(4)  # b first, then nothing, then a
    best = 3 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg(["b", "x", "a"], GRADES, 10) == pytest.approx(found / best)
    assert found / best == pytest.approx(0.60519, abs=1e-5)


def test_the_best_ranking_has_ndcg_1_also_when_more_are_relevant_than_are_counted() -> None:
    assert ndcg(["a", "b", "c"], GRADES, 10) == 1.0
    assert ndcg(["a"], GRADES, 1) == 1.0


def test_ndcg_counts_nothing_after_k() -> None:
    assert ndcg(["x", "a"], GRADES, 1) == 0.0


def test_recall_is_of_as_many_as_fit() -> None:
    assert recall(["a", "x", "b"], GRADES, 10) == pytest.approx(2 / 3)
    assert recall(["a", "x", "b"], GRADES, 2) == 0.5
    assert recall([str(n) for n in range(10)], dict.fromkeys(map(str, range(40)), 1), 10) == 1.0


def test_reciprocal_rank_is_of_the_first_hit() -> None:
    assert reciprocal_rank(["x", "y", "b", "a"], GRADES, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank(["x", "y", "b"], GRADES, 2) == 0.0


@pytest.mark.parametrize("metric", [ndcg, recall, reciprocal_rank])
def test_nothing_found_is_0(metric: object) -> None:
    assert callable(metric)
    assert metric([], GRADES, 10) == 0.0
    assert metric(["a"], {}, 10) == 0.0
