"""What the section of a claim says to limit it, and the answer does not: the sentences that would complete it.

Source: ``data/limits.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from checkers.fold import BREAK, fold
from checkers.names import drugs
from checkers.polarity import negations
from checkers.quantities import Key, quantities
from checkers.remember import remembered
from checkers.tables import any_of, table
from checkers.types import Claim
from checkers.words import content, stem, words
from guidelines.types import Passage, SentenceKind

KINDS = ("contraindication", "maximum", "exception", "monitoring")
"""The gravest first."""
MOST = 3
"""Limits of one claim that are asked for. A page of warnings read out with every dose would not be read."""
SAID = 0.6
"""Share of a sentence's content words that must have been told, with all its figures, for it to count as said."""
NEAR = 2
"""A sentence that opens without naming its drug speaks of the one named so many sentences before, or fewer."""
_GIVEN = frozenset(stem(word) for word in ("give", "start", "inject", "infuse", "inhale", "repeat"))
_DOSES = (
    "mass", "volume", "units", "amount", "equivalents", "activity", "tablets", "capsules", "puffs", "drops", "million"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Omission:
    """Sentence ``number`` (from 0) of a passage, which limits a treatment in one of the ``KINDS``."""

    passage_id: str
    number: int
    kind: str
    text: str


def omissions(claim: Claim, passages: Mapping[str, Passage], told: Iterable[str]) -> list[Omission]:
    """The gravest limits of the treatment that ``claim`` recommends, in its own section, as far as ``told`` lacks them.

    ``told`` is all that the reader has seen, the claim itself included. At most ``MOST``.
    """
    given = recommended(claim.text)
    if not given:
        return []
    doses = _doses(_plain(claim.text))
    found: dict[tuple[str, int], Omission] = {}
    for passage, start in _places(claim, passages):
        for other in passages.values():
            if (other.document_id, other.section) == (passage.document_id, passage.section):
                for limit in _limits_in(other, start if other.id == passage.id else None, given, doses):
                    found.setdefault((limit.passage_id, limit.number), limit)
    quoted = {(passage.id, _home(passage, start)) for passage, start in _places(claim, passages)}
    open_ = [limit for home, limit in found.items() if home not in quoted]
    gravest = sorted(open_, key=lambda limit: KINDS.index(limit.kind))[:MOST]
    said = _Told(told)
    return [limit for limit in gravest if not said.has(limit.text)]


class _Told:
    """What the reader has seen: content words by stem, and figures."""

    def __init__(self, told: Iterable[str]) -> None:
        plain = [_plain(text) for text in told]
        self._stems = {word.stem for text in plain for word in content(text)}
        self._figures: set[Key] = {key for text in plain for quantity in quantities(text) for key in quantity.keys}

    def has(self, text: str) -> bool:
        """Whether ``text`` adds nothing, neither words nor a figure."""
        stems = {word.stem for word in content(text)}
        if len(stems & self._stems) < SAID * len(stems):
            return False
        return all(quantity.keys & self._figures for quantity in quantities(text))


def _limits_in(passage: Passage, start: int | None, given: frozenset[str], doses: frozenset[Key]) -> Iterator[Omission]:
    home = None if start is None else _home(passage, start)
    for number, sentence in enumerate(passage.sentences):
        if number == home or sentence.kind not in (SentenceKind.PROSE, SentenceKind.ITEM):
            continue
        text = _plain(passage.sentence_text(number))
        leads = [_plain(passage.text[lead.start : lead.end]) for lead in sentence.leads if lead.passage_id is None]
        whole = " ".join((*leads, text))
        kind = _kind(whole)
        if kind is None or not content(text):
            continue
        own = _doses(text)
        if kind == "maximum" and own and not own & doses:
            continue  # an order of its own, for others or by another way: the maximum is that order's
        named = next(filter(None, map(_drugs, (text, *reversed(leads)))), frozenset[str]())
        near = home is not None and 0 < number - home <= NEAR and _GOES_ON.match(text) is not None
        if named & given if named else near:
            yield Omission(passage.id, number, kind, text)


_GOES_ON = re.compile(
    r"(?:it|this|these|they|maximum|max|contraindicat\w+|not recommended|do not (?:exceed|use|give|administer)|never exceed"
    r"|avoid (?:in|if|with|during|when)|(?:use with )?caution|reduce|halve|adjust"
    r"|monitor (?:\w+ )?(?:levels?|function|concentrations?))\b",
    re.IGNORECASE,
)
"""How a sentence opens that goes on about the drug of the one before."""


def _places(claim: Claim, passages: Mapping[str, Passage]) -> Iterator[tuple[Passage, int]]:
    for quote in claim.quotes or ():
        if quote.citation is not None and (passage := passages.get(quote.citation.passage_id)) is not None:
            yield passage, quote.citation.start


def _home(passage: Passage, start: int) -> int | None:
    return next((n for n, sentence in enumerate(passage.sentences) if sentence.start <= start < sentence.end), None)


@remembered()
def recommended(text: str) -> frozenset[str]:
    """The drugs, by stem, that ``text`` tells somebody to give: by a verb, or by a dose; not those it warns of."""
    found: set[str] = set()
    last: frozenset[str] = frozenset()
    for part in _PARTS.split(_plain(text)):
        last = _drugs(part) or last
        dosed = any(_is_dose(dimension) for quantity in quantities(part) for dimension in quantity.dimensions)
        told = any(word.stem in _GIVEN for word in words(part)) and not negations(part)
        if dosed or told:
            found |= last
    return frozenset(found)


_PARTS = re.compile(r"(?<=[.;!?])\s")


@remembered()
def _drugs(text: str) -> frozenset[str]:
    return frozenset(word.stem for word in drugs(text))


_MAXIMUM = re.compile(r"\b(?:max|maximum|exceed)\b[^.;,]{0,60}$", re.IGNORECASE)
"""What stands before a figure that is a limit: "the maximum of gentamicin is"."""


@remembered()
def _doses(text: str) -> frozenset[Key]:
    """The doses that ``text`` tells to give, without those that are only a limit."""
    return frozenset(
        key
        for quantity in quantities(text)
        if quantity.reach not in ("at_most", "less_than") and not _MAXIMUM.search(text[: quantity.start])
        for key in quantity.keys
        if _is_dose(key[2])
    )


def _is_dose(dimension: str) -> bool:
    return dimension.startswith(_DOSES) and "/volume" not in dimension


def _plain(text: str) -> str:
    return fold(text).text.replace(BREAK, "")


@remembered()
def _kind(text: str) -> str | None:
    match = _limits().search(_headings().sub(" ", text))
    return match.lastgroup if match else None


@cache
def _limits() -> re.Pattern[str]:
    alternatives = "|".join(f"(?P<{kind}>{any_of(table('limits')[kind]['phrases'])})" for kind in KINDS)
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])", re.IGNORECASE)


@cache
def _headings() -> re.Pattern[str]:
    return re.compile(any_of(table("limits")["headings"]["phrases"]), re.IGNORECASE)
