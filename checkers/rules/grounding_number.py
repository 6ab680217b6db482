"""Harm: a dose, limit, interval or age that no guideline states is read as if one did.

Source: ISMP, Joint Commission: wrong figures, wrong units and lost comparators are the commonest serious dosing errors.
Conversions: BIPM SI Brochure, exact factors only.

Example: the quote says "0.5 g every 12 hours". The claim "500 mg twice daily" passes; "500 mg three times daily", "up to
0.5 g" and "5 g" are blocked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from checkers.grounds import grounds
from checkers.quantities import Key, Quantity
from checkers.types import Finding, Rule, Severity, Subject

_REFERENCE = re.compile(r"\[\d{1,3}(?:\s?[,-]\s?\d{1,3})*\]")
"""Numbers in square brackets point to a list of sources and say nothing about the patient."""

REACHES = {
    "": "exactly",
    "at_least": "at least",
    "more_than": "more than",
    "at_most": "at most",
    "less_than": "less than",
    "within": "within",
    "during": "over",
}


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every number of the claim that does not stand, with its unit and its comparator, in one of the quotes."""
    ground = grounds(subject)
    if ground is None:
        return
    references = {at for match in _REFERENCE.finditer(ground.claim) for at in range(*match.span())}
    quoted = _Quoted(ground.quoted)
    for quantity in ground.claimed:
        if quantity.start in references:
            continue
        if problem := _problem(quantity, quoted):
            severity, message, source = problem
            at = quantity.start, quantity.end
            yield ground.finding(RULE.id, severity, message, at, claim=quantity.text, source=source)


class _Quoted:
    """The quantities of the quotes, each once, by what they may be sought by; always in the order in which they stand."""

    def __init__(self, quantities: Iterable[Quantity]) -> None:
        once = {(q.text.lower(), q.keys, q.reach, q.noun, q.in_words): q for q in quantities}
        self._all = list(once.values())
        self._by_key: dict[Key, list[int]] = {}
        self._by_end: dict[tuple[Fraction | str, str], list[int]] = {}
        self._by_dimension: dict[str, list[int]] = {}
        self._by_figure: dict[str, list[int]] = {}
        for number, quantity in enumerate(self._all):
            for low, high, dimension in quantity.keys:
                self._by_key.setdefault((low, high, dimension), []).append(number)
                for end in {low, high} if low != high else ():
                    self._by_end.setdefault((end, dimension), []).append(number)
            for dimension in quantity.dimensions:
                self._by_dimension.setdefault(dimension, []).append(number)
            for figure in _figures(quantity):
                self._by_figure.setdefault(figure, []).append(number)

    def same(self, claimed: Quantity) -> list[Quantity]:
        """Those of the same size."""
        return self._of(number for key in claimed.keys for number in self._by_key.get(key, ()))

    def ranges(self, claimed: Quantity) -> list[Quantity]:
        """Ranges of which ``claimed`` is one end."""
        ends = [(low, dimension) for low, high, dimension in claimed.keys if low == high]
        return self._of(number for end in ends for number in self._by_end.get(end, ()))

    def alike(self, claimed: Quantity) -> list[Quantity]:
        """The first few that measure the same."""
        return self._of(n for dimension in claimed.dimensions for n in self._by_dimension.get(dimension, ())[:_SHOWN])

    def with_figure(self, claimed: Quantity) -> list[Quantity]:
        """Those written with the same digits."""
        return self._of(number for figure in _figures(claimed) for number in self._by_figure.get(figure, ())[:_SHOWN])

    def _of(self, numbers: Iterable[int]) -> list[Quantity]:
        return [self._all[number] for number in sorted(set(numbers))]


_SHOWN = 3


def _problem(claimed: Quantity, quoted: _Quoted) -> tuple[Severity, str, str | None] | None:
    """What is wrong with a quantity of the claim: how bad, in words, and the nearest words of the quotes."""
    same = [quantity for quantity in quoted.same(claimed) if _counts_the_same(quantity, claimed)]
    if any(quantity.reach == claimed.reach for quantity in same):
        return None
    if same:
        here, there = REACHES[claimed.reach], REACHES[same[0].reach]
        return Severity.BLOCK, f'"{claimed.text}" is {there} in the quote and {here} in the claim.', same[0].text
    if ranges := quoted.ranges(claimed):
        message = f'"{claimed.text}" is one end of a range in the quote: "{ranges[0].text}".'
        return Severity.REVIEW, message, ranges[0].text
    alike, figure = quoted.alike(claimed), quoted.with_figure(claimed)
    if figure and not alike:
        return Severity.BLOCK, f'"{claimed.text}" has another unit in the quote: "{figure[0].text}".', figure[0].text
    source = "; ".join(dict.fromkeys(quantity.text for quantity in alike[:_SHOWN])) or None
    said = f' It says "{source}".' if source else ""
    return Severity.BLOCK, f'"{claimed.text}" stands in no quote, as it is or converted.{said}', source


def _counts_the_same(quoted: Quantity, claimed: Quantity) -> bool:
    """Whether a number in words counts the same on both sides: "three studies" is no ground for "grade 3"."""
    return not (quoted.in_words or claimed.in_words) or claimed.noun == quoted.noun


def _figures(quantity: Quantity) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", quantity.text))


RULE = Rule.documented(__doc__, id="grounding-number", version=1, check=check)
