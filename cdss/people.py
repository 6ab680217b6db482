"""Whom a question or a passage is about: age bands, pregnancy, breastfeeding.

Age bands follow ICH E11(R1): newborns to 27 days, infants and toddlers to 23 months, children to 11 years, adolescents to 17;
older adults from 65 (ICH E7). The words for them are those that the rules go by (``checkers/data/populations.toml``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from checkers.tables import any_of, table
from checkers.types import Patient


class Band(StrEnum):
    """An age band; one person is in one of them, but between 16 and 17, when guidelines for adults often begin."""

    NEONATE = "neonate"
    INFANT = "infant"
    CHILD = "child"
    ADOLESCENT = "adolescent"
    ADULT = "adult"
    OLDER = "older adult"


MINORS = frozenset((Band.NEONATE, Band.INFANT, Band.CHILD, Band.ADOLESCENT))
GROWN = frozenset((Band.ADULT, Band.OLDER))
_ADOLESCENT_OR_ADULT_FROM = 16.0
_BEGINS = (
    (28 / 365.25, Band.NEONATE),
    (2.0, Band.INFANT),
    (12.0, Band.CHILD),
    (18.0, Band.ADOLESCENT),
    (65.0, Band.ADULT),
)
_SMALL_KG = 25.0
"""Nobody grown weighs less."""

_COVERS: dict[str, frozenset[Band]] = {
    "neonate": frozenset((Band.NEONATE,)),
    "infant": frozenset((Band.NEONATE, Band.INFANT)),
    "child": MINORS,
    "adolescent": frozenset((Band.ADOLESCENT,)),
    "adult": GROWN,
    "elderly": frozenset((Band.OLDER,)),
    "pregnancy": frozenset(),
}
"""The bands that what is said of a group of ``populations.toml``, or of a document's ``population``, is meant for."""

