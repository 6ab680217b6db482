"""How well and how fast passages are found, beside three plain ways to find them on the same index in the same run."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from statistics import fmean

import numpy as np

from cdss.evaluation.beir import Grades, Query
from cdss.evaluation.metrics import ndcg, recall, reciprocal_rank
from cdss.retrieve import fuse, retrieve
from cdss.settings import RetrievalSettings
from guidelines.index import Filters
from guidelines.library import Library

DEPTH = 100
"""Documents that are ranked for every question."""
RRF_K = 60
"""The constant of reciprocal rank fusion that its authors chose (Cormack et al., SIGIR 2009)."""

Search = Callable[[str, int], Sequence[str]]
"""A question, and how many passages are wanted, to passage ids, the best first."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Means over the questions, 0 to 1, and the time of a question in milliseconds, asked one after the other.

    The time is that of finding and reading as many passages as an answer is made from.
    """

    ndcg_10: float
    recall_10: float
    recall_100: float
    mrr_10: float
    qps: float
    p50_ms: float
    p95_ms: float

    def as_json(self) -> dict[str, float]:
        """By the names that are used in print."""
        return {
            "ndcg@10": round(self.ndcg_10, 4),
            "recall@10": round(self.recall_10, 4),
            "recall@100": round(self.recall_100, 4),
            "mrr@10": round(self.mrr_10, 4),
            "qps": round(self.qps, 1),
            "p50_ms": round(self.p50_ms, 2),
            "p95_ms": round(self.p95_ms, 2),
        }


def measure(
    searches: Mapping[str, Search],
    queries: Sequence[Query],
    relevant: Mapping[str, Grades],
    row_of: Mapping[str, str],
    *,
    passages: int,
    on_query: Callable[[], None],
) -> dict[str, Measures]:
    """The measures of every search, by its name, over all ``queries``.

    The searches take turns at every question, so that whatever else the machine does weighs on all of them alike. A
    document stands where its best passage does; ``row_of`` has the document of each passage. Every question is asked twice:
    for ``passages`` passages, which is timed, and for ``DEPTH`` documents, which is judged.
    """
    runs: dict[str, list[list[str]]] = {name: [] for name in searches}
    seconds: dict[str, list[float]] = {name: [] for name in searches}
    wanted = DEPTH * max(1, ceil(len(row_of) / max(1, len(set(row_of.values())))))
    for search in searches.values():
        search(queries[0].text, passages)  # loads what is loaded with the first question
    for query in queries:
        for name, search in searches.items():
            began = time.perf_counter()
            search(query.text, passages)
            seconds[name].append(time.perf_counter() - began)
            runs[name].append(ranked_documents(search, query.text, row_of, wanted))
        on_query()
    grades = [relevant[query.id] for query in queries]
    return {name: _measures(runs[name], grades, seconds[name]) for name in searches}


def ranked_documents(search: Search, question: str, row_of: Mapping[str, str], wanted: int) -> list[str]:
    """The first ``DEPTH`` documents, or all that can be found.

    Asks for ``wanted`` passages first, and for twice as many for as long as they come from too few documents.
    """
    while True:
        passages = search(question, wanted)
        documents = list(dict.fromkeys(row_of[passage] for passage in passages))
        if len(documents) >= DEPTH or len(passages) < wanted:
            return documents[:DEPTH]
        wanted *= 2


def ours(library: Library, settings: RetrievalSettings) -> Search:
    """The search that answers are made from, in its order; after what it reads come further candidates in theirs."""
    today = datetime.now(UTC).date()

    def search(question: str, limit: int) -> Sequence[str]:
        asked = settings.model_copy(update={"passages": min(limit, settings.read)})
        found = retrieve(question, library=library, settings=asked, filters=Filters(), as_of=today).found
        first = [item.passage.id for item in found]
        if limit <= settings.read:
            return first
        hits = library.search(library.embed_query(question), question, limit=limit)
        scores = fuse(dict(hits.dense), dict(hits.bm25), dense_weight=settings.dense_weight)
        return list(dict.fromkeys([*first, *sorted(scores, key=scores.__getitem__, reverse=True)]))[:limit]

    return search


def baselines(library: Library) -> dict[str, Search]:
    """By words alone (``bm25``), by meaning alone (``dense``), and both by reciprocal rank, equally (``fusion``).

    Each reads the passages that it returns, as the service does.
    """
    nothing = library.embed_query("")

    def read(passages: Sequence[str]) -> Sequence[str]:
        known = library.passages(passages)
        return [passage for passage in passages if passage in known]

    def bm25(question: str, limit: int) -> Sequence[str]:
        return read(_ids(library.search(nothing, question, limit=limit).bm25))

    def dense(question: str, limit: int) -> Sequence[str]:
        vector = library.embed_query(question)
        return read(_ids(library.search(vector, "", limit=limit).dense))

    def fusion(question: str, limit: int) -> Sequence[str]:
        hits = library.search(library.embed_query(question), question, limit=max(limit, DEPTH))
        return read(reciprocal_rank_fusion((_ids(hits.dense), _ids(hits.bm25)))[:limit])

    return {"bm25": bm25, "dense": dense, "fusion": fusion}


def reciprocal_rank_fusion(rankings: Iterable[Sequence[str]]) -> list[str]:
    """One ranking of several, each place from 1 worth 1 / (60 + place); of equals the one that came first comes first."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for place, passage in enumerate(ranking, 1):
            scores[passage] = scores.get(passage, 0.0) + 1 / (RRF_K + place)
    return sorted(scores, key=scores.__getitem__, reverse=True)


def _ids(scored: Iterable[tuple[str, float]]) -> list[str]:
    return [passage for passage, _ in scored]


def _measures(runs: Sequence[Sequence[str]], grades: Sequence[Grades], seconds: Sequence[float]) -> Measures:
    judged = list(zip(runs, grades, strict=True))
    p50, p95 = np.percentile(seconds, (50, 95)) * 1000
    return Measures(
        ndcg_10=fmean(ndcg(run, grade, 10) for run, grade in judged),
        recall_10=fmean(recall(run, grade, 10) for run, grade in judged),
        recall_100=fmean(recall(run, grade, 100) for run, grade in judged),
        mrr_10=fmean(reciprocal_rank(run, grade, 10) for run, grade in judged),
        qps=len(seconds) / sum(seconds),
        p50_ms=float(p50),
        p95_ms=float(p95),
    )
