"""Harm: every figure is in the guideline, and yet the dose of one drug stands behind the name of another.

Source: ISMP reports of transposed doses in two-drug regimens and of columns read in the wrong row.

Example: the quote says "amoxicillin 500 mg with metronidazole 400 mg". The claim "metronidazole 400 mg with amoxicillin
500 mg" passes; "amoxicillin 400 mg with metronidazole 500 mg" goes to review.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.grounds import grounds
from checkers.quantities import Quantity
from checkers.types import Finding, Rule, Severity, Subject
from checkers.words import Word, content

_NEXT, _NEAR = 2, 1
"""What it counts to share the word right before a figure, and one of those further away."""
_WORDS = 2
"""Content words that are looked at on each side."""
_MARGIN = 2
"""By how much the surroundings of another figure must fit better."""

Surroundings = tuple[tuple[str, ...], tuple[str, ...]]
"""Stems before a figure, the nearest first, and stems behind it."""


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every figure of the claim that stands where the quote has another figure of its kind."""
    ground = grounds(subject)
    if ground is None:
        return
    quoted = [
        (quantity, surroundings)
        for text, found in zip(ground.quotes, ground.quoted_by_quote, strict=True)
        for quantity, surroundings in zip(found, _surroundings(text, found), strict=True)
    ]
    for claimed, around in zip(ground.claimed, _surroundings(ground.claim, ground.claimed), strict=True):
        if not any(claimed.dimensions):
            continue
        own = [_fit(around, there) for quantity, there in quoted if quantity.keys & claimed.keys]
        others = [
            (_fit(around, there), quantity)
            for quantity, there in quoted
            if quantity.dimensions & claimed.dimensions and not quantity.keys & claimed.keys
        ]
        if not own or not others:
            continue
        fit, other = max(others, key=lambda pair: pair[0])
        if fit >= max(own) + _MARGIN:
            message = (
                f'The quote says "{other.text}" where the claim says "{claimed.text}". Check which belongs to what.'
            )
            at = claimed.start, claimed.end
            yield ground.finding(RULE.id, Severity.REVIEW, message, at, claim=claimed.text, source=other.text)


def _surroundings(text: str, found: list[Quantity]) -> list[Surroundings]:
    """The content words around every figure of ``text`` that are part of no figure themselves."""
    taken = [(quantity.start, quantity.end) for quantity in found]
    words = [word for word in content(text) if not any(start <= word.start < end for start, end in taken)]
    return [_around(words, quantity) for quantity in found]


def _around(words: list[Word], quantity: Quantity) -> Surroundings:
    before = [word.stem for word in words if word.end <= quantity.start][-_WORDS:]
    behind = [word.stem for word in words if word.start >= quantity.end][:_WORDS]
    return tuple(reversed(before)), tuple(behind)


def _fit(one: Surroundings, other: Surroundings) -> int:
    """How much two figures are spoken of in the same words."""
    shared = sum(_NEAR for here, there in zip(one, other, strict=True) for stem in set(here) if stem in there)
    same_word_before = one[0][:1] == other[0][:1] != ()
    return shared + (_NEXT - _NEAR) * same_word_before


RULE = Rule.documented(__doc__, id="grounding-binding", version=1, check=check)
