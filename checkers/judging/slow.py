"""Whether an order is for a product that releases its drug slowly. Source of the words: ``data/forms.toml``."""

from __future__ import annotations

import re
from functools import cache

from checkers.remember import remembered
from checkers.tables import table

_REFUSED = re.compile(
    r"\b(?:not?|never|don't|without|avoid\w*|instead of|rather than|unlike|than|or)\b[^.;,]{0,24}$"
    r"|\b(?:do not|don't|never|should not|must not)\b[^.;]{0,40}$",
    re.IGNORECASE,
)


@remembered()
def slow_product(said: str) -> str | None:
    """The words of ``said`` that name a product of slow release, by its brand, in full or by "MR", "XL" and the like."""
    row = table("forms")["crush"]
    if found := said_of(tuple(row["products"]), said):
        return found
    match = _abbreviations().search(said)
    return match[0] if match else None


def said_of(words: tuple[str, ...], said: str) -> str | None:
    """The first of ``words`` that ``said`` names and does not refuse."""
    for match in _any_of(words).finditer(said):
        if not _REFUSED.search(said[: match.start()]):
            return match[0]
    return None


@cache
def _abbreviations() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(table('forms')['crush']['exact'])})\b")


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, ordered))})(?![\w-])", re.IGNORECASE)
