"""How good a ranking is, from 0 to 1. ``ranked`` are document ids, the best first, none twice; ``grades`` are those of the
documents that answer the question, from 1, by id."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """Normalised discounted cumulative gain of the first ``k``, with gain 2^grade - 1.

    The best that could have been counts every relevant document, found or not (Burges et al., ICML 2005).
    """
    best = _gain(sorted(grades.values(), reverse=True)[:k])
    return _gain(grades.get(document, 0) for document in ranked[:k]) / best if best else 0.0


def recall(ranked: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """Relevant documents among the first ``k``, of as many as could stand there: hits / min(k, relevant)."""
    possible = min(k, len(grades))
    return sum(document in grades for document in ranked[:k]) / possible if possible else 0.0


def reciprocal_rank(ranked: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """One over the place (from 1) of the first relevant document, 0 if none is among the first ``k``."""
    return next((1 / place for place, document in enumerate(ranked[:k], 1) if document in grades), 0.0)


def _gain(grades: Iterable[int]) -> float:
    return float(sum((2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, 1)))
