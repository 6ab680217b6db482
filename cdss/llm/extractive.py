"""The backend without a model: its claims are sentences of the guidelines, chosen for the question.

A sentence is chosen by what it means (its vector against the question's), by the question's words that stand in it or in
the words it leans on, by how well its passage was ranked, and, where the question asks for a figure, by whether it has one
of that kind. It is never rewritten: list items come under the line that opens their list, table cells under their headers,
and a sentence that limits the one before it ("However, ...") comes with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz import fuzz

from cdss.retrieve import Found, Retrieval
from cdss.sources import Source
from cdss.terms import coverage, terms
from checkers.types import Claim, Draft, Quote
from guidelines.types import SentenceKind

CLAIMS = 5
"""A clinician reads five lines; a sixth is a page."""
CLAIM_CHARS = 420
"""Neighbouring sentences are told together up to here."""
SAME_WORDS = 92
"""Two sentences this alike (of 100) say the same thing: the second one is not worth a line."""

_NUMBER = r"(?:\d|\bhalf\b|\bone\b|\btwo\b|\bthree\b|\bfour\b|\bfive\b|\bsix\b|\bseven\b|\bten\b|\bonce\b|\btwice\b)"
_FIGURES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked, re.I), re.compile(given, re.I))
    for asked, given in (
        (
            r"\bdos(?:e|es|age|ing)\b|\bhow (?:much|many)\b|\b(?:mg|mcg|ml|units|joules|amount|volume|rate|strength)\b",
            r"\d\s*(?:mg|mcg|µg|μg|g|ml|mL|units?|iu|mu|mmol|meq|joules?|j|l|litres?|liters?|tablets?|capsules?|puffs?|drops?|%)\b",
        ),
        (
            r"\bhow long\b|\bduration\b|\bhow many (?:days|weeks|months|hours)\b|\bcourse\b|\blength\b",
            rf"{_NUMBER}[^.]{{0,12}}\b(?:days?|weeks?|months?|years?|hours?|minutes?|min)\b",
        ),
        (
            r"\bhow often\b|\binterval\b|\bfrequen|\btimes (?:a|per) day\b|\bspac",
            r"\b(?:every|daily|hourly|once|twice|times|per day|a day|q\d|bd|tds|qds|min|minutes|hours)\b",
        ),
        (
            r"\bat what\b|\bwhat (?:level|value|age|temp\w*|sat\w*|rate|bp|range|weight|size|number|score|percent\w*)\b"
            r"|\bthreshold\b|\bcut-?off\b|\btarget\b|\bhow (?:high|low|old|far|soon|late|early)\b"
            r"|\bmax(?:imum)?\b|\blimit\b|\bmin(?:imum)?\b",
            r"\d",
        ),
    )
)
_LIMITS_THE_LAST = re.compile(
    r"(?i)(?:however|except|unless|but\b|do not exceed|not exceed|maximum|max\b|the maximum|if not|otherwise|only if|provided)"
)


@dataclass(frozen=True, slots=True)
class _Pick:
    found: Found
    source: Source
    text: str
    score: float


class Extractive:
    """Needs no model, no network and no time: the embedded default, and what is left when a model is down."""

    name: str = "extractive"
    model: str | None = None

    def draft(self, question: str, retrieval: Retrieval) -> Draft:
        """At most ``CLAIMS`` claims, the best first, each a sentence or a few neighbouring ones with all they lean on."""
        figures = [given for asked, given in _FIGURES if asked.search(question)]
        picks = sorted(
            (pick for found in retrieval.found for pick in _score(found, retrieval, figures)),
            key=lambda pick: -pick.score,
        )
        chosen: list[_Pick] = []
        for pick in picks:
            if len(chosen) == CLAIMS or (chosen and pick.score < 0.55 * chosen[0].score):
                break
            if all(fuzz.ratio(pick.text, other.text) < SAME_WORDS for other in chosen):
                chosen.append(pick)
        claims = tuple(_claim(n, pick) for n, pick in enumerate(chosen, 1))
        return Draft(claims=claims, backend=self.name)


def _score(found: Found, retrieval: Retrieval, figures: list[re.Pattern[str]]) -> list[_Pick]:
    around = set(terms(" ".join((found.head.title, *found.passage.section))))
    picks = []
    for source, cosine in zip(retrieval.sources(found), found.sentences, strict=True):
        if found.passage.sentences[source.number].kind in (SentenceKind.HEADER, SentenceKind.CAPTION):
            continue
        text = source.text()
        words = set(terms(text))
        if len(words) < 2:
            continue
        own = coverage(retrieval.question_terms, words, {})
        wide = coverage(retrieval.question_terms, words | around, {})
        score = 0.35 * float(cosine) + 0.25 * found.score + 0.25 * own + 0.15 * wide
        if figures:
            score += 0.15 * sum(given.search(text) is not None for given in figures) / len(figures)
        picks.append(_Pick(found, source, text, score))
    return picks


def _claim(number: int, pick: _Pick) -> Claim:
    text, quotes = pick.text, list(pick.source.quotes())
    sentences = pick.found.passage.sentences
    after = pick.source.number + 1
    if after < len(sentences) and sentences[after].kind is sentences[after - 1].kind is SentenceKind.PROSE:
        source = Source(pick.found.passage, after, pick.found.head, pick.source.passages, pick.source.as_of)
        more = source.text()
        if _LIMITS_THE_LAST.match(more) and len(text) + len(more) < CLAIM_CHARS:
            text = f"{text} {more}"
            quotes += source.quotes()
    unique: dict[tuple[str, int], Quote] = {}
    for quote in quotes:
        if quote.citation is not None:
            unique[quote.citation.passage_id, quote.citation.start] = quote
    return Claim(id=f"c{number}", text=text, quotes=tuple(unique.values()))
