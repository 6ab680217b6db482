"""Numbers as they are written in prose: digits, separators, fractions, powers of ten, words. All values are exact."""

from __future__ import annotations

import re
from fractions import Fraction
from unicodedata import numeric

WORDS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split()
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
FRACTION_WORDS = {
    "half": Fraction(1, 2),
    "one half": Fraction(1, 2),
    "one third": Fraction(1, 3),
    "two thirds": Fraction(2, 3),
}
SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "billion": 1_000_000_000}

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_VULGAR = "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞"

_DIGITS = (
    r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?"  # 1,500
    r"|\d{1,3}(?: \d{3})* 000(?!\d)"  # 2 400 000
    r"|\d+,\d{1,2}(?!\d)(?!,\d)"  # 6,25
    r"|\d+(?:[.·]\d+)*"
    r"|[.·]\d+)"
)
_WORD = "(?:" + "|".join(sorted([*WORDS, "half"], key=len, reverse=True)) + r")(?![\w])"
MIXED = rf"(?:\d+[ -]?[{_VULGAR}]|[{_VULGAR}]|(?:\d+ )?[1-9]/(?:[2-9]|10|12)(?![\d/.]))"
"""A whole number and a fraction, or a small fraction alone: "1½", "1 1/2", "1/2"; 120/80 is a pair and not one of them."""
NUMBER = (
    r"(?:"
    rf"{_DIGITS}(?:\s?[x×*]\s?10(?:\^-?\d+|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))?"
    rf"|(?<![\w-])(?i:{_WORD})"
    r")"
    r"(?:\s?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"
    r"(?:\s(?i:hundred|thousand|million|billion)\b)?"
)
"""One number. Not inside a name: "B12" and "COVID-19" are words."""

_POWER = re.compile(r"\s?[x×*]\s?10(?:\^(-?\d+)|([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+))$")
_RAISED = re.compile(r"\s?([⁰¹²³⁴⁵⁶⁷⁸⁹]+)$")
_SCALE = re.compile(r"\s(hundred|thousand|million|billion)$", re.IGNORECASE)


def value(written: str) -> Fraction:
    """What ``written``, matched by ``NUMBER`` or ``MIXED``, is worth: "1,500" is 1500, "6,25" is 25/4, "10⁹" is 10**9.

    Raises ``ValueError`` for digits that are no quantity: a section number, a date, a pair such as 120/80.
    """
    if scale := _SCALE.search(written):
        return value(written[: scale.start()]) * SCALES[scale[1].lower()]
    if power := _POWER.search(written):
        exponent = int(power[1] or power[2].translate(_SUPERSCRIPTS))
        return value(written[: power.start()]) * Fraction(10) ** max(-40, min(exponent, 40))
    if raised := _RAISED.search(written):
        return value(written[: raised.start()]) ** min(int(raised[1].translate(_SUPERSCRIPTS)), 40)
    written = written.strip().lower().replace("·", ".")
    if written in WORDS:
        return Fraction(WORDS[written])
    if written in FRACTION_WORDS:
        return FRACTION_WORDS[written]
    if written[-1] in _VULGAR:
        whole = written[:-1].strip(" -")
        return Fraction(int(whole) if whole else 0) + Fraction(numeric(written[-1])).limit_denominator(10)
    if re.fullmatch(MIXED, written):
        *wholes, part = written.split()
        return Fraction(int(wholes[0]) if wholes else 0) + Fraction(part)
    if re.fullmatch(r"\d+,\d{1,2}", written):
        written = written.replace(",", ".")
    digits = written.replace(",", "").replace(" ", "")
    if not re.fullmatch(r"\d*\.?\d+|\d+\.", digits):
        raise ValueError("digits, but not one number")
    return Fraction(digits)
