"""Words that change what a sentence asks for: conditions, exceptions, negations, strength, limits, populations.

Source: ``data/cues.toml``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from checkers.tables import any_of, table

KINDS = ("exception", "negation", "condition", "strength", "limit", "population")


class Cue(NamedTuple):
    """A cue as it was found: its kind, one of ``KINDS``, and its words."""

    kind: str
    words: str


def cue(text: str) -> Cue | None:
    """The first cue in folded ``text``. "No." is a number's abbreviation."""
    match = _pattern().search(text)
    return Cue(str(match.lastgroup), match[0]) if match else None


@cache
def _pattern() -> re.Pattern[str]:
    kinds = "|".join(f"(?P<{kind}>{any_of(table('cues')[kind]['phrases'])})" for kind in KINDS)
    return re.compile(rf"(?<![\w-])(?:{kinds})(?![\w-])(?<!\bno(?=\.))", re.IGNORECASE)
