"""Which words are names of drugs. Source: ``data/names.toml`` and ``data/sound_alikes.toml``."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from checkers.remember import remembered
from checkers.tables import table
from checkers.words import Word, stem, words

_LEAST = 7
"""Endings say nothing in a shorter word."""


@lru_cache(maxsize=20_000)
def is_drug(word: str) -> bool:
    """Whether ``word`` is the name of a drug, by list or by its ending."""
    plain = word.lower()
    if plain in known_names():
        return True
    if len(plain) < _LEAST or plain.endswith("s"):
        return False
    return plain.endswith(_endings())


_MEASURED = re.compile(
    r"\b(?:blood|plasma|serum|urine|capillary)\s(?P<behind>\w+)|(?P<before>\w+)\s(?:levels?|concentrations?|saturation|tolerance)\b",
    re.IGNORECASE,
)
"""A substance that is measured and not given: "blood glucose", "oxygen saturation"."""


@remembered()
def drugs(text: str) -> tuple[Word, ...]:
    """Every name of a drug in folded ``text``, without substances that are only measured."""
    measured = {match.start(match.lastgroup or 0) for match in _MEASURED.finditer(text)}
    return tuple(word for word in words(text) if word.start not in measured and is_drug(word.text))


def sound_alikes(word: str) -> frozenset[str]:
    """Names that are mistaken for ``word``, without other names of the same substance."""
    plain = word.lower()
    return frozenset(
        name
        for group in table("sound_alikes")["groups"]
        if plain in group
        for name in group
        if stem(name) != stem(plain)
    )


@cache
def _endings() -> tuple[str, ...]:
    rows = table("names")
    return tuple(ending for ending in rows["stems"] if ending not in rows["weak_stems"])


@cache
def known_names() -> frozenset[str]:
    """Every single-word name in the tables, in lower case."""
    rows = table("names")
    listed = set(rows["names"].split()) | {name for group in rows["same"] for name in group}
    return frozenset(listed | {name for group in table("sound_alikes")["groups"] for name in group if " " not in name})
