"""Laboratory values in a text: "potassium 6.1", "trough 42 mg/L"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from checkers.situation.single_value import IS, LIMIT, NO_RANGE, NUMBER, Told
from checkers.tables import table

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
            if re.search(
                r"\b(?:target|goal|aim|keep|maintain|until|if|when)\W+(?:\w+\W+){0,2}$",
                text[max(0, match.start() - 24) : match.start()],
                re.IGNORECASE,
            ):
                continue
            if _BEFORE_NOW.search(text[max(0, match.start() - 32) : match.start()]):
                continue
            number = _in_own_unit(row, float(match["n"]), (match["u"] or "").lower())
            if row["least"] <= number <= row["most"]:
                yield Told(name, number, match.span())
    for match in re.finditer(
        rf"\b(?:trough|level)\b{IS}{NUMBER}{NO_RANGE}(?:\s*(?:mg/L|mcg/mL|µg/mL|ng/mL|mEq/L|mmol/L))",
        text,
        re.IGNORECASE,
    ):
        yield Told("lone_level", float(match["n"]), match.span())


def _in_own_unit(row: dict[str, Any], number: float, unit: str) -> float:
    """``number`` of ``unit`` in the unit of the test: by the units that records have for it, else where only another can be meant."""
    if unit in row.get("other", ()):
        return number * float(row["factor"])
    ending = "_" + unit.replace("µ", "u").replace("/", "_")
    factor = next((one for name, one in row.get("units", {}).items() if unit and name.endswith(ending)), None)
    if factor is not None:
        return round(number * float(factor), 6)
    also = row.get("also")
    if also and not unit.endswith("/dl") and also["from"] <= number < also["below"]:
        return round(number * float(also["factor"]), 6)
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
            rf"(?<![\w-])(?:{any_of})(?![\w/-]){IS}{NUMBER}{NO_RANGE}(?!\s*(?:mEq|mmol|mg|g|mcg|units?|IU"
            rf"|mL)\b(?!\s*/\s*d?L))(?!\s*/\s*\d){no_share}\s*(?P<u>mmol/L|mg/dL|mEq/L|ng/mL|mcg/mL|mg/L|ms|g/dL|g/L|[µu]mol/L)?",
            re.IGNORECASE,
        )
        patterns[name] = tuple(form.lower() for form in forms), pattern
    return patterns
