"""Harm: a dose, limit, interval or age that no guideline states is read as if one did.

Source: ISMP, Joint Commission: wrong figures, wrong units and lost comparators are the commonest serious dosing errors.
Conversions: BIPM SI Brochure, exact factors only.

Example: the quote says "0.5 g every 12 hours". The claim "500 mg twice daily" passes; "500 mg three times daily", "up to
0.5 g" and "5 g" are blocked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkers.grounds import grounds
from checkers.quantities import Quantity
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
    references = [match.span() for match in _REFERENCE.finditer(ground.claim)]
    for quantity in ground.claimed:
        if any(start <= quantity.start < end for start, end in references):
            continue
        if problem := _problem(quantity, ground.quoted):
            severity, message, source = problem
            at = quantity.start, quantity.end
            yield ground.finding(RULE.id, severity, message, at, claim=quantity.text, source=source)


def _problem(claimed: Quantity, quoted: list[Quantity]) -> tuple[Severity, str, str | None] | None:
    """What is wrong with a quantity of the claim: how bad, in words, and the nearest words of the quotes."""
    same = [quantity for quantity in quoted if quantity.keys & claimed.keys and _counts_the_same(quantity, claimed)]
    if any(quantity.reach == claimed.reach for quantity in same):
        return None
    if same:
        here, there = REACHES[claimed.reach], REACHES[same[0].reach]
        return Severity.BLOCK, f'"{claimed.text}" is {there} in the quote and {here} in the claim.', same[0].text
    for quantity in quoted:
        if claimed.end_of(quantity):
            return (
                Severity.REVIEW,
                f'"{claimed.text}" is one end of a range in the quote: "{quantity.text}".',
                quantity.text,
            )
    alike = [quantity for quantity in quoted if quantity.dimensions & claimed.dimensions]
    figure = [quantity for quantity in quoted if _figures(quantity) & _figures(claimed)]
    if figure and not alike:
        return Severity.BLOCK, f'"{claimed.text}" has another unit in the quote: "{figure[0].text}".', figure[0].text
    source = "; ".join(dict.fromkeys(quantity.text for quantity in alike[:3])) or None
    said = f' It says "{source}".' if source else ""
    return Severity.BLOCK, f'"{claimed.text}" stands in no quote, as it is or converted.{said}', source


def _counts_the_same(quoted: Quantity, claimed: Quantity) -> bool:
    """Whether a number in words counts the same on both sides: "three studies" is no ground for "grade 3"."""
    return not (quoted.in_words or claimed.in_words) or claimed.noun == quoted.noun


def _figures(quantity: Quantity) -> set[str]:
    return set(re.findall(r"\d+(?:\.\d+)?", quantity.text))


RULE = Rule.documented(__doc__, id="grounding-number", version=1, check=check)
