"""Two numbers of a phrase, and how many days its times come to."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from checkers.dosing.scan import Token
from checkers.tables import table


@dataclass(frozen=True, slots=True)
class Span:
    """Two numbers in the order in which they stand, and their tokens."""

    first: Token
    last: Token
    joint: str = ""

    @property
    def low(self) -> Fraction:
        """The lesser."""
        return min(Fraction(self.first.value), Fraction(self.last.value))

    @property
    def high(self) -> Fraction:
        """The greater."""
        return max(Fraction(self.first.value), Fraction(self.last.value))


@cache
def days_of() -> dict[str, Fraction]:
    """Days of "hour", "week" and the like."""
    return {name: Fraction(days) for name, days in table("dosing")["days_of"].items()}


def in_parts(pair: tuple[Fraction, ...]) -> Fraction | None:
    """Days of the British "5/7", "2/52", "3/12": days of a week, weeks of a year, months of a year."""
    days = {7: Fraction(1), 52: Fraction(7), 12: Fraction(30)}.get(int(pair[-1]) if len(pair) == 2 else 0)
    return pair[0] * days if days and pair[0].denominator == 1 else None
