"""From a question to the passages that may answer it, and whether they come near enough to be trusted to.

Two searches run side by side, by meaning (dense) and by words (BM25); a weighted sum of their normalised scores picks the
candidates. Each candidate is then read: its nearest sentence, the question's words in its headings and in its text, where a
word that few candidates have counts for more than one that all have. Every step is there because it won on the development
questions (``docs/retrieval.md``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from cdss.abstention import AskedWord, asked_words, judge
from cdss.applicability import FITS, NOBODY, Asked, Fit, asked, fit, twins
from cdss.drugs import AskedDrug, asked_drugs
from cdss.settings import RetrievalSettings, SiteSettings
from cdss.shorthand import spelled_out
from cdss.sources import Source, status_on
from cdss.terms import coverage, different_terms, rarity, terms, weighted_coverage
from checkers.types import Patient
from guidelines.candidates import Candidate
from guidelines.editions import DocumentHead
from guidelines.embedding import Vector
from guidelines.index import Filters
from guidelines.library import Library
from guidelines.types import Passage, Status

ANOTHER_DRUG = 0.8
"""Factor on the score of a passage that has none of the drugs that the question names."""
OUT_OF_FORCE = 0.85
"""Factor on the score of an edition that is not in force: it comes after one that is, and still comes if it is the only one."""
TECHNICAL = 0.5
"""From here on, 0 to 1, a word of the question is a specialist's, and may be what the question is about."""
OFF_TOPIC = 0.7
"""Share of the best passage's words, by rarity, under which a passage that has no technical word answers another question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    """What reading says of a passage. ``score`` orders it among those found; ``cosine`` is that of question and passage,
    ``sentences`` that of question and each sentence ``(n,)``; ``words`` are the terms of title, headings and text, ``covered``
    the share of the question's words among them; ``on_drug`` whether a drug that the question names is among them (true when
    it names none); ``fit`` how well it applies to the people asked about."""

    head: DocumentHead
    score: float
    cosine: float
    covered: float
    on_drug: bool
    sentences: NDArray[np.float32]
    words: frozenset[str]
    fit: Fit = FITS


@dataclass(frozen=True, slots=True, kw_only=True)
class Read(_Ranked):
    """A candidate that was read."""

    candidate: Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(_Ranked):
    """A passage that was read, whole."""

    passage: Passage


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What was found, the best first. ``confidence`` 0 to 1 is compared with the floor: below it nothing is answered.

    ``aside`` are passages that would have been among the best, and are not or come later, each with the reason in its ``fit``;
    ``missing`` is what the question asks for and they do not have, in words. ``off_topic`` are passages, by id, that speak of
    nothing that the question is about, where others do: alike in all but the subject.
    """

    found: tuple[Found, ...]
    passages: Mapping[str, Passage]
    question_terms: tuple[str, ...]
    confidence: float
    generation: str | None
    as_of: date
    asked: Asked = NOBODY
    aside: tuple[Found, ...] = ()
    missing: tuple[str, ...] = ()
    off_topic: frozenset[str] = frozenset()

    def sources(self, found: Found) -> list[Source]:
        """The sentences of a found passage, ready to be quoted."""
        return [
            Source(found.passage, number, found.head, self.passages, self.as_of)
            for number in range(len(found.passage.sentences))
        ]


def retrieve(
    question: str,
    *,
    library: Library,
    settings: RetrievalSettings,
    filters: Filters,
    as_of: date,
    patient: Patient | None = None,
    site: SiteSettings | None = None,
) -> Retrieval:
    """Passages for ``question``, the best first, at most ``settings.passages``. Raises ``guidelines.errors.LibraryError``."""
    question = spelled_out(question)
    wanted = tuple(terms(question))
    live = library.live()
    if live is None or not live.heads:
        return Retrieval((), {}, wanted, 0.0, None, as_of)
    who = asked(question, patient, filters.population)
    told = f"{question} ({who.told})" if who.told else question
    drugs = asked_drugs(question)
    vector = library.embed_query(told)
    by_all_names = " ".join((told, *(name for drug in drugs for name in drug.names if name != drug.asked)))
    hits = library.search(vector, by_all_names, filters=filters, limit=settings.candidates)
    scores = fuse(dict(hits.dense), dict(hits.bm25), dense_weight=settings.dense_weight)
    best = sorted(scores, key=lambda pid: (-scores[pid], pid))[: max(settings.read, settings.passages)]
    known = library.candidates(best)
    by_words = dict(hits.bm25)
    ranked = read(
        vector,
        wanted,
        drugs,
        [(known[pid], by_words.get(pid, 0.0)) for pid in best if pid in known],
        library=library,
        settings=settings,
        as_of=as_of,
    )
    pairs = twins(live.heads.values())
    place = site or SiteSettings()
    fits = [fit(who.people, item.candidate.section, item.head, pairs, place) for item in ranked]
    kept, moved = sort_out(ranked, fits, limit=settings.passages)
    passages = library.passages([item.candidate.passage_id for item in (*kept, *moved)])
    found, aside = _with_passages(kept, passages), _with_passages(moved, passages)
    elsewhere = {
        lead.passage_id
        for item in found
        for sentence in item.passage.sentences
        for lead in sentence.leads
        if lead.passage_id is not None
    }
    cited = {item.passage.id: item.passage for item in found}
    cited |= library.passages(elsewhere - cited.keys())
    got = Retrieval(found, cited, wanted, 0.0, hits.generation, as_of, who, aside)
    words = asked_words(question, drugs, live.words, library.pieces)
    judged = judge(question, found, words=words, drugs=drugs, sources=got.sources)
    return replace(got, confidence=judged.confidence, missing=judged.missing, off_topic=_off_topic(words, found))


