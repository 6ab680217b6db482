"""The backend without a model: its claims are sentences of the guidelines, chosen for the question.

A sentence is chosen by what it means (its vector against the question's), by the question's words that stand in it or in
the words it leans on, by how well its passage was ranked, and, where the question asks for a figure, by whether it has one
of that kind. It is never rewritten: list items come under the line that opens their list, table cells under their headers,
and a sentence that limits the one before it ("However, ...") comes with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from cdss.applicability import FOR_OTHERS, fits_sentence
from cdss.drugs import drugs_in
from cdss.llm.backend import AtOnce
from cdss.retrieve import Found, Retrieval
from cdss.sizes import worked_for
from cdss.sources import Source, fold
from cdss.terms import coverage, terms
from checkers.types import Claim, Draft
from guidelines.types import SentenceKind

CLAIMS = 5
"""A clinician reads five lines; a sixth is a page."""
CLAIM_CHARS = 420
"""Neighbouring sentences are told together up to here."""
SAME_WORDS = 92
"""Two sentences this alike (of 100) say the same thing: the second one is not worth a line."""
WORTH = 0.65
"""A sentence that scores less than this share of the best one is not told at all."""
WORKED_EXAMPLE = 0.85
"""Factor on a row for one exact weight, when nobody's weight is known: the rule that it was worked out by comes first."""
OF_ITSELF = 0.6
"""Factor on a sentence of which the document itself is the subject: it says what the page is for, nothing of the patient."""
_ITSELF = re.compile(r"\bthis (?:page|document|summary|leaflet|booklet|chapter|web ?site)\b", re.IGNORECASE)
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_ENDS = (".", ";", ":", ",", "!", "?")

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


@dataclass(frozen=True)
class _Pick:
    """A sentence that may be told: ``own`` its own words, ``text`` with what it leans on."""

    found: Found
    source: Source
    own: str
    text: str
    score: float
    suits: bool

    @cached_property
    def drugs(self) -> frozenset[str]:
        """The drugs that its own words name."""
        return drugs_in(self.own)

    @property
    def home(self) -> tuple[str, int]:
        return self.found.passage.id, self.source.number

    def joins(self, other: _Pick) -> bool:
        """Whether the two are told in one breath: neighbours in prose, or items under the same line of the same list.

        What is for others stands apart from what is for those asked about.
        """
        if self.found.passage.id != other.found.passage.id or self.suits is not other.suits:
            return False
        mine, its = (pick.found.passage.sentences[pick.source.number] for pick in (self, other))
        if mine.kind is not its.kind or mine.kind is SentenceKind.ROW:
            return False
        near = abs(self.source.number - other.source.number) == 1
        return mine.leads == its.leads and (near or bool(mine.leads))


class Extractive(AtOnce):
    """Needs no model, no network and no time: the embedded default, and what is left when a model is down."""

    name = "extractive"

    def draft(self, question: str, retrieval: Retrieval) -> Draft:
        """At most ``CLAIMS`` claims, the best first, each a sentence or a few that belong together, with all they lean on."""
        figures = [given for asked, given in _FIGURES if asked.search(question)]
        picks = sorted(
            (
                pick
                for found in retrieval.found
                if found.passage.id not in retrieval.off_topic
                for pick in _score(found, retrieval, figures)
            ),
            key=lambda pick: -pick.score,
        )
        if (weight := retrieval.asked.size.weight_kg) is not None:
            picks = _without_other_weights(picks, weight)
        groups: list[list[_Pick]] = []
        for pick in picks:
            if groups and pick.score < WORTH * groups[0][0].score:
                break
            if any(_says_the_same(pick, other) for group in groups for other in group):
                continue
            home = next((group for group in groups if _fits(pick, group)), None)
            if home is not None:
                home.append(pick)
            elif len(groups) < CLAIMS:
                groups.append([pick])
        claims = tuple(_claim(number, group) for number, group in enumerate(groups, 1))
        return Draft(claims=claims, backend=self.name)


def _without_other_weights(picks: list[_Pick], weight_kg: float) -> list[_Pick]:
    """Of the rows that are worked out for one weight each, the nearest of every passage: two beside each other are mistaken."""
    worked = {pick.home: kg for pick in picks if (kg := worked_for(pick.text)) is not None}
    nearest: dict[str, float] = {}
    for (passage, _), kg in worked.items():
        nearest[passage] = min(nearest.get(passage, kg), kg, key=lambda each: abs(each - weight_kg))
    return [pick for pick in picks if worked.get(pick.home) in (None, nearest.get(pick.home[0]))]


