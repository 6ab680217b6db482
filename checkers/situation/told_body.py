"""Ages, weights and body surfaces in a text: "86 y", "3.2-kg term newborn", "BSA 1.7"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkers.situation.single_value import FOR_A, IS, LIMIT, NO_RANGE, NUMBER, Told
from checkers.tables import table
from checkers.units import unit

_OF_OTHERS = re.compile(
    r"\b(?:breast[- ]?feed\w*|feeds?|nursing|lactating|mother of|delivered|gave birth to|infant|baby|son|daughter|child|newborn"
    r"|sibling|has)\b(?:\W+(?:and|to|of|a|an|her|his|their|the|is|aged?))*\W*$",
    re.IGNORECASE,
)
"""Before an age: it is somebody else's."""

_AGE = re.compile(
    rf"(?<![\w.]){NUMBER}[\s-]*(?:(?P<u>years?|yrs?|months?|mos?|weeks?|wks?|days?)[\s-]*(?:old\b|of age\b|of life\b)"
    rf"|(?P<s>y|yr|yo|y/o|y\.o\.|mo|m\.o\.)\s*(?=[,;)\]]|\b(?:o|old|m|f|male|female|man|woman|boy|girl)\b))"
    rf"|\b(?:aged?|age of|aged about)\s*(?:is|:|=)?\s*(?P<n2>\d+(?:\.\d+)?)\b(?!\s*(?:to|-|–|or"
    rf"|and)\s*\d)(?:\s*(?P<u2>years?|yrs?|y|months?|weeks?|days?)\b)?|\bday (?P<n3>\d+) of life\b"
    r"|\((?P<n4>\d{1,3})\s?(?:[MFmf]|[Yy])(?=[,;)\s])",
    re.IGNORECASE,
)
_IN_A_YEAR = {"y": 1.0, "m": 12.0, "w": 52.18, "d": 365.25}


def ages(text: str) -> Iterator[Told]:
    """Ages in years, and newborns."""
    for match in _AGE.finditer(text):
        before = text[max(0, match.start() - 30) : match.start()]
        number = float(match["n"] or match["n2"] or match["n3"] or match["n4"])
        unit = (match["u"] or match["s"] or match["u2"] or ("d" if match["n3"] else "y"))[0].lower()
        after = text[match.end() : match.end() + 12]
        if LIMIT.search(before) and not FOR_A.search(before):
            continue
        if re.search(r"\b(?:her|their)\W+$", before, re.IGNORECASE) or (
            re.search(r"\b(?:breast|feeds?|nursing|lactating|mother|birth|delivered)", before, re.IGNORECASE)
            and _OF_OTHERS.search(before)
        ):
            continue
        if re.match(r"\s*(?:or|and)\s+(?:older|younger|over|above|under|up)|\s*(?:to|-|–)\s*\d", after):
            continue
        yield Told("age_years", number / _IN_A_YEAR[unit], match.span())
    for word, years in table("situation")["ages"].items():
        for match in re.finditer(rf"\b(?:this|term|preterm|a|the|old)\s+(?:\w+\s+)?{word}\b", text, re.IGNORECASE):
            yield Told("newborn", float(years), match.span())


_WEIGHT = re.compile(
    rf"(?<![\w./<>≤≥]){NUMBER}{NO_RANGE}[\s-]*(?P<u>kg|kilograms?|kilos?|lbs?|pounds?)\b(?!\s*/)(?!\s*m[²2])",
    re.IGNORECASE,
)
_SURFACE = re.compile(rf"\b(?:BSA|body surface area)\b{IS}{NUMBER}{NO_RANGE}", re.IGNORECASE)


def weights(text: str) -> Iterator[Told]:
    """Weights in kg and body surfaces in m²."""
    for match in _WEIGHT.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        after = text[match.end() : match.end() + 16]
        if re.search(r"/\s*$|\d\s*(?:to|-|–|or|and)\s*$", before) or re.match(
            r"\s*(?:or|and) (?:more|less|over|above|below|up|heavier)|\s*[+]|[\s-]*(?:to|-|–)\s*\d", after
        ):
            continue
        if re.search(r"\b(?:per|each|every|nearest|lost|loss of|gain(?:ed)?)\s*$", before):
            continue
        if LIMIT.search(before) and not FOR_A.search(before):
            continue
        number = float(match["n"])
        kilograms = number if match["u"].lower().startswith("k") else number * float(unit("lb").per / unit("kg").per)
        yield Told("weight_kg", kilograms, match.span())
    for match in _SURFACE.finditer(text):
        yield Told("bsa_m2", float(match["n"]), match.span())