def _off_topic(asked_for: Sequence[AskedWord], found: Sequence[Found]) -> frozenset[str]:
    """Passages, by id, of documents without any technical word of the question, if they have few of the others too."""
    weights = {word.term: word.rarity for word in asked_for}
    subject = {word.term for word in asked_for if word.technical >= TECHNICAL}
    shares = {item.passage.id: weighted_coverage(weights, item.words) for item in found}
    least = OFF_TOPIC * max(shares.values(), default=0.0)
    on_topic = {item.head.id for item in found if not subject.isdisjoint(item.words)}
    return frozenset(
        item.passage.id
        for item in found
        if on_topic and item.head.id not in on_topic and shares[item.passage.id] < least
    )


def _with_passages(items: Sequence[Read], passages: Mapping[str, Passage]) -> tuple[Found, ...]:
    return tuple(
        Found(passage=passage, **{each.name: getattr(item, each.name) for each in fields(_Ranked)})
        for item in items
        if (passage := passages.get(item.candidate.passage_id)) is not None
    )


def sort_out(ranked: Sequence[Read], fits: Sequence[Fit], *, limit: int) -> tuple[tuple[Read, ...], tuple[Read, ...]]:
    """The best ``limit`` passages by score and fit, and those that lost their place among them by their fit.

    What is excluded stays only where nothing else was found.
    """
    fitted = [replace(item, score=item.score * its.factor, fit=its) for item, its in zip(ranked, fits, strict=True)]
    aside = tuple(item for item in fitted[:limit] if item.fit.reason is not None)
    best = sorted(fitted, key=lambda item: -item.score)
    kept = [item for item in best if not item.fit.excluded] or best
    return tuple(kept[:limit]), aside


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
    candidates: list[tuple[Candidate, float]],
    *,
    library: Library,
    settings: RetrievalSettings,
    as_of: date,
) -> tuple[Read, ...]:
    """Order ``candidates``, each with its BM25 score, by what stands in them."""
    live = library.live()
    known = live.heads if live else {}
    heads = [known.get(one.document_id) or library.head(one.document_id) for one, _ in candidates]
    sentences = _cosines(question, [candidate.vectors.sentences for candidate, _ in candidates])
    cosines = [float(candidate.vectors.passage @ question) for candidate, _ in candidates]
    titles = [" ".join((head.title, *c.section)) for head, (c, _) in zip(heads, candidates, strict=True)]
    read_of = {title: _Words.of(title, drugs) for title in set(titles)}
    over = [read_of[title] for title in titles]
    inside = [_Words.of(candidate.text, drugs) for candidate, _ in candidates]
    above = [title.terms for title in over]
    everywhere = [title.terms | text.terms for title, text in zip(over, inside, strict=True)]
    weights_of_terms = rarity(wanted, everywhere)
    on_drug = [not drugs or title.on_drug or text.on_drug for title, text in zip(over, inside, strict=True)]
    features = np.array(
        [
            _spread(cosines),
            _spread([score for _, score in candidates], low=0.0),
            _spread([float(each.max(initial=0.0)) for each in sentences]),
            [coverage(wanted, words) for words in above],
            [weighted_coverage(weights_of_terms, words) for words in everywhere],
        ]
    )
    weights = settings.weights
    total = np.array([weights.dense, weights.bm25, weights.sentence, weights.headings, weights.text]) @ features
    total /= sum(weights.model_dump().values())
    total *= [1.0 if status_on(head, as_of) in (Status.ACTIVE, Status.UNKNOWN) else OUT_OF_FORCE for head in heads]
    total *= [1.0 if same else ANOTHER_DRUG for same in on_drug]
    covered = [coverage(wanted, words) for words in everywhere]
    order = np.argsort(-total, kind="stable").tolist()
    return tuple(
        Read(
            candidate=candidates[i][0],
            head=heads[i],
            score=float(total[i]),
            cosine=cosines[i],
            covered=covered[i],
            on_drug=on_drug[i],
            sentences=sentences[i],
            words=everywhere[i],
        )
        for i in order
    )


@dataclass(frozen=True, slots=True)
class _Words:
    """The ``terms`` of a text; a drug of the question that stands there by another name counts as if by the name asked."""

    terms: frozenset[str]
    on_drug: bool

    @classmethod
    def of(cls, text: str, drugs: tuple[AskedDrug, ...]) -> _Words:
        lower = text.lower() if drugs else ""
        named = [drug.terms for drug in drugs if drug.stands_in(lower)]
        return cls(different_terms(text).union(*named), bool(named))


def _spread(values: list[float], low: float | None = None) -> list[float]:
    """Min-max normalised, 0 to 1; all 1 when they do not differ."""
    if not values:
        return []
    least, most = min(values) if low is None else low, max(values)
    return [(value - least) / (most - least) if most > least else 1.0 for value in values]


def _cosines(question: Vector, passages: Sequence[NDArray[np.int8]]) -> list[NDArray[np.float32]]:
    """The cosines of the sentences of each passage with ``question``."""
    if not passages:
        return []
    matrix = np.concatenate(passages).astype(np.float32)
    norms = np.sqrt(np.einsum("ij,ij->i", matrix, matrix))
    cosines = matrix @ question / np.where(norms > 0, norms, 1.0)
    return np.split(cosines.astype(np.float32), np.cumsum([len(each) for each in passages])[:-1])
