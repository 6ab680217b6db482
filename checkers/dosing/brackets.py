"""What stands in brackets behind an amount: the same again, another's, or what doses come to."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from checkers.dosing.sentences import Sentence, type_of, value_of, worth_of
from checkers.dosing.worth import Often

if TYPE_CHECKING:
    from checkers.dosing.orders import Order

_FIRST_WORDS = (
    "not", "never", "or", "alternatively", "usually", "usual", "maintenance", "elderly", "children", "adults", "infants",
    "neonates", "then",
)  # fmt: skip
"""Words that open brackets in which another amount stands than the one before them."""
_OTHERS = (
    "bolus",
    "applies",
    "from",
    "if",
    "when",
    "above",
    "below",
    "insufficient",
    "inadequate",
    "ineffective",
    "failed",
)
"""Words behind an amount in brackets that say for whom it is instead."""


def opening(sentence: Sentence, start: int, at: int, otherwise: int) -> int:
    """Where the last bracket between ``start`` and ``at`` opens; ``otherwise`` if none does."""
    return max((n for n in range(start, at) if type_of(sentence.items[n]) == "OPEN"), default=otherwise)


def is_otherwise(sentence: Sentence, first: Order, order: Order) -> bool:
    """Whether the brackets behind ``first`` hold another amount at another interval: "200 mg q3w (400 mg q6w)"."""
    opened = opening(sentence, first.at, order.at, first.at)
    mine = [worth for n in range(first.at, opened) if isinstance(worth := worth_of(sentence.items[n]), Often)]
    behind = takewhile(lambda item: type_of(item) != "CLOSE", sentence.items[order.at + 1 : order.at + 4])
    theirs = [worth for item in behind if isinstance(worth := worth_of(item), Often) and not worth.daily]
    alike = (first.amount.unit, first.amount.per_kg) == (order.amount.unit, order.amount.per_kg)
    return (
        bool(mine and theirs) and alike and first.amount.high != order.amount.high and mine[0].a_day != theirs[0].a_day
    )


def is_sum_of_doses(sentence: Sentence, last: int, at: int) -> bool:
    """Whether the amount at ``at`` stands in the brackets behind a greatest number of doses: "no more than 8 doses (2 mg)"."""
    opened = opening(sentence, last, at, last)
    return type_of(sentence.items[opened - 1]) == "DOSES" and sentence.has("MAX", last, opened) and opened > last


def is_alternative(sentence: Sentence, at: int) -> bool:
    """Whether the amount at ``at`` is another's in the brackets that it stands in.

    "200 mg over 24 h (or 50 mg every 6 hours)", "50 mg (100 mg applies from 5 kg)".
    """
    opened = opening(sentence, 0, at, at)
    first, behind = opened + 1, [value_of(item) for item in sentence.items[at + 1 : at + 3]]
    fell_short = behind in (["not", "sufficient"], ["not", "enough"], ["not", "effective"])
    is_others = fell_short or (bool(behind) and behind[0] in _OTHERS)
    return is_others or (first < at and str(value_of(sentence.items[first])).lower() in _FIRST_WORDS)


def is_bracketed(sentence: Sentence, step: int, at: int) -> bool:
    """Whether the amount at ``at`` says that at ``step`` again, in the brackets right behind it."""
    between = [type_of(item) for item in sentence.items[step + 1 : at]]
    return sentence.depth[at] > sentence.depth[step] and between.count("OPEN") == 1 and "SEMI" not in between
