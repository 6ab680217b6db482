"""Harm: every figure is in the guideline, and yet the dose or the use of one drug stands behind the name of another.

Source: ISMP reports of transposed doses in two-drug regimens and of columns read in the wrong row.

Example: the quote says "amoxicillin 500 mg with metronidazole 400 mg". The claim "metronidazole 400 mg with amoxicillin
500 mg" passes; "amoxicillin 400 mg with metronidazole 500 mg" goes to review.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from checkers.grounds import Clause, Grounds, grounds
from checkers.names import drugs
from checkers.polarity import opposites_of
from checkers.quantities import Key, Quantity, quantities
from checkers.types import Finding, Rule, Severity, Subject
from checkers.words import content, neutral_stems, stem

_NEXT, _NEAR = 2, 1
"""What it counts to share the word right before a figure, and one of those further away."""
_WORDS = 2
"""Content words that are looked at on each side."""
_MARGIN = 2
"""By how much the surroundings of another figure must fit better."""
_COMMON, _NEAREST = 60, 20
"""Places of one word or figure that are looked at, and parts of the quotes that may be near one: both bound the work."""

Surroundings = tuple[tuple[str, ...], tuple[str, ...]]
"""Stems before a figure, the nearest first, and stems behind it."""


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every figure that stands where the quote has another one, and every clause that says of one drug what the
    quote says of others only."""
    ground = grounds(subject)
    if ground is None or ground.is_verbatim:
        return
    yield from _of_other_drugs(ground)
    yield from _of_other_parts(ground)
    named = {word.stem for text in ground.quotes for word in drugs(text)}
    untold = frozenset(named) if len(named) == 1 else frozenset()
    quoted = [
        (quantity, surroundings)
        for text, found in zip(ground.quotes, ground.quoted_by_quote, strict=True)
        for quantity, surroundings in zip(found, _surroundings(text, found, untold), strict=True)
    ]
    with_key: dict[Key, list[Surroundings]] = {}
    with_word: dict[tuple[int, str], list[tuple[Quantity, Surroundings]]] = {}
    for quantity, there in quoted:
        for key in quantity.keys:
            with_key.setdefault(key, []).append(there)
        for side, words in enumerate(there):
            for word in dict.fromkeys(words):
                with_word.setdefault((side, word), []).append((quantity, there))
    for claimed, around in zip(ground.claimed, _surroundings(ground.claim, ground.claimed, untold), strict=True):
        if not any(claimed.dimensions):
            continue
        own = [_fit(around, there) for key in claimed.keys for there in with_key.get(key, ())[:_COMMON]]
        if not own or max(own) + _MARGIN > _fit(around, around):
            continue  # nothing else can fit better by so much
        others = [
            (_fit(around, there), quantity)
            for side, words in enumerate(around)
            for word in words
            for quantity, there in with_word.get((side, word), ())[:_COMMON]
            if quantity.dimensions & claimed.dimensions and not quantity.keys & claimed.keys
        ]
        if not others:
            continue
        fit, other = max(others, key=lambda pair: pair[0])
        if fit >= max(own) + _MARGIN:
            message = (
                f'The quote says "{other.text}" where the claim says "{claimed.text}". Check which belongs to what.'
            )
            at = claimed.start, claimed.end
            yield ground.finding(RULE.id, Severity.REVIEW, message, at, claim=claimed.text, source=other.text)


def _of_other_drugs(ground: Grounds) -> Iterator[Finding]:
    """A word beside one drug that the quotes have beside other drugs only."""
    quoted = ground.quoted_clauses
    last = {drug: at for at, one in enumerate(quoted) for drug in one.drugs}
    beside = {word: _beside([quoted[at] for at in found]) for word, found in ground.with_stem.items()}
    for clause in ground.clauses:
        home = max((last[drug] for drug in clause.drugs if drug in last), default=None)
        if home is None:
            continue
        free = neutral_stems() | ground.asked_stems | clause.drugs
        opening = frozenset[str]().union(*map(_opening, quoted[max(0, home - _OPENINGS) : home]))
        free |= {one for one in opening if quoted[home].stems.isdisjoint(map(stem, opposites_of(one)))}
        for word in content(clause.text):
            others = beside.get(word.stem, frozenset())
            if word.stem in free or not others or others & clause.drugs:
                continue
            source = quoted[ground.with_stem[word.stem][0]]
            of = next((name.text for name in drugs(source.text)), "another drug")
            message = f'The quote says "{word.text}" of {of}. Check which belongs to what.'
            span = clause.start + word.start, clause.start + word.end
            yield ground.finding(RULE.id, Severity.REVIEW, message, span, claim=clause.text, source=source.text)
            break


def _beside(clauses: list[Clause]) -> frozenset[str]:
    """The drugs of ``clauses``; none if one of them speaks of no drug, and so of any."""
    return frozenset[str]().union(*(one.drugs for one in clauses)) if all(one.drugs for one in clauses) else frozenset()


_OPENINGS = 4
"""Clauses before a drug's own: what opens a sentence may hold for the drugs that come later in it."""


@lru_cache(maxsize=4096)
def _opening(clause: Clause) -> frozenset[str]:
    """The stems of what stands before the first drug and the first figure of ``clause``."""
    starts = [*(name.start for name in drugs(clause.text)), *(figure.start for figure in quantities(clause.text))]
    return frozenset(word.stem for word in content(clause.text[: min(starts, default=0)]))


