"""What drugs are called. Source: ``data/drugs.toml``; pairs that are mixed up: ``data/sound_alikes.toml``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal

from rapidfuzz.distance import OSA

from checkers.dosing.lexicon import Phrases
from checkers.tables import table

How = Literal["name", "brand", "abbreviation", "misspelling", "combination", "unknown"]


@dataclass(frozen=True, slots=True)
class Name:
    """What a name stands for: the ingredient as a dose names it, and for a combination what it is made of.

    ``before_number`` marks an abbreviation that is a drug only where a number follows ("MS 4 mg").
    """

    ingredient: str
    how: How
    parts: tuple[str, ...] = ()
    before_number: bool = False


@cache
def names() -> tuple[Phrases[Name], Phrases[Name]]:
    """Names that are read with their capitals, and names that are read in any case (kept in lower case)."""
    exact: Phrases[Name] = Phrases()
    any_case: Phrases[Name] = Phrases()
    rows = table("drugs")
    doubtful = set(rows["before_number"])
    for ingredient, row in (rows["drugs"] | rows["combinations"]).items():
        parts = tuple(row.get("of", ()))
        how: How = "combination" if parts else "name"
        for name in (ingredient, *row.get("names", ())):
            any_case.add(name.lower(), Name(ingredient, how, parts))
        for name in row.get("brands", ()):
            any_case.add(name.lower(), Name(ingredient, "brand", parts))
        for name in row.get("short", ()):
            exact.add(name, Name(ingredient, "abbreviation", parts, name in doubtful))
    return exact, any_case


def classes(ingredient: str) -> tuple[str, ...]:
    """The classes of an ingredient, or of all the ingredients of a combination; empty if it is not in the table."""
    rows = table("drugs")
    if ingredient in rows["drugs"]:
        return tuple(rows["drugs"][ingredient]["class"])
    return tuple(dict.fromkeys(found for part in parts_of(ingredient) for found in classes(part)))


def parts_of(ingredient: str) -> tuple[str, ...]:
    """What a combination is made of, in the order of its strengths; empty if ``ingredient`` is none."""
    row = table("drugs")["combinations"].get(ingredient)
    return tuple(row["of"]) if row else ()


@cache
def salts() -> frozenset[str]:
    """Words of a salt or form that may stand behind an ingredient and change nothing."""
    return frozenset(table("drugs")["salts"])


def combined(parts: tuple[str, ...]) -> str:
    """The name of a combination of ``parts``: as the table has it, in whatever order they were named, or joined by "-"."""
    for name, row in table("drugs")["combinations"].items():
        if set(row["of"]) == set(parts):
            return str(name)
    return "-".join(parts)


def is_known(parts: tuple[str, ...]) -> bool:
    """Whether the table has a combination of exactly these that "and" may stand for."""
    row = table("drugs")["combinations"].get(combined(parts))
    return row is not None and not row.get("apart")


_SHORTEST = 6
_LONG = 9


@lru_cache(maxsize=4096)
def misspelt(word: str) -> str | None:
    """The ingredient that ``word``, which is no name, was meant to be; ``None`` unless there is one and no other near it.

    One slip in a word of six letters, two in a word of nine, the first letter kept. A word that lies nearly as close to
    another drug is nobody's: look-alike names are what kills.
    """
    word = word.lower()
    if len(word) < _SHORTEST:
        return None
    slips = 2 if len(word) >= _LONG else 1
    distances: dict[str, int] = {}
    for name, ingredient in _by_letter().get(word[0], ()):
        if abs(len(name) - len(word)) <= slips + 1:
            distance = OSA.distance(word, name, score_cutoff=slips + 1)
            if distance <= slips + 1:
                distances[ingredient] = min(distance, distances.get(ingredient, distance))
    if not distances:
        return None
    best = min(distances, key=lambda ingredient: (distances[ingredient], ingredient))
    near = [name for name, distance in distances.items() if name != best and distance <= distances[best] + 1]
    if distances[best] > slips or near:
        return None
    return best


@cache
def _by_letter() -> dict[str, tuple[tuple[str, str], ...]]:
    """Names of one word by their first letter. Brands are left out: too many of them are nearly English."""
    found: dict[str, list[tuple[str, str]]] = {}
    for name, ingredient in _single_words():
        found.setdefault(name[0], []).append((name, ingredient))
    return {letter: tuple(names) for letter, names in found.items()}


def _single_words() -> Iterator[tuple[str, str]]:
    for ingredient, row in table("drugs")["drugs"].items():
        for name in (ingredient, *row.get("names", ())):
            if name.isalpha() and len(name) >= _SHORTEST:
                yield name.lower(), ingredient
