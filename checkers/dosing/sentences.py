"""The sentences of a text, as lists of phrases and tokens: a dose belongs to what is said in its own sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from checkers.dosing.names import classes
from checkers.dosing.phrases import Phrase, phrases
from checkers.dosing.scan import Token

Item = Phrase | Token
LONGEST = 400
"""A sentence of more tokens than this is none; looking no further keeps the work bounded."""
_LINE_OPENS = ("BAR", "DASH", "SIGN")


def sentences(tokens: Sequence[Token], text: str) -> Iterator[tuple[list[Item], bool]]:
    """Every sentence, and whether it opens a new block, behind a blank line."""
    held: list[Token] = []
    opens = False
    for at, token in enumerate(tokens):
        if token.type == "STOP":
            held.append(token)
        elif token.type != "NEWLINE":
            held.append(token)
            if len(held) < LONGEST:
                continue
        elif not _ends_line(tokens, at, text, held):
            continue
        if held:
            yield list(phrases(held)), opens
            held, opens = [], False
        if token.type == "NEWLINE" and at + 1 < len(tokens) and tokens[at + 1].type == "NEWLINE":
            opens = True
    if held:
        yield list(phrases(held)), opens


def _ends_line(tokens: Sequence[Token], at: int, text: str, held: Sequence[Token]) -> bool:
    """Whether a line's end is a sentence's: not where the next line goes on in small letters or with a figure."""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if after is None or after.type == "NEWLINE" or not held:
        return True
    if after.type in _LINE_OPENS or held[-1].type == "BAR":
        return True
    first = text[after.start]
    return not (first.islower() or first.isdigit() or first in "(½¼")


@dataclass(frozen=True)
class Sentence:
    """A sentence's items, with how deep in brackets each stands."""

    items: Sequence[Item]
    depth: Sequence[int]

    @staticmethod
    def of(items: Sequence[Item]) -> Sentence:
        """The sentence of ``items``."""
        items = [_diluent(items, at) for at in range(len(items))]
        depths, deep = [], 0
        for item in items:
            deep += type_of(item) == "OPEN"
            depths.append(deep)
            deep = max(0, deep - (type_of(item) == "CLOSE"))
        return Sentence(items, depths)

    def says(self, cue: str, start: int, stop: int) -> bool:
        """Whether ``items[start:stop]`` gives the cue."""
        return any(cue in item.cues for item in self.items[max(start, 0) : max(stop, 0)])

    def has(self, kind: str, start: int, stop: int) -> bool:
        """Whether a token of type ``kind`` stands in ``items[start:stop]``."""
        return any(type_of(item) == kind for item in self.items[max(start, 0) : max(stop, 0)])

    def speaks_of(self, worth: type, start: int, stop: int) -> bool:
        """Whether a phrase of this worth stands in ``items[start:stop]``."""
        return any(isinstance(worth_of(item), worth) for item in self.items[max(start, 0) : max(stop, 0)])

    def flushes(self, at: int) -> bool:
        """Whether the volume at ``items[at]`` only washes a drug in: "a 20 mL saline flush", "flush the line with 10 mL"."""
        return not self.has("DRUG", at, at + 4) and _beside_flush(self.items, at)


def _beside_flush(items: Sequence[Item], at: int) -> bool:
    """Whether "flush" stands near ``items[at]``, in the same clause."""
    for way in (range(at - 1, max(-1, at - _NEAR), -1), range(at, min(len(items), at + _NEAR))):
        for near in way:
            if "FLUSH" in items[near].cues:
                return True
            if type_of(items[near]) in ("COMMA", "SEMI", "STOP", "BAR", "AND", "OR"):
                break
    return False


def type_of(item: Item) -> str:
    """A token's terminal; "" for a phrase."""
    return item.type if isinstance(item, Token) else ""


def worth_of(item: Item) -> object:
    """A phrase's worth; ``None`` for a token."""
    return item.worth if isinstance(item, Phrase) else None


def value_of(item: Item) -> Any:
    """A token's worth; ``None`` for a phrase."""
    return item.value if isinstance(item, Token) else None


_NEAR = 6
_IN_BLOOD = ("glucose", "dextrose", "potassium", "sodium", "calcium", "magnesium", "phosphate")


def _is_a_value(items: Sequence[Item], at: int) -> bool:
    """Whether the substance at ``at`` is measured and not given: a bare number stands behind it, "glucose 151-200: 2 units"."""
    behind = items[at + 1 : at + 3]
    if value_of(items[at]).ingredient not in _IN_BLOOD or not behind or type_of(behind[0]) != "NUM":
        return False
    return len(behind) < 2 or str(value_of(behind[1])) not in ("%", "percent", "/")


_IN_A_DRIP = ("NUM", "SIGN", "OF", "A", "ABOUT", "LABEL", "FORM")


def _diluent(items: Sequence[Item], at: int) -> Item:
    """``items[at]``; a token that is no drug for the fluid of a drip, "in 250 mL normal saline", and for "without glucose"."""
    item = items[at]
    if isinstance(item, Token) and item.type == "DRUG" and at and value_of(items[at - 1]) in ("without", "no"):
        return replace(item, type="FLUID")
    if isinstance(item, Token) and item.type == "DRUG" and _is_a_value(items, at):
        return replace(item, type="FLUID")
    if not isinstance(item, Token) or item.type != "DRUG" or "fluid" not in classes(item.value.ingredient):
        return item
    if _beside_flush(items, at):
        return replace(item, type="FLUID")
    for before in range(at - 1, max(-1, at - 8), -1):
        if "DILUENT" in items[before].cues:
            return replace(item, type="FLUID")
        if type_of(items[before]) not in _IN_A_DRIP and worth_of(items[before]) is None:
            break
    return item