def _of_other_parts(ground: Grounds) -> Iterator[Finding]:
    """A figure of one part of the quotes among the words of another, which has its own: "5 mg by day; 10 mg by night"."""
    quoted = _Quoted(ground)
    for clause in ground.parts:
        said = _Part(clause)
        near = [(part, _first_of_each_kind(part, said)) for part in quoted.near(said)]
        for figure in said.figures:
            home = quoted.home(figure)
            if home is None:
                continue
            for part, kinds in near:
                own = min(
                    (kinds[kind] for kind in _kinds(figure) if kind in kinds), key=lambda q: q.start, default=None
                )
                if own is not None and not figure.keys & part.keys and home.lacks(said, part, ground):
                    message = f'The quote says "{own.text}" where the claim says "{figure.text}". Check which belongs to what.'
                    span = clause.start + figure.start, clause.start + figure.end
                    evidence = {"claim": clause.text, "source": part.clause.text}
                    yield ground.finding(RULE.id, Severity.REVIEW, message, span, **evidence)
                    return


@dataclass(frozen=True)
class _Part:
    """A part of the claim or of a quote with its figures; ``at`` counts those of the quotes."""

    clause: Clause
    at: int = 0

    @cached_property
    def figures(self) -> tuple[Quantity, ...]:
        return quantities(self.clause.text)

    @cached_property
    def keys(self) -> frozenset[Key]:
        return frozenset(key for figure in self.figures for key in figure.keys)


@dataclass(frozen=True, slots=True)
class _Home:
    """All parts that have a figure: from which on, with which words and with which figures besides."""

    first: int
    stems: frozenset[str]
    keys: frozenset[Key]

    def lacks(self, said: _Part, part: _Part, ground: Grounds) -> bool:
        """Whether the claim's part has words or figures of ``part`` that are not at home with the figure.

        What opens a sentence before its first figure may hold for all that follows.
        """
        words = (said.clause.stems & part.clause.stems) - self.stems - neutral_stems() - ground.asked_stems
        if part.at < self.first:
            words -= _opening(part.clause)
        figures = [q for q in said.figures if q.keys & part.keys and not q.keys & self.keys]
        return len(words) + _WORDS * len(figures) >= _WORDS


class _Quoted:
    """The parts of the quotes, to be found by what is in them."""

    def __init__(self, ground: Grounds) -> None:
        self._parts = [_Part(clause, at) for at, clause in enumerate(ground.quoted_parts)]
        self._with: dict[object, list[int]] = {}
        for part in self._parts:
            for item in (*part.clause.stems, *part.keys):
                self._with.setdefault(item, []).append(part.at)
        self._homes: dict[frozenset[Key], _Home | None] = {}

    def near(self, said: _Part) -> list[_Part]:
        """The parts that share most with ``said``. What stands in very many of them tells none from another."""
        shared = Counter(at for item in (*said.clause.stems, *said.keys) for at in self._with.get(item, ())[:_COMMON])
        return [self._parts[at] for at, _ in shared.most_common(_NEAREST)]

    def home(self, figure: Quantity) -> _Home | None:
        """Where ``figure`` stands in the quotes; ``None`` if nowhere."""
        if figure.keys not in self._homes:
            places = sorted({at for key in figure.keys for at in self._with.get(key, ())})
            parts = [self._parts[at] for at in places]
            self._homes[figure.keys] = (
                _Home(
                    places[0],
                    frozenset[str]().union(*(part.clause.stems for part in parts)),
                    frozenset[Key]().union(*(part.keys for part in parts)),
                )
                if places
                else None
            )
        return self._homes[figure.keys]


def _first_of_each_kind(part: _Part, said: _Part) -> dict[tuple[str, str], Quantity]:
    """The first figure of each kind of ``part`` that ``said`` has nowhere. A number in words stands in no figure's place."""
    firsts: dict[tuple[str, str], Quantity] = {}
    for figure in part.figures:
        if not figure.in_words and not figure.keys & said.keys:
            for kind in _kinds(figure):
                firsts.setdefault(kind, figure)
    return firsts


def _kinds(figure: Quantity) -> Iterator[tuple[str, str]]:
    """Two figures that share one could stand in each other's place: of one dimension, or both a bare number or range."""
    return ((dimension, figure.noun) for dimension in figure.dimensions)


def _surroundings(text: str, found: tuple[Quantity, ...], untold: frozenset[str]) -> list[Surroundings]:
    """The content words around every figure of ``text`` that are part of no figure themselves.

    ``untold`` is the only drug that the quotes name: it tells no figure from another.
    """
    taken = {at for quantity in found for at in range(quantity.start, quantity.end)}
    words = [word for word in content(text) if word.start not in taken and word.stem not in untold]
    starts = [word.start for word in words]
    made = []
    for quantity in found:
        first, last = bisect_left(starts, quantity.start), bisect_left(starts, quantity.end)
        before = tuple(word.stem for word in reversed(words[max(0, first - _WORDS) : first]))
        made.append((before, tuple(word.stem for word in words[last : last + _WORDS])))
    return made


def _fit(one: Surroundings, other: Surroundings) -> int:
    """How much two figures are spoken of in the same words."""
    shared = sum(_NEAR for here, there in zip(one, other, strict=True) for word in set(here) if word in there)
    same_word_before = one[0][:1] == other[0][:1] != ()
    return shared + (_NEXT - _NEAR) * same_word_before


RULE = Rule.documented(__doc__, id="grounding-binding", version=2, check=check)
