"""A single value that a text tells of its patient: a ``Told`` is the name of a fact, its value, and where it stands.

Only single values count: "CrCl 15 to 30" and "eGFR below 30" are for whom it is, not who it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """A fact that a text tells: ``age_years``, ``weight_kg``, a laboratory value's name, and so on."""

    fact: str
    value: float | str | bool
    span: tuple[int, int]


NUMBER = r"(?P<n>\d++(?:\.\d++)?)"
NO_RANGE = (
    r"(?!\s*(?:to|-|–|or|and)\s*\d)(?![\d.]*\d)"
    r"(?!\s*(?:m?mol/L|mEq/L|mg/dL|mL/min\S*|ms|kg|years?)?\s*(?:or|and)\s+"
    r"(?:more|less|higher|lower|above|over|below|under|older))"
)
"""Right behind a number: it is not the first of two, nor a bound."""

IS = (
    r"(?:\s*(?:level|value|now|today|currently|is|are|was|of|at|=|:|about|approximately|~|≈|only|this morning|tonight"
    r"|(?:has |had |have )?(?:rose|fell|dropped|risen|fallen|climbed|declined|decreased|increased|gone up|gone down)"
    r"(?: from \d+(?:\.\d+)?\s?%?)? to"
    r"|(?:now )?(?:down|up) to|came back at|measured at|remains|still|\())*\s*"
)
"""Between the name of a fact and its number."""

LIMIT = re.compile(
    r"(?:[<>≤≥]|\b(?:below|under|above|over|than|least|most|exceeds?|up to|until|unless|between|from|target|goal"
    r"|aim|keep|maintain|if|when|per|every|each|for|to|or|and|by|reach|achieve)\b)\W*(?:the |a |an |about "
    r"|approximately )?$",
    re.IGNORECASE,
)
"""Right before a number: it is a bound, a goal or a rate."""

FOR_A = re.compile(r"(?:\bfor(?: a| an| this| the)?|[×x*])\s*$", re.IGNORECASE)
"""Right before a number: it is a value all the same, though ``LIMIT`` finds a bound."""