def _score(found: Found, retrieval: Retrieval, figures: list[re.Pattern[str]]) -> list[_Pick]:
    around = set(terms(" ".join((found.head.title, *found.passage.section))))
    numbers = {(sentence.start, sentence.end): n for n, sentence in enumerate(found.passage.sentences)}
    openers = {
        numbers[lead.start, lead.end]
        for sentence in found.passage.sentences
        for lead in sentence.leads
        if lead.passage_id is None and (lead.start, lead.end) in numbers
    }
    picks = []
    for source in retrieval.sources(found):
        sentence = found.passage.sentences[source.number]
        if sentence.kind in (SentenceKind.HEADER, SentenceKind.CAPTION) or source.number in openers:
            continue  # a line that opens a list says nothing without it, and comes with each of its items
        over = [numbers[lead.start, lead.end] for lead in sentence.leads if (lead.start, lead.end) in numbers]
        cosine = found.sentences[source.number]
        if over:
            cosine = max(cosine, (cosine + max(found.sentences[n] for n in over)) / 2)
        text = source.text()
        words = set(terms(text))
        if len(words) < 2:
            continue
        own = coverage(retrieval.question_terms, words)
        wide = coverage(retrieval.question_terms, words | around)
        score = 0.35 * float(cosine) + 0.25 * found.score + 0.25 * own + 0.15 * wide
        if figures:
            score += 0.15 * sum(given.search(text) is not None for given in figures) / len(figures)
        suits = fits_sentence(retrieval.asked, text)
        score *= 1.0 if suits else FOR_OTHERS
        if retrieval.asked.size.weight_kg is None and worked_for(text) is not None:
            score *= WORKED_EXAMPLE
        if _ITSELF.search(text):
            score *= OF_ITSELF
        picks.append(_Pick(found, source, fold(source.quotes()[-1].quote), text, score, suits))
    return picks


def _says_the_same(pick: _Pick, other: _Pick) -> bool:
    """Rows for two ages are worded alike and say two things: with other figures it is never the same."""
    if pick.own in other.own:
        return True
    return _figures(pick.text) == _figures(other.text) and fuzz.ratio(pick.text, other.text) > SAME_WORDS


def _figures(text: str) -> list[str]:
    return _DIGITS.findall(text)


def _fits(pick: _Pick, group: list[_Pick]) -> bool:
    """Whether the group stays one short claim with this sentence in it, and about the same drugs: a choice of two is not an
    order for both, and one that does not suit the patient must not take the other with it."""
    length = len(group[0].text) + sum(len(other.own) for other in group[1:]) + len(pick.own)
    same_drugs = len({other.drugs for other in (*group, pick) if other.drugs}) < 2
    return length <= CLAIM_CHARS and any(pick.joins(other) for other in group) and same_drugs


def _claim(number: int, group: list[_Pick]) -> Claim:
    """The group in the order of its document: what it leans on once, then each sentence."""
    first, *rest = sorted(group, key=lambda pick: pick.source.number)
    text, quotes = first.text, list(first.source.quotes())
    for pick in rest:
        text += f"{'' if text.endswith(_ENDS) else ';'} {pick.own}"
        quotes.append(pick.source.quotes()[-1])
    limit = _limit_after((rest or [first])[-1])
    if limit is not None and len(text) + len(limit.text()) <= CLAIM_CHARS:
        text += f" {limit.text()}"
        quotes += limit.quotes()
    return Claim(id=f"c{number}", text=text, quotes=tuple(dict.fromkeys(quotes)))


def _limit_after(pick: _Pick) -> Source | None:
    """The next sentence of the passage, if it limits this one: then neither is told without the other."""
    sentences, after = pick.found.passage.sentences, pick.source.number + 1
    if after == len(sentences) or not sentences[after].kind is sentences[after - 1].kind is SentenceKind.PROSE:
        return None
    source = Source(pick.found.passage, after, pick.found.head, pick.source.passages, pick.source.as_of)
    return source if _LIMITS_THE_LAST.match(source.text()) else None
