"""The words of a question that carry its meaning, and how much of them a text covers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Any

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")

_FUNCTION_WORDS = frozenset(
    """
    a about after all also am an and any are as at be been before being between both but by can could did do does doing done
    during each for from get give given gives giving had has have having he her him his how i if in into is it its just kind
    many me more most much must my no not now of off on once one only or other our out over per please same she should so some
    such take tell than that the their them then there these they this those to too under until up us use used using very was
    we were what when where which while who whom why will with without would you your yours need needs type patient patients
    recommend recommended recommendation best right correct start go new old got want know case someone person people long
    """.split()
)


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


def terms(text: str) -> list[str]:
    """Stems of the words of ``text`` that are no function words, in order, with repeats."""
    words = (match[0].lower() for match in _WORD.finditer(text))
    return [_stem(word) for word in words if word not in _FUNCTION_WORDS]


def coverage(wanted: Iterable[str], found: set[str]) -> float:
    """Share of the different terms in ``wanted`` that are in ``found``, 0 to 1; 0 when nothing is wanted."""
    different = set(wanted)
    return len(different & found) / len(different) if different else 0.0
