"""Sums that a text writes out, "5 × (80 + 25) = 525 mg", worked out again.

Masses count in milligrams. What is not a sum of numbers, their units and brackets is left alone, and so are ranges.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from checkers.judging.thresholds import threshold
from checkers.situation.amounts import measure
from checkers.types import Severity

_DOSE = r"(?:mg|mcg|µg|micrograms?|g|mL|units?|mmol|mEq)"
_UNIT = rf"(?:{_DOSE}|kg|L|m2|m²|cm|years?|hours?|hrs?|h|minutes?|mins?|days?|doses?|tablets?|tabs?|vials?)"
_TOKEN = re.compile(
    rf"\s*(?:(?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?|\.\d+)\s*(?P<unit>{_UNIT}(?:\s*/\s*{_UNIT})*(?![\w²]))?"
    r"|(?P<op>[x×*+÷/()]|[−–-](?=\s)))",
    re.IGNORECASE,
)
_RIGHT = re.compile(
    rf"\s*(?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?)(?![\d.,]\d|\d)\s*(?P<unit>{_UNIT}(?![\w²]))?(?!\s*(?:[-–]|to)\s*\d)",
    re.IGNORECASE,
)
_RANGED = re.compile(r"(?:[-–]|\b(?:to|or))\s*\Z")
"""Before a number: it is the end of a range."""
_ROUNDED = re.compile(
    rf"(?<![\w.,])(?P<n>\d+(?:,\d{{3}})*(?:\.\d+)?)\s*(?P<unit>{_DOSE})(?![\w/])[^.;\d]{{0,24}}?"
    rf"\bround\w*\s+(?:up |down |off )?(?:to )?(?P<n2>\d+(?:,\d{{3}})*(?:\.\d+)?)\s*(?P<unit2>{_DOSE})(?![\w/])",
    re.IGNORECASE,
)
_TIMES = {Decimal(60), Decimal(24), Decimal(1440), 1 / Decimal(60), 1 / Decimal(24), 1 / Decimal(1440)}
_TIMED = re.compile(r"\b(?:h|hr|hrs|hours?|min|mins|minutes?|days?|daily)\b|/\s*(?:h|min|d)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A sum that does not come to what stands behind it at ``span``: ``ratio`` is how far off it is, at least 1."""

    sum_: str
    stated: str
    expected: Decimal
    ratio: Decimal
    severity: Severity
    span: tuple[int, int]


def wrong_sums(text: str) -> Iterator[Wrong]:
    """Every sum of ``text`` that is wrong by more than a rounding."""
    for at in (match.start() for match in re.finditer("=", text)):
        right = _RIGHT.match(text, at + 1)
        left = _expression(text[max(0, at - 100) : at])
        if right is None or left is None:
            continue
        words, worth, masses = left
        stated = Decimal(right["number"].replace(",", ""))
        unit = right["unit"] or ""
        if masses == 1 and measure(unit)[0] == "mass":
            stated *= measure(unit)[1]
        if not stated or not worth:
            continue
        meant = {Decimal(1), *(_TIMES if _TIMED.search(words + right[0]) else ())}
        nearest = min((worth * one for one in meant), key=lambda one: max(one / stated, stated / one))
        wrong = _weighed(words, right[0].strip(), nearest, stated)
        if wrong is not None:
            yield replace(wrong, span=(right.start("number"), right.end()))


def wrong_roundings(text: str) -> Iterator[Wrong]:
    """Every amount that was "rounded to" one which is no rounding of it."""
    for match in _ROUNDED.finditer(text):
        (kind, factor), (other, per) = measure(match["unit"]), measure(match["unit2"])
        first, second = Decimal(match["n"].replace(",", "")) * factor, Decimal(match["n2"].replace(",", "")) * per
        if kind == other and first and second:
            wrong = _weighed(match["n"] + " " + match["unit"], match["n2"] + " " + match["unit2"], first, second)
            if wrong is not None:
                yield replace(wrong, span=(match.start("n2"), match.end()))


def _weighed(words: str, said: str, worth: Decimal, stated: Decimal) -> Wrong | None:
    ratio = max(worth / stated, stated / worth)
    if ratio < threshold("arithmetic", "review"):
        return None
    severity = Severity.BLOCK if ratio >= threshold("arithmetic", "block") else Severity.REVIEW
    return Wrong(words, said, worth, ratio, severity, (0, 0))


def _expression(before: str) -> tuple[str, Decimal, int] | None:
    """The longest sum that ends where ``before`` does: its words, what it comes to, and how many masses it holds."""
    for match in re.finditer(r"(?<![\w.,/])[\d.(]", before):
        if _RANGED.search(before, 0, match.start()):
            continue
        words = before[match.start() :].strip()
        tokens = _tokens(words)
        if tokens is None or not any(kind == "op" and sign not in "()" for kind, sign in tokens):
            continue
        reader = _Reader(tokens)
        try:
            worth = reader.sum_()
        except (ValueError, ArithmeticError):
            continue
        if reader.at == len(tokens):
            masses = sum(1 for kind, _ in tokens if kind == "mass")
            return words, worth, masses
    return None


def _tokens(words: str) -> list[tuple[str, str]] | None:
    found, at = [], 0
    while at < len(words):
        match = _TOKEN.match(words, at)
        if match is None:
            return None
        if match["op"]:
            found.append(("op", match["op"]))
        else:
            number, unit = match["number"].replace(",", ""), re.split(r"\s*/\s*", match["unit"] or "")[0]
            kind = "mass" if unit and unit != "kg" and measure(unit)[0] == "mass" else "number"
            found.append((kind, str(Decimal(number) * measure(unit)[1]) if kind == "mass" else number))
        at = match.end()
    return found


class _Reader:
    """Reads a sum of tokens from left to right; a minus counts within brackets only, elsewhere it is a range."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0

    def sum_(self) -> Decimal:
        worth = self._product()
        while (sign := self._sign()) in ("+", "-", "−", "–"):
            if sign != "+" and not self.depth:
                raise ValueError("a range")
            self.at += 1
            worth = worth + self._product() if sign == "+" else worth - self._product()
        return worth

    def _product(self) -> Decimal:
        worth = self._factor()
        while (sign := self._sign()) in ("x", "X", "×", "*", "/", "÷"):
            self.at += 1
            other = self._factor()
            worth = worth / other if sign in "/÷" else worth * other
        return worth

    def _factor(self) -> Decimal:
        if self._sign() == "(":
            self.at, self.depth = self.at + 1, self.depth + 1
            worth = self.sum_()
            if self._sign() != ")":
                raise ValueError("an open bracket")
            self.at, self.depth = self.at + 1, self.depth - 1
            return worth
        if self.at >= len(self.tokens) or self.tokens[self.at][0] == "op":
            raise ValueError("no number")
        self.at += 1
        return Decimal(self.tokens[self.at - 1][1])

    def _sign(self) -> str | None:
        if self.at < len(self.tokens) and self.tokens[self.at][0] == "op":
            return self.tokens[self.at][1]
        return None
