"""Sentences of two documents that disagree on the same question: another dose, another duration, another first choice.

Two sentences are set against each other only if they answer the same question: the same drugs, people, ages, route, kind of
disease and role of the figure, under headings and in words that are much the same. Where a document says both, it does not
disagree. Two doses for two diseases are no conflict; rows of a table are too short to tell and are left out.
Source: ``data/conflict.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from checkers.quantities import Quantity
from checkers.statements import Figure, Statement, statements
from guidelines.types import Passage

ALIKE = 0.6
"""Share of the words of the shorter sentence, with those over it, that must stand in or over the other."""
MOST = 6
"""Conflicts that are told about one answer; more would bury it."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one document says: ``figure`` are the words that differ, in sentence ``number`` of a passage."""

    passage_id: str
    document: str
    number: int
    figure: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sides about ``drug``; ``parameter`` is "dose", "duration", "how often" or "first choice".

    ``editions`` says that the two are editions of one work: then it is a change, and the one in force goes.
    """

    drug: str
    parameter: str
    editions: bool
    sides: tuple[Side, Side]


def conflicts(passages: Iterable[Passage], *, cited: Iterable[tuple[str, int]] | None = None) -> tuple[Conflict, ...]:
    """Conflicts between sentences of ``passages``; with ``cited`` (passage id, sentence) only those with one of them.

    The cited side comes first. At most ``MOST``, in the order of the passages.
    """
    told = [statement for passage in passages for statement in statements(passage)]
    wanted = None if cited is None else set(cited)
    found: dict[tuple[str, str, frozenset[str]], Conflict] = {}
    for at, one in enumerate(told):
        if wanted is not None and one.home not in wanted:
            continue
        for other in told if wanted is not None else told[at + 1 :]:
            for conflict in _between(one, other, told):
                documents = frozenset(side.document for side in conflict.sides)
                found.setdefault((conflict.drug, conflict.parameter, documents), conflict)
    return tuple(found.values())[:MOST]


def _between(one: Statement, other: Statement, told: list[Statement]) -> Iterator[Conflict]:
    if not _same_question(one, other):
        return
    if one.first_choice and other.first_choice and not one.first_choice & other.first_choice:
        yield _conflict(one, other, "first choice", one.first_choice_text, other.first_choice_text)
        return
    if one.drugs.keys() != other.drugs.keys():
        return
    for mine in one.figures:
        for theirs in other.figures:
            alone = one.is_only(mine) and other.is_only(theirs)
            if alone and _exclude(mine, theirs) and not _also(one, other, told, mine, theirs):
                yield _conflict(one, other, mine.parameter, mine.quantity.text, theirs.quantity.text)


def _same_question(one: Statement, other: Statement) -> bool:
    if one.document == other.document:
        return False
    if (one.people, one.kinds, one.conditions) != (other.people, other.kinds, other.conditions):
        return False
    if one.routes != other.routes and one.routes and other.routes:
        return False
    if not (one.topic | one.words) & (other.topic | other.words):
        return False
    here, there = one.words or one.topic, other.words or other.topic
    return len(here & there) >= max(1, ALIKE * min(len(here), len(there)))


def _exclude(one: Figure, other: Figure) -> bool:
    """Whether two figures say the same kind of thing and cannot both be meant."""
    here, there = one.quantity, other.quantity
    same_kind = (one.parameter, one.role, one.reach) == (other.parameter, other.role, other.reach)
    return same_kind and bool(here.dimensions & there.dimensions) and not _overlap(here, there)


def _also(one: Statement, other: Statement, told: list[Statement], mine: Figure, theirs: Figure) -> bool:
    """Whether either document elsewhere says of the same drug and people what the other says here."""
    return any(
        third.drugs.keys() & one.drugs.keys() and third.people == one.people and _says(third, figure)
        for third in told
        for document, figure in ((other.document, mine), (one.document, theirs))
        if third.document == document
    )


def _says(statement: Statement, figure: Figure) -> bool:
    return any(
        other.parameter == figure.parameter and _overlap(other.quantity, figure.quantity) for other in statement.figures
    )


def _overlap(one: Quantity, other: Quantity) -> bool:
    """Whether two figures have a value in common. Labels ("120/80") have none but themselves."""
    for low, high, dimension in one.keys:
        for there_low, there_high, there_dimension in other.keys:
            ends = low, high, there_low, there_high
            if dimension != there_dimension:
                continue
            if not all(isinstance(end, Fraction) for end in ends):
                if (low, high) == (there_low, there_high):
                    return True
                continue
            low_end, high_end, there_low_end, there_high_end = (Fraction(end) for end in ends)
            if low_end <= there_high_end and there_low_end <= high_end:
                return True
    return False


def _conflict(one: Statement, other: Statement, parameter: str, here: str, there: str) -> Conflict:
    return Conflict(
        drug=", ".join(sorted({*one.drugs.values(), *other.drugs.values()})),
        parameter=parameter,
        editions=work_of(one.document) == work_of(other.document),
        sides=(
            Side(one.passage_id, one.document, one.number, here),
            Side(other.passage_id, other.document, other.number, there),
        ),
    )


def work_of(document: str) -> str:
    """The work that a document id names: the id without its hash."""
    return document.rpartition("-")[0]
