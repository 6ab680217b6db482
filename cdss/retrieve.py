"""From a question to the passages that may answer it, and whether they come near enough to be trusted to.

Two searches run side by side, by meaning (dense) and by words (BM25); a weighted sum of their normalised scores picks the
candidates. Each candidate is then read: its nearest sentence, the question's words in its headings and in its text. Every
step is there because it won on the development questions (``docs/retrieval.md``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from cdss.drugs import AskedDrug, asked_drugs
from cdss.settings import RetrievalSettings
from cdss.sources import Source, status_on
from cdss.terms import coverage, terms
from guidelines.editions import DocumentHead
from guidelines.embedding import PassageVectors, Vector
from guidelines.index import Filters
from guidelines.library import Library
from guidelines.types import Passage, Status

ANOTHER_DRUG = 0.8
"""Factor on the score of a passage that has none of the drugs that the question names."""
OUT_OF_FORCE = 0.85
"""Factor on the score of an edition that is not in force: it comes after one that is, and still comes if it is the only one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was read. ``score`` orders it among those found; ``cosine`` is that of question and passage,
    ``sentences`` that of question and each sentence ``(n,)``; ``covered`` the share of the question's words that stand in
    title, headings or text; ``on_drug`` whether a drug that the question names does (true when it names none)."""

    passage: Passage
    head: DocumentHead
    score: float
    cosine: float
    covered: float
    on_drug: bool
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
    drugs = asked_drugs(question)
    vector = library.embed_query(question)
    by_all_names = " ".join((question, *(name for drug in drugs for name in drug.names if name != drug.asked)))
    hits = library.search(vector, by_all_names, filters=filters, limit=settings.candidates)
    scores = fuse(dict(hits.dense), dict(hits.bm25), dense_weight=settings.dense_weight)
    candidates = sorted(scores, key=lambda pid: (-scores[pid], pid))[: max(settings.read, settings.passages)]
    passages = library.passages(candidates)
    words = dict(hits.bm25)
    found = read(
        vector,
        wanted,
        drugs,
        [(passages[pid], words.get(pid, 0.0)) for pid in candidates if pid in passages],
        library=library,
        settings=settings,
        as_of=as_of,
    )[: settings.passages]
    elsewhere = {
        lead.passage_id
        for item in found
        for sentence in item.passage.sentences
        for lead in sentence.leads
        if lead.passage_id is not None
    }
    cited = {item.passage.id: item.passage for item in found}
    cited |= library.passages(elsewhere - cited.keys())
    return Retrieval(found, cited, wanted, _confidence(found), hits.generation, as_of)


def fuse(dense: Mapping[str, float], bm25: Mapping[str, float], *, dense_weight: float) -> dict[str, float]:
    """Convex sum of min-max normalised scores, by passage id, 0 to 1. A passage that one search missed has 0 from it."""
    total: dict[str, float] = {}
    for scores, weight in ((dense, dense_weight), (bm25, 1 - dense_weight)):
        for pid, share in zip(scores, _spread(list(scores.values())), strict=True):
            total[pid] = total.get(pid, 0.0) + weight * share
    return total


def read(
    question: Vector,
    wanted: tuple[str, ...],
    drugs: tuple[AskedDrug, ...],
    candidates: list[tuple[Passage, float]],
    *,
    library: Library,
    settings: RetrievalSettings,
    as_of: date,
) -> tuple[Found, ...]:
    """Order ``candidates`` (passage, BM25 score) by what stands in them; a passage without vectors is left out."""
    vectors = library.vectors_of([passage for passage, _ in candidates])
    candidates = [(passage, score) for passage, score in candidates if passage.id in vectors]
    heads = [library.head(passage.document_id) for passage, _ in candidates]
    sentences = [_cosines(question, vectors[passage.id]) for passage, _ in candidates]
    cosines = [float(vectors[passage.id].passage @ question) for passage, _ in candidates]
    titles = [" ".join((head.title, *p.section)) for head, (p, _) in zip(heads, candidates, strict=True)]
    above = [_words(title, drugs) for title in titles]
    covered = [coverage(wanted, words | _words(p.text, drugs)) for words, (p, _) in zip(above, candidates, strict=True)]
    on_drug = [
        not drugs or any(drug.stands_in(f"{title} {p.text}".lower()) for drug in drugs)
        for title, (p, _) in zip(titles, candidates, strict=True)
    ]
    features = np.array(
        [
            _spread(cosines),
            _spread([score for _, score in candidates], low=0.0),
            _spread([float(each.max(initial=0.0)) for each in sentences]),
            [coverage(wanted, words) for words in above],
            covered,
        ]
    )
    weights = settings.weights
    total = np.array([weights.dense, weights.bm25, weights.sentence, weights.headings, weights.text]) @ features
    total /= sum(weights.model_dump().values())
    total *= [1.0 if status_on(head, as_of) in (Status.ACTIVE, Status.UNKNOWN) else OUT_OF_FORCE for head in heads]
    total *= [1.0 if same else ANOTHER_DRUG for same in on_drug]
    order = np.argsort(-total, kind="stable").tolist()
    return tuple(
        Found(candidates[i][0], heads[i], float(total[i]), cosines[i], covered[i], on_drug[i], sentences[i])
        for i in order
    )


def _words(text: str, drugs: tuple[AskedDrug, ...]) -> set[str]:
    """The terms of ``text``; a drug of the question that stands there by another name counts as if by the name asked."""
    lower = text.lower()
    return set(terms(text)).union(*(drug.terms for drug in drugs if drug.stands_in(lower)))


def _spread(values: list[float], low: float | None = None) -> list[float]:
    """Min-max normalised, 0 to 1; all 1 when they do not differ."""
    if not values:
        return []
    least, most = min(values) if low is None else low, max(values)
    return [(value - least) / (most - least) if most > least else 1.0 for value in values]


def _cosines(question: Vector, vectors: PassageVectors) -> NDArray[np.float32]:
    matrix = vectors.sentences.astype(np.float32)
    norms = np.linalg.norm(matrix, axis=1)
    return np.asarray(matrix @ question / np.where(norms > 0, norms, 1.0), dtype=np.float32)


def _confidence(found: tuple[Found, ...]) -> float:
    """How near the best passages come: their meaning, and how many of the question's words stand in them.

    0 when the question names a drug and none of them has it: what is known of another drug is no answer.
    """
    return max((0.6 * item.cosine + 0.4 * item.covered for item in found[:3] if item.on_drug), default=0.0)
