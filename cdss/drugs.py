"""The drugs that a question names, by all the names they go by: a passage about another drug does not answer it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cdss.terms import terms
from checkers.dosing.drugs import find_drugs
from checkers.tables import table


@dataclass(frozen=True, slots=True)
class AskedDrug:
    """A drug as a question names it. ``names`` are those it goes by, in lower case, brands included; ``classes`` the names
    of the classes that it belongs to."""

    asked: str
    names: tuple[str, ...]
    terms: frozenset[str]
    classes: tuple[str, ...] = ()

    def stands_in(self, text: str) -> bool:
        """Whether any of its names begins a word of ``text`` (which is in lower case)."""
        return any(name in text for name in self.names) and _beginning(self.names).search(text) is not None

    def is_spoken_of_in(self, text: str) -> bool:
        """Whether it stands in ``text`` or a class of it does: what is said of ACE inhibitors is said of ramipril."""
        return self.stands_in(text) or (bool(self.classes) and _beginning(self.classes).search(text) is not None)


def asked_drugs(question: str) -> tuple[AskedDrug, ...]:
    """Every drug that ``question`` names; one that no table knows goes by the name it was asked by."""
    found = {}
    for mention in find_drugs(question):
        asked = question[slice(*mention.span)].lower()
        ingredient = mention.ingredient
        names = tuple(dict.fromkeys((asked, *(_names(ingredient) if ingredient else ()))))
        found[names] = AskedDrug(asked, names, frozenset(terms(asked)), _classes(ingredient) if ingredient else ())
    return tuple(found.values())


@lru_cache(maxsize=1_000)
def _beginning(names: tuple[str, ...]) -> re.Pattern[str]:
    """Finds a word that begins with one of ``names``."""
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, names))})")


def drugs_in(text: str) -> frozenset[str]:
    """The drugs that ``text`` names, by their ingredients; one that no table knows by its own word."""
    return frozenset(mention.ingredient or text[slice(*mention.span)].lower() for mention in find_drugs(text))


def _names(ingredient: str) -> tuple[str, ...]:
    row = _row(ingredient)
    return tuple(
        name.lower() for name in (ingredient, *row.get("names", ()), *row.get("brands", ()), *row.get("of", ()))
    )


def _classes(ingredient: str) -> tuple[str, ...]:
    """Every name of its classes, without those that are everyday words in a sentence about something else."""
    known = table("classes")
    named = [name for name in _row(ingredient).get("class", ()) if name not in known["no_class"]]
    return tuple(each.lower() for name in named for each in (name, *known["names"].get(name, ())))


def _row(ingredient: str) -> dict[str, Any]:
    rows = table("drugs")
    row: dict[str, Any] = rows["drugs"].get(ingredient) or rows["combinations"].get(ingredient, {})
    return row
