"""Whether an amount is the most that may be given, and nobody's dose: "maximum 4 g", "4 g at most", "cap it at 4 g"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checkers.dosing.sentences import Item, Sentence, type_of, value_of, worth_of
from checkers.dosing.worth import Age, Amount, Lasting, Often, Strength

NEAR = 8
"""Items within which words belong to an amount."""
PARTS = ("COMMA", "SEMI", "COLON", "AND", "OR", "BAR", "STOP", "CLOSE")
"""What parts one order from the next."""


def is_limit(sentence: Sentence, at: int) -> bool:
    """Whether "maximum" or the like stands before the amount at ``items[at]``, or right behind it."""
    items = sentence.items
    if at and value_of(items[at - 1]) == "at" and _is_cut_off(items[:at]):
        return True
    if at > 1 and value_of(items[at - 1]) == "capsule" and type_of(items[at - 2]) in ("SEMI", "OPEN"):
        return True  # "(900 mg for 15 kg; cap 4,500 mg)"
    for before in _back_over_brackets(sentence, at):
        kind, worth = type_of(items[before]), worth_of(items[before])
        if kind == "MAX" or (kind == "LESS" and before == at - 1):
            return True
        if kind in ("SEMI", "STOP", "COMMA", "BAR", "NUM", "PAIR", "LABEL", "CLOSE") or "THEN" in items[before].cues:
            break
        if isinstance(worth, Amount | Strength | Lasting | Age) or (isinstance(worth, Often) and not worth.daily):
            break
    after = at + 1
    if after < len(items) and isinstance(worth := worth_of(items[after]), Often) and worth.daily:
        after += 1
    if after < len(items) and type_of(items[after]) == "MAX":
        follows = items[after + 1] if after + 1 < len(items) else None
        return follows is None or type_of(follows) in PARTS
    return False


def _is_cut_off(before: Sequence[Item]) -> bool:
    """Whether the verb "cap" stands in the clause, and no capsule: "cap amoxicillin for a child with otitis at 4 g"."""
    for at in range(len(before) - 1, max(-1, len(before) - 1 - 2 * NEAR), -1):
        if type_of(before[at]) in ("COMMA", "SEMI", "STOP", "BAR") or worth_of(before[at]) is not None:
            return False
        if value_of(before[at]) == "capsule":
            return at == 0 or type_of(before[at - 1]) != "NUM"
    return False


def _back_over_brackets(sentence: Sentence, at: int) -> Iterator[int]:
    """The places before ``at``, backwards, without a bracket that stands right before it: "maximum (60 mg/kg): 1,080 mg"."""
    before = at - 1
    if before > 0 and type_of(sentence.items[before]) == "COLON" and type_of(sentence.items[before - 1]) == "CLOSE":
        before = max((n for n in range(before) if type_of(sentence.items[n]) == "OPEN"), default=0) - 1
    yield from range(before, max(-1, before - NEAR), -1)
