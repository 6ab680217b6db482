"""Harm: two drugs that are each right for the patient are together a danger, or one takes the other's effect away.

Source: labels, Contraindications and Drug Interactions; the rows of the tables, drug by drug and class by class.

Example: clarithromycin is blocked beside simvastatin 40 mg, passes where the text holds simvastatin for the course, and
goes to review where the text says how the pair is handled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache

from checkers.formulary.knowledge import Knowledge
from checkers.formulary.pairs import Interaction
from checkers.judging.parties import Party, pairs
from checkers.judging.say import finding
from checkers.situation.conditions import named, plain
from checkers.situation.situation import Situation, situation
from checkers.types import Finding, Rule, Severity, Subject

_RANK = {Severity.INFO: 0, Severity.REVIEW: 1, Severity.BLOCK: 2}
_WAITED = re.compile(
    r"\b(\d+)[ -]*(hours?|hrs?|h|days?|weeks?)\s+(?:or more\s+)?(?:after|from)\s+(?:the\s+|its\s+|his\s+|her\s+)?"
    r"(?:last|final|stopp\w+|discontinu\w+)",
    re.IGNORECASE,
)
_DAYS = {"h": Decimal(1) / 24, "d": Decimal(1), "w": Decimal(7)}


def check(subject: Subject) -> Iterator[Finding]:
    """The gravest finding for every two drugs that are given together and must not be."""
    worked_out = situation(subject)
    for one, other in pairs(worked_out):
        of_other = _naming(worked_out.known, other.ingredients, other.classes)
        found = [
            (severity, row)
            for number in _naming(worked_out.known, one.ingredients, one.classes)
            if number in of_other
            and (severity := _weight(row := worked_out.known.interactions[number], one, other, worked_out)) is not None
        ]
        if found:
            severity, row = max(found, key=lambda pair: _RANK[pair[0]])
            yield _finding(row, severity, one, other, worked_out)


@lru_cache(maxsize=2048)
def _naming(known: Knowledge, ingredients: tuple[str, ...], classes: tuple[str, ...]) -> Mapping[int, None]:
    """The numbers of the rows that name one of the ingredients or classes, in the order of these."""
    rows, words = _by_word(known), (*ingredients, *(f"class:{kind}" for kind in classes))
    return dict.fromkeys(number for word in words for number in rows.get(word, ()))


@lru_cache(maxsize=4)
def _by_word(known: Knowledge) -> dict[str, tuple[int, ...]]:
    """The numbers of the rows that name a drug or a class."""
    found: dict[str, list[int]] = {}
    for number, row in enumerate(known.interactions):
        for word in {*row.a, *row.b}:
            found.setdefault(word, []).append(number)
    return {word: tuple(numbers) for word, numbers in found.items()}


def _weight(row: Interaction, one: Party, other: Party, situation: Situation) -> Severity | None:
    """How much ``row`` weighs for these two; ``None`` if it is not about them."""
    there = one.is_one_of(row.a) and other.is_one_of(row.b)
    back = other.is_one_of(row.a) and one.is_one_of(row.b)
    if not (there or back) or set(one.ingredients) & set(other.ingredients):
        return None
    stopped = [party.stopped_days for party in (one, other) if party.stopped_days is not None]
    if stopped and (row.washout_days is None or min(stopped) >= row.washout_days):
        return None
    if row.washout_days is not None and _waits(situation.text) >= row.washout_days:
        return None
    clearance = situation.facts.crcl_ml_min
    if row.crcl is not None and (clearance is None or not row.crcl.holds(clearance)):
        return None
    if row.when and not named(row.when, plain(situation.text)):
        return None
    if row.route and not _is_by_route(row, one, other):
        return None
    if row.limited is not None and (row.up_to_daily is not None or row.from_daily is not None):
        days = (party.daily(row.limited, row.unit, situation.facts.weight_kg) for party in (one, other))
        known = [amount for amount in days if amount is not None]
        if known and row.up_to_daily is not None and max(known) <= row.up_to_daily:
            return None
        if known and row.from_daily is not None and max(known) >= row.from_daily:
            return None
        if not known and row.unsized is not None:
            return row.unsized
    if "load" in row.mitigated and _are_single(one, other):
        return None
    if row.mitigated and row.severity is Severity.BLOCK and _is_mitigated(row, situation):
        return Severity.REVIEW
    return row.severity


def _are_single(one: Party, other: Party) -> bool:
    """Whether the text gives a dose of each and says of neither how often: the loads of "aspirin 300 mg, ticagrelor 180 mg"."""
    found = [order.often for party in (one, other) for order in party.orders]
    return bool(one.orders and other.orders and one.is_ordered and other.is_ordered) and not any(found)


def _waits(text: str) -> Decimal:
    """For how many days after the last dose of the other drug the text waits: "36 hours after the last dose"; 0 if not."""
    found = (Decimal(match[1]) * _DAYS[match[2][0].lower()] for match in _WAITED.finditer(text))
    return min(found, default=Decimal(0))


def _is_by_route(row: Interaction, one: Party, other: Party) -> bool:
    routes = [order.route for party in (one, other) for order in party.orders if order.route is not None]
    return not routes or any(route in row.route for route in routes)


def _is_mitigated(row: Interaction, situation: Situation) -> bool:
    said = f" {plain(situation.text)} "
    return any(plain(word) in said for word in row.mitigated) and not any(
        word in said
        for word in (
            " unchanged",
            " no change",
            "without chang",
            " without reduc",
            "do not reduce",
            "no need to",
            " without monitor",
            " minimal monitor",
            " little monitor",
            " no monitor",
            " not need",
            " not hold",
            " not stop",
            " never stop",
            " not suspend",
            " not interrupt",
            " not pause",
        )
    )


def _finding(row: Interaction, severity: Severity, one: Party, other: Party, situation: Situation) -> Finding:
    instead = f" Instead: {row.instead.rstrip('.')}." if row.instead else ""
    span = one.span or other.span
    return finding(
        RULE.id,
        severity,
        f"{one.name} with {other.name}: {row.says}{instead}",
        span,
        row,
        situation,
        claim=one.name,
        other=other.name,
    )


RULE = Rule.documented(__doc__, id="interaction", version=2, check=check)
