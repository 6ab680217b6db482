"""The words of a question that carry its meaning, and how much of them a text covers."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import cache, lru_cache

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


class _Stemmer(threading.local):
    """One for each thread: a stemmer keeps the word that it is at."""

    def __init__(self) -> None:
        import snowballstemmer

        self.stem: Callable[[str], str] = snowballstemmer.stemmer("english").stemWord


@cache
def _stemmer() -> _Stemmer:
    return _Stemmer()


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    return _stemmer().stem(word)


def terms(text: str) -> list[str]:
    """Stems of the words of ``text`` that are no function words, in order, with repeats."""
    return [_stem(word) for word in _WORD.findall(text.lower()) if word not in _FUNCTION_WORDS]


@lru_cache(maxsize=4096)
def different_terms(text: str) -> frozenset[str]:
    """The terms of ``text`` without order and repeats: half the time, where a hundred texts are read."""
    return frozenset(_stem(word) for word in set(_WORD.findall(text.lower())) - _FUNCTION_WORDS)


def rarity(wanted: Iterable[str], texts: Sequence[Set[str]]) -> dict[str, float]:
    """How much each term in ``wanted`` tells these texts apart: log((n + 1) / (those that have it + 0.5)), 0 if all do."""
    return {term: math.log((len(texts) + 1) / (sum(term in text for text in texts) + 0.5)) for term in set(wanted)}


def weighted_coverage(weights: Mapping[str, float], found: Set[str]) -> float:
    """Share of the sum of ``weights`` whose terms are in ``found``, 0 to 1; 0 when nothing is wanted."""
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in found) / total if total else 0.0


def coverage(wanted: Iterable[str], found: Set[str]) -> float:
    """Share of the different terms in ``wanted`` that are in ``found``, 0 to 1; 0 when nothing is wanted."""
    different = set(wanted)
    return len(different & found) / len(different) if different else 0.0


def content_words(text: str) -> dict[str, str]:
    """The words of a question that say what it is about, by their stems: no numbers, units, times or words for people."""
    found: dict[str, str] = {}
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if word not in _FUNCTION_WORDS and len(word) > 1 and not any(character.isdigit() for character in word):
            found.setdefault(_stem(word), word)
    return {term: word for term, word in found.items() if term not in _frame()} or found


@cache
def _frame() -> frozenset[str]:
    return frozenset(map(_stem, _FRAME))


_FRAME = """
    one two three four five six seven eight nine ten eleven twelve twice second third last next initial
    day days week weeks month months year years hour hours minute minutes old daily monthly weekly hourly already ago yet
    today tomorrow yesterday tonight night morning
    dose doses dosing dosage mg kg ml mcg gram grams unit units amount volume rate number max maximum percent per kilo kilos
    start starting begin may might put still come comes keep keeps again far apart see look seen think straight away off
    through back however ok please let ask say find fast soon like well line anyone everywhere everything something
    child children baby boy girl woman women man men toddler infant newborn adult mum mother
    often daily lower upper above below high low level regimen treat treatment management manage medical drug medicine answer
""".split()
