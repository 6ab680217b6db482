"""The drugs that a question names, by all the names they go by: a passage about another drug does not answer it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cdss.terms import terms
from checkers.dosing.drugs import find_drugs
from checkers.tables import table


@dataclass(frozen=True, slots=True)
class AskedDrug:
    """A drug as a question names it. ``names`` are those it goes by, in lower case, brands included."""

    asked: str
    names: tuple[str, ...]
    terms: frozenset[str]
    _pattern: re.Pattern[str]

    def stands_in(self, text: str) -> bool:
        """Whether any of its names begins a word of ``text`` (which is in lower case)."""
        return self._pattern.search(text) is not None


def asked_drugs(question: str) -> tuple[AskedDrug, ...]:
    """Every drug that ``question`` names; one that no table knows goes by the name it was asked by."""
    found = {}
    for mention in find_drugs(question):
        asked = question[slice(*mention.span)].lower()
        names = tuple(dict.fromkeys((asked, *(_names(mention.ingredient) if mention.ingredient else ()))))
        pattern = re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, names))})")
        found[names] = AskedDrug(asked, names, frozenset(terms(asked)), pattern)
    return tuple(found.values())


def _names(ingredient: str) -> tuple[str, ...]:
    rows = table("drugs")
    row = (rows["drugs"] | rows["combinations"]).get(ingredient, {})
    return tuple(
        name.lower() for name in (ingredient, *row.get("names", ()), *row.get("brands", ()), *row.get("of", ()))
    )
