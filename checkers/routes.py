"""Routes by which a text says that a drug is given. Source: ``data/routes.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from checkers.tables import any_of, table


def routes(text: str) -> Iterator[tuple[str, int, int]]:
    """Every route that folded ``text`` names, with its place. "IN" and "IT" count only behind a number or a dash."""
    for match in _pattern().finditer(text):
        yield str(match.lastgroup).removesuffix("_short"), match.start(), match.end()


@cache
def _pattern() -> re.Pattern[str]:
    rows = table("routes")
    words = "|".join(f"(?P<{route}>(?i:{any_of(forms)}))" for route, forms in rows["words"].items())
    short = "|".join(f"(?P<{route}_short>{any_of(forms)})" for route, forms in rows["abbreviations"].items())
    figure = r"(?:(?!I[NT]\b)|(?<=[\w/] ))"
    return re.compile(rf"(?<![\w-])(?:{words}|{figure}(?:{short}))(?![\w])")
