"""Units of measure: reads the units that laboratories and scales report, and converts them exactly.

Source: The Unified Code for Units of Measure (UCUM) 2.1, tables 1 to 6; ``data/ucum.toml`` has the atoms that are used here.
A unit that is not in the table is not guessed at: its value is not used.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

from cdss.tables import table

_TERM = re.compile(r"(?P<sign>[./]?)(?P<atom>10\*-?\d+|[A-Za-z%'\[\]_*]+|\d+)(?P<power>-?\d)?")


@dataclass(frozen=True, slots=True)
class Unit:
    """``factor`` times the base units, each with its power: mg/dL is 1/100 g/L, kept as mass 1, volume -1."""

    factor: Fraction
    dimensions: tuple[tuple[str, int], ...]

    def has(self, **wanted: int) -> bool:
        """Whether its dimensions are exactly ``wanted``."""
        return dict(self.dimensions) == wanted


@lru_cache(maxsize=512)
def read(written: str) -> Unit | None:
    """The unit that ``written`` means, by its UCUM code or by a spelling that is common; ``None`` if it is not known."""
    text = written.strip()
    spelt = table("ucum")["spellings"].get(text.casefold())
    return _parsed(spelt if spelt is not None else text)


def _parsed(code: str) -> Unit | None:
    bare = re.sub(r"\{[^{}]*\}", "", code)
    if bare in ("", "1"):
        return Unit(Fraction(1), ())
    factor, dimensions, at = Fraction(1), Counter[str](), 0
    if bare.startswith("/"):
        bare = "1" + bare
    while at < len(bare):
        match = _TERM.match(bare, at)
        if match is None or (at > 0 and not match["sign"]):
            return None
        atom = _atom(match["atom"])
        if atom is None:
            return None
        power = int(match["power"] or 1) * (-1 if match["sign"] == "/" else 1)
        factor *= atom.factor**power
        for name, one in atom.dimensions:
            dimensions[name] += one * power
        at = match.end()
        if at < len(bare) and bare[at:] in ("/", "."):  # "10*3/{cells}" has an empty denominator
            break
    return Unit(factor, tuple(sorted((name, power) for name, power in dimensions.items() if power)))


@cache
def _atoms() -> dict[str, Unit]:
    rows: dict[str, Any] = table("ucum")["atoms"]
    return {
        name: Unit(Fraction(row["factor"]), tuple(sorted((d, int(p)) for d, p in row["of"].items())))
        for name, row in rows.items()
    }


def _atom(written: str) -> Unit | None:
    if written.startswith("10*"):
        return Unit(Fraction(10) ** int(written[3:]), ())
    if written.isdigit():
        return Unit(Fraction(int(written)), ()) if int(written) else None
    if written in _atoms():
        return _atoms()[written]
    prefixes: dict[str, str] = table("ucum")["prefixes"]
    for prefix in sorted(prefixes, key=len, reverse=True):
        rest = written.removeprefix(prefix)
        row = table("ucum")["atoms"].get(rest) if rest != written else None
        if row is not None and row.get("metric"):
            base = _atoms()[rest]
            return Unit(base.factor * Fraction(prefixes[prefix]), base.dimensions)
    return None
