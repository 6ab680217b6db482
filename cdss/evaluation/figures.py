"""Figures in an answer: the one that was asked for, and one of the same kind that contradicts it.

Figures are compared as the rules compare them (``checkers.quantities``): 0.5 mg is 500 micrograms, one week is 7 days, twice
daily is every 12 hours, and nothing is multiplied out.

A sentence contradicts a gold figure when it speaks of what was asked about, does not give that figure, and gives a quantity of
the same kind: of the same dimension, reaching as far ("within 4 hours" is no answer to "for how many hours"), a time by the
clock, by the calendar or in years. Where a drug was asked about, an
amount counts only if it is a dose of that drug (a body weight is none), and anything else only if the sentence is not about
doses of other drugs alone. One end of a gold range, and a figure that the case lists as right beside it, contradict nothing,
nor does a number without a unit, which is of no kind. A dose for another illness, another age or another route does contradict:
whoever takes it for the answer gives a wrong dose, however true the sentence is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checkers.dosing.drugs import find_drugs
from checkers.fold import fold
from checkers.quantities import Key, Quantity, quantities
from checkers.sentences import sentences
from checkers.types import Dose

_AMOUNTS = frozenset(
    "mass|volume|units|amount|equivalents|phenytoin equivalents|tablets|capsules|puffs|inhalations|sprays|drops".split(
        "|"
    )
)
"""Dimensions in which a dose is given, alone or per something."""


def read_figure(text: str) -> Quantity:
    """The one quantity that ``text`` is; ``ValueError`` if it is none, or more than one."""
    found = quantities(fold(text).text)
    if len(found) != 1:
        said = ", ".join(quantity.text for quantity in found) or "none"
        raise ValueError(f"a figure is one number or range with its unit; {text!r} is read as {said}")
    return found[0]


def stands_in(figure: Quantity, text: str) -> bool:
    """Whether ``text`` gives ``figure``, as it is or converted exactly."""
    return any(figure.keys & quantity.keys for quantity in quantities(fold(text).text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What figures a case asks for. ``about`` are words, ``gold_text`` is what stands in the places that answer."""

    figures: tuple[Quantity, ...]
    also: tuple[Quantity, ...]
    about: tuple[str, ...]
    gold_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one sentence says of the asked figures: whether it gives one, or the figures in it that contradict them."""

    gives: bool
    contradicting: tuple[str, ...]


def said(text: str, doses: Sequence[Dose], asked: Asked) -> Iterator[Said]:
    """For every sentence of a claim, in its order; ``doses`` are those that were read out of it."""
    in_gold = quantities(fold(asked.gold_text).text)
    drugs = {mention.ingredient for word in asked.about for mention in find_drugs(word) if mention.ingredient}
    for start, end in sentences(text):
        sentence = text[start:end]
        given = quantities(fold(sentence).text)
        here = [dose for dose in doses if start <= dose.span[0] < end]
        speaks = not asked.about or any(word.lower() in sentence.lower() for word in asked.about)
        if drugs:
            of_asked = any(_is_of(dose, drugs) for dose in here)
            speaks = of_asked or (speaks and all(dose.drug is None for dose in here))
            here = [dose for dose in here if _is_of(dose, drugs) or (dose.drug is None and not of_asked)]
        of_drug = {key for dose in here for key in _keys(text[slice(*dose.span)])}
        found: dict[str, None] = {}
        for figure in asked.figures:
            if speaks and not any(figure.keys & quantity.keys for quantity in given):
                as_dose = bool(drugs) and _is_amount(figure)
                rivals = [quantity for quantity in given if not as_dose or quantity.keys & of_drug]
                found |= dict.fromkeys(_contradicting(figure, rivals, in_gold, asked.also))
        gives = any(figure.keys & quantity.keys for figure in asked.figures for quantity in given)
        yield Said(gives=gives, contradicting=tuple(found))


def _keys(text: str) -> Iterator[Key]:
    for quantity in quantities(fold(text).text):
        yield from quantity.keys


def _contradicting(
    figure: Quantity, given: Sequence[Quantity], in_gold: Sequence[Quantity], also: Sequence[Quantity]
) -> Iterator[str]:
    kinds = figure.dimensions - {""}
    reaches = {quantity.reach for quantity in in_gold if quantity.keys & figure.keys} or {""}
    for quantity in given:
        same_kind = (
            quantity.dimensions & kinds and quantity.reach in reaches and _scale(quantity) in (None, _scale(figure))
        )
        if same_kind and not any(quantity.keys & known.keys or quantity.end_of(known) for known in (figure, *also)):
            yield quantity.text


_SCALES = (
    r"(?i)\b(?:s|sec|seconds?|min|minutes?|h|hrs?|hours?)\b",
    r"(?i)\b(?:days?|weeks?|months?)\b",
    r"(?i)\byears?\b",
)


def _scale(quantity: Quantity) -> int | None:
    """Of times: by the clock, by the calendar, or in years; ``None`` if its unit is lent by another number or is no time."""
    text = re.sub(r"(?<=\d)(?=[A-Za-z])", " ", quantity.text)
    return next((scale for scale, pattern in enumerate(_SCALES) if re.search(pattern, text)), None)


def _is_of(dose: Dose, drugs: set[str]) -> bool:
    """Whether it is a dose of one of ``drugs``: "insulin regular" is one of "insulin", a combination is one of neither part."""
    return dose.role != "history" and any(
        dose.drug == drug or (dose.drug or "").startswith(f"{drug} ") for drug in drugs
    )


def _is_amount(figure: Quantity) -> bool:
    keys: frozenset[Key] = figure.keys
    return any(dimension.split("/")[0] in _AMOUNTS for _, _, dimension in keys)
