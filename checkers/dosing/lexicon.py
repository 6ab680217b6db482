"""What the words of a prescription are in the grammar. Source: ``data/dosing.toml``, ``frequencies.toml``, ``units.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any, Generic, TypeVar

from checkers.tables import table

E = TypeVar("E")

WORD = r"[^\W\d_](?:[^\W_]|\u00ad)*(?:['’][^\W\d_]+)?"
_PIECE = re.compile(rf"{WORD}|\d+(?:[.,/]\d+)*|\S")
_MEASURES = (
    "mass", "volume", "amount", "equivalents", "units", "activity", "phenytoin equivalents", "morphine equivalents"
)  # fmt: skip
_NO_DOSE = ("kg", "lb", "dL", "µL", "pg")


@dataclass(frozen=True, slots=True)
class Entry:
    """A terminal of the grammar and what the phrase is worth: days, times a day, a unit's name and factor, a route."""

    kind: str
    value: Any = None


@dataclass
class Phrases(Generic[E]):
    """Phrases by their first piece, the longest first. Hyphens between pieces do not count."""

    _by_first: dict[str, list[tuple[tuple[str, ...], E]]] = field(default_factory=dict)

    def add(self, phrase: str, entry: E) -> None:
        """Keep ``entry`` under ``phrase``; the first to come stays."""
        pieces = pieces_of(phrase)
        held = self._by_first.setdefault(pieces[0], [])
        if all(pieces != other for other, _ in held):
            held.append((pieces, entry))
            held.sort(key=lambda item: -len(item[0]))

    def longest(self, pieces: Sequence[str], at: int) -> tuple[int, E] | None:
        """The longest phrase that begins at ``pieces[at]``: how many pieces it has, and its entry."""
        for phrase, entry in self._by_first.get(pieces[at], ()):
            if len(phrase) == 1 or tuple(pieces[at : at + len(phrase)]) == phrase:
                return len(phrase), entry
        return None


def pieces_of(phrase: str) -> tuple[str, ...]:
    """``phrase`` as the scanner would cut it up."""
    return tuple(piece for piece in _PIECE.findall(phrase) if piece != "-")


@cache
def lexicon() -> tuple[Phrases[Entry], Phrases[Entry]]:
    """Phrases that are read with their capitals, and phrases that are read in any case (kept in lower case)."""
    exact: Phrases[Entry] = Phrases()
    any_case: Phrases[Entry] = Phrases()
    for phrase, entry, as_written in _entries():
        if as_written:
            exact.add(phrase, entry)
        else:
            any_case.add(phrase.lower(), entry)
    return exact, any_case


@cache
def cues() -> Phrases[frozenset[str]]:
    """Words around a dose, in lower case, with every kind of cue that they are."""
    kinds: dict[str, set[str]] = {}
    for kind, phrases in table("dosing")["cues"].items():
        for phrase in phrases:
            kinds.setdefault(phrase.lower(), set()).add(kind)
    found: Phrases[frozenset[str]] = Phrases()
    for phrase, names in kinds.items():
        found.add(phrase, frozenset(names))
    return found


def _entries() -> Iterator[tuple[str, Entry, bool]]:
    """Every phrase with its entry, and whether its capitals matter."""
    rows = table("dosing")
    for phrase in rows["neither"]["phrases"]:
        yield phrase, Entry("WORD", phrase), False
    for exact, suffix in ((False, ""), (True, "_exact")):
        for route, forms in rows["routes" + suffix].items():
            yield from ((form, Entry("ROUTE", route), exact) for form in (forms if exact else (*forms, route)))
        for times, forms in rows["times_a_day" + suffix].items():
            yield from ((form, Entry("FREQ", Fraction(times)), exact) for form in forms)
    yield from _simple(rows["forms"], "FORM")
    for name, forms in rows["forms"].items():
        for before in rows["adjectives"]["before_form"]:
            yield from ((f"{before} {form}", Entry("FORM", name), False) for form in forms if form.isalpha())
    yield from _units()
    yield from _fractions(rows["periods"], "PERIODLY")
    yield from _fractions(rows["counts"], "COUNT")
    yield from _simple(rows["times"], "TIME")
    for kind, forms in rows["words"].items():
        yield from ((form, Entry(kind, form), len(form) == 1 and form.isupper()) for form in forms)
    yield from _latin()
    yield from _fractions(rows["ordinals"], "ORDINAL")


def _simple(rows: dict[str, list[str]], kind: str) -> Iterator[tuple[str, Entry, bool]]:
    for name, forms in rows.items():
        yield from ((form, Entry(kind, name), False) for form in forms)


def _fractions(rows: dict[str, list[str]], kind: str) -> Iterator[tuple[str, Entry, bool]]:
    for value, forms in rows.items():
        yield from ((form, Entry(kind, Fraction(value)), False) for form in forms)


def _latin() -> Iterator[tuple[str, Entry, bool]]:
    """What ``frequencies.toml`` knows and the grammar does not make up of its parts."""
    own = set(table("dosing")["counts"]["1"]) | {"once", "twice", "thrice", "one", "a"}
    for times, forms in table("frequencies")["times_a_day"].items():
        for form in forms:
            if pieces_of(form)[0] not in own:
                yield form, Entry("FREQ", Fraction(times)), False


def _units() -> Iterator[tuple[str, Entry, bool]]:
    for row in table("units")["unit"]:
        if row["dimension"] not in _MEASURES or row["name"] in _NO_DOSE:
            continue
        million = row["name"] == "million units"
        entry = Entry("UNIT", ("units", 1_000_000) if million else (row["name"], 1))
        for form in row["forms"]:
            yield form, entry, len(form) == 1 or form in row.get("exact", ())
    for row in table("units")["unit"]:
        if row["name"] in ("dL", "µL", "pg"):
            for form in row["forms"]:
                yield form, Entry("UNIT", (row["name"], 1)), False
