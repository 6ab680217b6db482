"""Laboratory values in a text: "potassium 6.1", "trough 42 mg/L"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from checkers.situation.single_value import IS, LIMIT, NO_RANGE, NUMBER, Told
from checkers.tables import table

_ASKED = re.compile(r"\b(?:target|goal|aim|keep|maintain|titrat\w+|until|if|when)\W+(?:\w+\W+){0,2}$", re.IGNORECASE)
"""Before a value: it is wished for, or a condition."""
_PRESSURE = re.compile(
    rf"\b(?:(?-i:BP)|blood pressure)\b{IS}(?P<n>\d{{2,3}})\s*/\s*\d{{2,3}}\b(?!\s*(?:mg|mcg|or|to|-))", re.IGNORECASE
)
_SUFFIXES = {"mmol/l": "_mmol_l", "µmol/l": "_umol_l", "umol/l": "_umol_l", "micromol/l": "_umol_l", "g/l": "_g_l"}
"""How the catalogue names a value in a unit that prose states."""
_COUNT = r"(?P<n>\d{1,3}(?:,\d{3})++(?!\d)|\d++(?:\.\d++)?)"
_BEFORE_NOW = re.compile(
    r"\b(?:last (?:week|month|night|time|visit)|previous|prior|earlier|yesterday)(?:'s)?\b[^.;,]{0,20}$", re.IGNORECASE
)
"""Before a value: it was another's, or another day's."""


def labs(text: str) -> Iterator[Told]:
    """Laboratory values in the unit of the record, and levels without a drug's name."""
    small = text.lower()
    for name, (forms, pattern) in _lab_patterns().items():
        if not any(form in small for form in forms):
            continue  # a text names few tests, and to look for a word is quick
        row = table("labs")["labs"][name]
        for match in pattern.finditer(text):
            if LIMIT.search(text[max(0, match.start() - 16) : match.start()]) and not re.search(
                r"\b(?:and|for|if|when|to)\W*$", text[max(0, match.start() - 16) : match.start()], re.IGNORECASE
            ):
                continue
            if _ASKED.search(text[max(0, match.start() - 24) : match.start()]):
                continue
            if _BEFORE_NOW.search(text[max(0, match.start() - 32) : match.start()]):
                continue
            number = _in_unit(float(match["n"].replace(",", "")), (match["u"] or "").lower(), row)
            if row["least"] <= number <= row["most"]:
                yield Told(name, number, match.span())
    for match in _PRESSURE.finditer(text):
        if not _ASKED.search(text[max(0, match.start() - 24) : match.start()]):
            yield Told("systolic_mm_hg", float(match["n"]), match.span())
    for match in re.finditer(
        rf"\b(?:trough|level)\b{IS}{NUMBER}{NO_RANGE}(?:\s*(?:mg/L|mcg/mL|µg/mL|ng/mL|mEq/L|mmol/L))",
        text,
        re.IGNORECASE,
    ):
        yield Told("lone_level", float(match["n"]), match.span())


def _in_unit(number: float, said: str, row: dict[str, Any]) -> float:
    """``number`` of the unit that the text states in the catalogue's, which it also has where only another unit is possible."""
    if said in row.get("other", ()):
        return number * float(row["factor"])
    suffix = _SUFFIXES.get(said)
    for name, factor in row.get("units", {}).items():
        if suffix and name.endswith(suffix):
            return number * float(factor)
    also = row.get("also")
    if also and not said and not row["least"] <= number <= row["most"] and also["from"] <= number < also["below"]:
        return number * float(also["factor"])
    return number


@cache
def _lab_patterns() -> dict[str, tuple[tuple[str, ...], re.Pattern[str]]]:
    """The names of every test, in small letters, and the pattern of its value."""
    patterns = {}
    for name, row in table("labs")["labs"].items():
        if not row["forms"]:
            continue
        forms = sorted(row["forms"], key=len, reverse=True)
        no_share = "" if row["unit"] == "%" else r"(?!\s*%)"
        any_of = "|".join(f"(?-i:{re.escape(form)})" if len(form) <= 4 else re.escape(form) for form in forms)
        pattern = re.compile(
            rf"(?<![\w-])(?:{any_of})(?![\w/-]){IS}{_COUNT}{NO_RANGE}(?!\s*(?:mEq|mmol|mg|g|mcg|units?|IU"
            rf"|mL)\b(?!\s*/\s*d?L))(?!\s*/\s*\d){no_share}\s*(?P<u>mmol/L|mg/dL|mEq/L|ng/mL|mcg/mL|mg/L|ms|g/dL|g/L"
            rf"|[µu]mol/L|micromol/L)?",
            re.IGNORECASE,
        )
        patterns[name] = tuple(form.lower() for form in forms), pattern
    return patterns
