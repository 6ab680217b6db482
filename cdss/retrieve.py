"""From a question to the passages that may answer it, and whether they come near enough to be trusted to.

Two searches run side by side, by meaning (dense) and by words (BM25); their scores are normalised and summed, weighted.
Every sentence of the best passages is then scored by its own vector, so that the draft can begin with the right one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from cdss.settings import RetrievalSettings
from cdss.sources import Source, status_on
from cdss.terms import coverage, terms
from guidelines.editions import DocumentHead
from guidelines.index import Filters
from guidelines.library import Library
from guidelines.types import Passage, Status


@dataclass(frozen=True, slots=True)
class Found:
    """A passage with its scores: ``score`` 0 to 1 over this search, ``cosine`` of question and passage (``None``: found by
    words only), ``sentences`` the cosine of question and each sentence, ``(n,)``."""

    passage: Passage
    head: DocumentHead
    score: float
    cosine: float | None
    sentences: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found, the best first. ``confidence`` 0 to 1 is compared with the floor: below it nothing is answered."""

    found: tuple[Found, ...]
    passages: Mapping[str, Passage]
    question_terms: tuple[str, ...]
    confidence: float
    generation: str | None
    as_of: date

    def sources(self, found: Found) -> list[Source]:
        """The sentences of a found passage, ready to be quoted."""
        return [
            Source(found.passage, number, found.head, self.passages, self.as_of)
            for number in range(len(found.passage.sentences))
        ]


def retrieve(
    question: str, *, library: Library, settings: RetrievalSettings, filters: Filters, as_of: date
) -> Retrieval:
    """Passages for ``question``, the best first, at most ``settings.passages``. Raises ``guidelines.errors.LibraryError``."""
    wanted = tuple(terms(question))
    live = library.live()
    if live is None or not live.heads:
        return Retrieval((), {}, wanted, 0.0, None, as_of)
    vector = library.embed_query(question)
    hits = library.search(vector, question, filters=filters, limit=settings.candidates)
    scores = fuse(dict(hits.dense), dict(hits.bm25), dense_weight=settings.dense_weight)
    passages = library.passages(scores)
    heads = {passage.document_id: library.head(passage.document_id) for passage in passages.values()}
    ranked = sorted(
        ((score * _standing(heads[passages[pid].document_id], as_of), pid) for pid, score in scores.items()),
        reverse=True,
    )[: settings.passages]
    vectors = library.sentence_vectors([passages[pid] for _, pid in ranked])
    cosine = dict(hits.dense)
    found = tuple(
        Found(
            passage=passages[pid],
            head=heads[passages[pid].document_id],
            score=score,
            cosine=cosine.get(pid),
            sentences=_cosines(vector, vectors[pid]),
        )
        for score, pid in ranked
    )
    elsewhere = {
        lead.passage_id
        for item in found
        for sentence in item.passage.sentences
        for lead in sentence.leads
        if lead.passage_id is not None
    }
    cited = {item.passage.id: item.passage for item in found}
    cited |= library.passages(elsewhere - cited.keys())
    return Retrieval(found, cited, wanted, _confidence(found, wanted), hits.generation, as_of)


def fuse(dense: Mapping[str, float], bm25: Mapping[str, float], *, dense_weight: float) -> dict[str, float]:
    """Convex sum of min-max normalised scores, by passage id, 0 to 1. A passage that one search missed has 0 from it."""
    total: dict[str, float] = {}
    for scores, weight in ((dense, dense_weight), (bm25, 1 - dense_weight)):
        if not scores:
            continue
        low, high = min(scores.values()), max(scores.values())
        for pid, score in scores.items():
            share = (score - low) / (high - low) if high > low else 1.0
            total[pid] = total.get(pid, 0.0) + weight * share
    return total


def _standing(head: DocumentHead, as_of: date) -> float:
    """An edition out of force comes after one in force that says the same, and still comes if it is the only one."""
    return 1.0 if status_on(head, as_of) in (Status.ACTIVE, Status.UNKNOWN) else 0.85


def _cosines(query: NDArray[np.float32], sentences: NDArray[np.int8]) -> NDArray[np.float32]:
    matrix = sentences.astype(np.float32)
    norms = np.linalg.norm(matrix, axis=1)
    return np.asarray(matrix @ query / np.where(norms > 0, norms, 1.0), dtype=np.float32)


def _confidence(found: tuple[Found, ...], wanted: tuple[str, ...]) -> float:
    """How near the best passages come: their meaning, and how many of the question's words stand in them."""
    best = 0.0
    for item in found[:3]:
        words = set(terms(" ".join((item.head.title, *item.passage.section, item.passage.text))))
        best = max(best, 0.6 * (item.cosine or 0.0) + 0.4 * coverage(wanted, words, {}))
    return best
