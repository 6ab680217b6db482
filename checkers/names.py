"""Which words are names of drugs. Source: ``data/names.toml`` and ``data/sound_alikes.toml``."""

from __future__ import annotations

from functools import cache

from checkers.tables import table
from checkers.words import stem

_LEAST = 7
"""Endings say nothing in a shorter word."""


def is_drug(word: str) -> bool:
    """Whether ``word`` is the name of a drug, by list or by its ending."""
    plain = word.lower()
    if plain in known_names():
        return True
    if len(plain) < _LEAST or plain.endswith("s"):
        return False
    rows = table("names")
    return any(plain.endswith(ending) for ending in rows["stems"] if ending not in rows["weak_stems"])


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
def known_names() -> frozenset[str]:
    """Every single-word name in the tables, in lower case."""
    rows = table("names")
    listed = set(rows["names"].split()) | {name for group in rows["same"] for name in group}
    return frozenset(listed | {name for group in table("sound_alikes")["groups"] for name in group if " " not in name})
