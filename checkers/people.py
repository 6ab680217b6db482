"""Groups of people that a text names. Source: ``data/populations.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from checkers.tables import any_of, table

AXES = ("age", "pregnancy", "sex")


def groups(text: str) -> Iterator[tuple[str, int, int]]:
    """Every group that folded ``text`` names, with its place: "neonate", "child", "pregnant"."""
    for match in _pattern().finditer(text):
        yield str(match.lastgroup), match.start(), match.end()


@cache
def _pattern() -> re.Pattern[str]:
    rows = {group: forms for axis in AXES for group, forms in table("populations")[axis].items()}
    ordered = sorted(rows.items(), key=lambda row: -max(map(len, row[1])))
    alternatives = "|".join(f"(?P<{group}>{any_of(forms)})" for group, forms in ordered)
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?!\w|[- ]Pugh)", re.IGNORECASE)
