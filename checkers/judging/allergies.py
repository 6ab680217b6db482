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
_UNSAID = re.compile(r"\b(?:no|denies|without|not|if|unless|patients|people|those|anyone)\b[^.;,]*\Z", re.IGNORECASE)
"""Before the allergy: the patient has none, or it is said of whoever has it."""
_RELATIVE = (
    r"\b(?:father|mother|mum|mom|dad|brother|sister|sibling|parent|son|daughter|uncle|aunt|cousin|grand(?:mother|father|parent)"
    r"|husband|wife|partner|twin|relative)s?\b"
)
_BEARS = r"(?:allerg\w*|anaphyla\w*|hypersensitiv\w*|reaction|reacted|intoleran\w*)"
_OF_ANOTHER = re.compile(
    rf"\b(?:family history|fh|fhx)\b|{_RELATIVE}(?:'s)?(?: (?:who|is|was|are|were|has|had|have|with|known|severe|a|an|the"
    rf"|history|of|to|with|penicillin|drug|carries|carried|developed|suffered))*? {_BEARS}"
    rf"|\bin (?:(?:his|her|the|their|a|an) )?{_RELATIVE}",
    re.IGNORECASE,
)
"""An allergy of somebody else: "father allergic to penicillin", "anaphylaxis in her mother"; not "mother reports ..."."""
_OWN = re.compile(
    r"\b(?:patient|pt|himself|herself|themselves|own|personal(?:ly)?|self|(?:and|but|then) (?:he|she|they|i)"
    r"|(?:he|she|they|i) and (?:his|her|their|my)|i am|both|too|also|as well|like)\b",
    re.IGNORECASE,
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
            if (
                _UNSAID.search(situation.text, max(0, start - 40), start)
                or is_of_another(_sentence(situation.text, start, end))
                or _TAKEN_BACK.search(plain(around))
            ):
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
    text = "; ".join(part for part in text.split(";") if not is_of_another(part))
    flat = plain(text)
    if (
        not flat
        or _TAKEN_BACK.search(flat)
        or any(re.search(rf"(?<!\w){re.escape(plain(word))}(?!\w)", flat) for word in words.get("refuted", ()))
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


def is_of_another(text: str) -> bool:
    """Whether the allergy that ``text`` tells of is a relative's, and plainly not the patient's too."""
    return _OF_ANOTHER.search(text) is not None and _OWN.search(text) is None


def _sentence(text: str, start: int, end: int) -> str:
    """The clause of ``text`` around ``[start, end)``."""
    before = max((text.rfind(sign, 0, start) + 1 for sign in ".;\n,"), default=0)
    stops = [at for sign in ".;\n," if (at := text.find(sign, end)) >= 0]
    return text[before : min(stops, default=len(text))]


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
