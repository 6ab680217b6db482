"""Claims made of a sentence on one line whose figures no quote holds, as they are or converted."""

from __future__ import annotations

import random
import re
from decimal import Decimal
from fractions import Fraction

from checkers.numerals import WORDS
from tests.bench.rewriting import Rewriting, any_replaced


def bad_figure(text: str, chance: random.Random) -> str | None:
    """One figure of the sentence made another that is nowhere in it, in any unit."""
    figures = {Fraction(number.replace(",", "")) for number in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)}
    figures |= {Fraction(value) for word, value in WORDS.items() if re.search(rf"\b{word}\b", text, re.I)}

    def made(match: re.Match[str]) -> str | None:
        value = Decimal(match[0])
        ways = (
            value * 10,
            value / 10,
            value * 2,
            value + 1,
            value * 3,
            value + 5,
            value / 2,
            Decimal(match[0] + "5"),
            value * 1000,
            value / 1000,
        )
        for new in chance.sample(ways, len(ways)):
            fresh = all(Fraction(new) * factor not in figures for factor in _ALL_FACTORS)
            if fresh and 0 < new < 100000:
                return f"{new.normalize():f}"
        return None

    return any_replaced(text, chance, r"(?<![\w.,/:×^-])\d+(?:\.\d+)?(?![\w.,/:×^-]*\d)(?!\w)", made)


_ALL_FACTORS = [Fraction(1)] + [
    Fraction(f) ** sign for f in (7, 12, 24, 60, 3600, 10, 100, 1000, 10**6, 168, 1440, 30) for sign in (1, -1)
]


def bad_unit(text: str, chance: random.Random) -> str | None:
    swaps = {
        "mg": ("g", "mcg", "mL"),
        "g": ("mg", "kg"),
        "mcg": ("mg",),
        "mL": ("L", "mg"),
        "hours": ("days", "minutes"),
        "days": ("weeks", "hours"),
        "weeks": ("days",),
        "mg/kg": ("mg", "mcg/kg"),
        "%": ("mg",),
    }
    units = "|".join(sorted(swaps, key=len, reverse=True))

    def made(match: re.Match[str]) -> str | None:
        other = chance.choice(swaps[match[2]])
        elsewhere = re.search(rf"(?<![\d.]){re.escape(match[1])} ?{other}(?![\w/])", text)
        return None if elsewhere else f"{match[1]} {other}"

    return any_replaced(text, chance, rf"(?<![\w.,-])(\d+(?:\.\d+)?) ?({units})(?![\w/-]| per)", made)


def bad_extra(text: str, chance: random.Random) -> str | None:
    """A figure that the sentence does not have, hung on to it."""
    figure = chance.choice((37, 43, 83, 97, 0.37, 1.9, 47.5, 613))
    if str(figure) in text:
        return None
    return text.rstrip(".") + chance.choice(
        (
            f", {figure} mg daily.",
            f" for {figure} days.",
            f" (maximum {figure} mL).",
            f" every {figure} hours.",
            f", in {figure}% of cases.",
        )
    )


def bad_swap(text: str, chance: random.Random) -> str | None:
    """Half of a range, or a range of two figures that make none."""
    return any_replaced(
        text, chance, r"(?<![\w.,-])(\d+)( to |-|–)(\d+)(?![\w.,-])", lambda m: f"{m[1]}{m[2]}{int(m[3]) * 3 + 1}"
    )


BAD: tuple[Rewriting, ...] = (bad_figure, bad_figure, bad_unit, bad_extra, bad_swap)
