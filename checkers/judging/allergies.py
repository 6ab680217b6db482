"""The patient's allergies, read: to what, how bad, and whether the record takes it back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from checkers.dosing.names import classes
from checkers.situation.conditions import plain
from checkers.situation.mentions import mentions
from checkers.situation.situation import Situation

Reaction = Literal["severe", "mild", "intolerance", "undescribed"]
_REMOTE_YEARS = re.compile(r"(\d{1,2})\s*(?:\+\s*)?(?:years?|yrs?)\s+ago")
_TAKEN_BACK = re.compile(
    r"\b(?:refuted|disproved|disproven|de-?label+ed|removed|entered in error|tolerat(?:ed|es)|negative (?:skin"
    r"|oral|drug|provocation|challenge)|challenge (?:was )?negative|passed|no (?:known )?allerg|nkda|nka)\b"
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An allergy of the record, or of the text: ``text`` as written, what it is to, and how bad it was."""

    text: str
    plain: str
    ingredients: tuple[str, ...]
    classes: tuple[str, ...]
    reaction: Reaction


def recorded(situation: Situation) -> Iterator[Recorded]:
    """Every allergy that the record lists and does not take back, and those that the text tells."""
    words = situation.known.reactions or {}
    for text in situation.facts.allergies or ():
        if (one := _read(text, _Words(words))) is not None:
            yield one
    for mention in () if situation.facts.is_quoted else situation.mentions:
        if mention.standing == "allergy" and (mention.parts or mention.classes):
            start, end = mention.span
            around = situation.text[max(0, start - 60) : end + 60]
            denied = re.search(
                r"\b(?:no|denies|without|not)\b[^.;,]*$", situation.text[max(0, start - 40) : start], re.IGNORECASE
            )
            if denied or _TAKEN_BACK.search(plain(around)):
                continue
            yield Recorded(
                situation.text[start:end],
                plain(situation.text[start:end]),
                mention.parts,
                mention.classes,
                _reaction(plain(around), words),
            )


class _Words(dict[str, tuple[str, ...]]):
    """The words of reactions, by identity, so that what was read can be kept."""

    def __init__(self, words: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(words)
        self._key = id(words)

    def __hash__(self) -> int:  # type: ignore[override]
        return self._key

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Words) and self._key == other._key


@lru_cache(maxsize=1024)
def _read(text: str, words: _Words) -> Recorded | None:
    flat = plain(text)
    if _TAKEN_BACK.search(flat) or any(
        re.search(rf"(?<!\w){re.escape(plain(word))}(?!\w)", flat) for word in words.get("refuted", ())
    ):
        return None
    named = mentions(text, [])
    parts = tuple(dict.fromkeys(name for one in named for name in (*one.parts, one.ingredient) if name))
    kinds = tuple(
        dict.fromkeys(
            [*(kind for part in parts for kind in classes(part)), *(kind for one in named for kind in one.classes)]
        )
    )
    return Recorded(text, flat, parts, kinds, _reaction(flat, words))


def _reaction(text: str, words: Mapping[str, tuple[str, ...]]) -> Reaction:
    """How bad: severe before mild, mild before remote and intolerance; what is not described counts as severe."""
    severe = _any(text, words.get("severe", ()))
    mild = _any(text, words.get("mild", ()))
    years = _REMOTE_YEARS.search(text)
    remote = _any(text, words.get("remote", ())) or (years is not None and int(years[1]) >= 10)
    denied = re.search(
        r"\b(?:no|not|never|without|non)\b[ -](?:\w+ ){0,2}(?:anaphyla|angioedema|airway|severe|hospital)", text
    )
    if severe and not denied and not (mild and re.search(r"\b(?:non ?severe|mild)\b", text)):
        return "severe"
    if mild or remote:
        return "mild"
    return "intolerance" if _any(text, words.get("intolerance", ())) else "undescribed"


def _any(text: str, words: tuple[str, ...]) -> bool:
    return any(re.search(rf"(?<!\w){re.escape(plain(word))}", text) for word in words)