_NUMBERS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_NUMBER = rf"(?P<n>\d{{1,3}}(?:\.\d)?|{'|'.join(_NUMBERS)})"
_UNIT = r"(?P<unit>days?|d|weeks?|wks?|w|months?|mths?|mo|years?|yrs?|y)"
_AGES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_NUMBER}[\s-]*{_UNIT}\.?[\s/-]*(?:olds?|o\b|of age\b|of life\b)",
        rf"\b(?:aged?|age of)\s+{_NUMBER}(?:[\s-]*{_UNIT}\b)?",
        rf"\b(?:girl|boy|child|baby|infant|kid|man|woman|lady|toddler)(?:\s+(?:of|is|aged))?[\s,]+{_NUMBER}(?:[\s-]*{_UNIT}\b)?(?!\s*(?:kg|mg|h|hours?|mins?|/|:))(?=\W|$)",
        rf"\bday {_NUMBER} of life",
        r"\b(?P<n>\d{1,2})\s?(?P<unit>yo|mo)\b",
        rf"(?:^|,)\s*{_NUMBER}\s?(?P<unit>months?|mths?|years?|yrs?|y)\s*(?=,|$|\s[-–—])",
    )
)
NO_AGE = re.compile(
    r"\s*(?:of )?(?:pregnan|gestat|ago\b|later\b|post|after\b|into\b|course\b|history\b|of treatment)", re.IGNORECASE
)
"""After a span of time: it is not how old somebody is."""
_YEARS_IN = {"d": 1 / 365.25, "w": 7 / 365.25, "m": 1 / 12, "y": 1.0}
_LAY = {
    "infant": ("bub", "bubs"),
    "child": ("kid", "kids", "kiddo", "toddler", "toddlers", "schoolboy", "schoolgirl", "preschooler"),
    "adolescent": ("teen", "teens", "youth"),
    "adult": ("man", "men", "woman", "women", "lady", "gentleman", "grown-up", "gran", "grandmother", "grandfather"),
}
"""Words of questions that no guideline uses, beside those of ``populations.toml``."""
_NOT_A_PERSON = re.compile(
    r"\b(?:child[- ]?(?:pugh|resistant|proof|birth)|childbirth|(?:gran|grandmother|grandfather|mother)['’]s|adult[- ]onset"
    r"|preterm (?:birth|labou?r|delivery)|pregnancy test|baby aspirin|of (?:mothers?|parents?)|old man|chairman)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class People:
    """A group of people. Empty ``bands`` is any age, or an age that is not known.

    ``pregnant`` and ``breastfeeding`` are ``None`` where nothing is known or said of it.
    """

    bands: frozenset[Band] = frozenset()
    pregnant: bool | None = None
    breastfeeding: bool | None = None

    def __str__(self) -> str:
        named = _named(self.bands)
        states = [
            word for word, is_so in (("pregnancy", self.pregnant), ("breastfeeding", self.breastfeeding)) if is_so
        ]
        return " and ".join(filter(None, (named, *states)))


def _named(bands: frozenset[Band]) -> str:
    if bands >= MINORS:
        words = ["children", *(["adults"] if bands & GROWN else [])]
    else:
        plural = {
            Band.NEONATE: "newborns",
            Band.INFANT: "infants",
            Band.CHILD: "children",
            Band.ADOLESCENT: "adolescents",
        }
        words = [plural[band] for band in Band if band in bands and band in plural]
        if Band.ADULT in bands:
            words.append("adults")
        elif Band.OLDER in bands:
            words.append("older adults")
    return " and ".join(words)


def band_of(age_years: float) -> frozenset[Band]:
    """The band of an age in years; two of them at 16 and 17."""
    band = next((band for below, band in _BEGINS if age_years < below), Band.OLDER)
    return frozenset((band, Band.ADULT)) if _ADOLESCENT_OR_ADULT_FROM <= age_years < 18 else frozenset((band,))


def of_patient(patient: Patient | None) -> People:
    """What is known of a patient's group."""
    if patient is None:
        return People()
    bands: frozenset[Band] = frozenset()
    if patient.age_years is not None:
        bands = band_of(patient.age_years)
    elif patient.weight_kg is not None and patient.weight_kg < _SMALL_KG:
        bands = MINORS
    pregnant = patient.pregnant
    if pregnant is None and patient.gestation_weeks and not bands & {Band.NEONATE, Band.INFANT}:
        pregnant = True
    if pregnant is None and patient.sex == "male":
        pregnant = False
    return People(bands, pregnant, patient.lactating)


def ages_in(text: str) -> list[float]:
    """The ages in years that ``text`` names: "3-year-old", "girl of six", "aged 40"."""
    found = []
    for pattern in _AGES:
        for match in pattern.finditer(text):
            if NO_AGE.match(text, match.end()):
                continue
            number, unit = match["n"].lower(), (match.groupdict().get("unit") or "y").lower()
            if pattern is _AGES[3]:
                unit = "d"
            value = float(_NUMBERS.index(number) + 1) if number in _NUMBERS else float(number)
            years = value * _YEARS_IN[unit[0]]
            if years <= 120:
                found.append(years)
    return found


def of_question(question: str) -> People:
    """Whom the words of a question speak of. An age wins over the words around it ("3-year-old boy")."""
    text = _NOT_A_PERSON.sub(" ", question)
    said = mentioned(text, lay=True)
    bands = frozenset(band for age in ages_in(text) for band in band_of(age)) or _nearest(_groups(text, lay=True))
    if (
        not bands
        and (weight := re.search(r"(?<![\d.,/])(\d{1,2}(?:\.\d)?)\s?kg\b", text))
        and float(weight[1]) < _SMALL_KG
    ):
        bands = MINORS
    return People(bands, said.pregnant, said.breastfeeding)


@lru_cache(maxsize=20_000)
def mentioned(text: str, *, lay: bool = False) -> People:
    """The groups that ``text`` (a heading, a title, a sentence, a question) names, all together."""
    groups = _groups(text, lay=lay)
    bands: frozenset[Band] = frozenset().union(*(_COVERS.get(group, frozenset()) for group in groups))
    return People(bands, True if "pregnant" in groups else None, True if "breastfeeding" in groups else None)


def _groups(text: str, *, lay: bool) -> set[str]:
    return {str(match.lastgroup) for match in _words(lay).finditer(text)}


def _nearest(groups: set[str]) -> frozenset[Band]:
    """The bands of one person's words: "newborn girl" is a newborn, "a child or a grown-up" may be either."""
    named = {_COVERS[group] for group in groups if group in _COVERS}
    return frozenset().union(*(bands for bands in named if not any(other < bands for other in named)))


def of_population(population: tuple[str, ...]) -> People:
    """What a document's ``population`` means."""
    bands: frozenset[Band] = frozenset().union(*(_COVERS.get(name, frozenset()) for name in population))
    return People(bands, True if "pregnancy" in population else None)


@cache
def _words(lay: bool) -> re.Pattern[str]:
    rows = {**table("populations")["age"]}
    for state in ("pregnant", "breastfeeding"):
        rows[state] = table("populations")["pregnancy"][state]
    if lay:
        rows = {group: [*forms, *_LAY.get(group, ())] for group, forms in rows.items()}
    ordered = sorted(rows.items(), key=lambda row: -max(map(len, row[1])))
    alternatives = "|".join(f"(?P<{group}>{any_of(forms)})" for group, forms in ordered)
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?!\w|[- ]Pugh)", re.IGNORECASE)
