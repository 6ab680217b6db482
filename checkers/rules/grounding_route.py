"""Harm: a drug is given by another route than the guideline says: a vein for a muscle, a spine for a vein.

Source: ISMP and WHO reports of fatal wrong-route errors (vincristine into the spine, enteral feeds into a vein).

Example: the quote says "5 mg IM". The claim "5 mg intramuscularly" passes; "5 mg IV" is blocked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from checkers.grounds import grounds
from checkers.tables import any_of, table
from checkers.types import Finding, Rule, Severity, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every route of the claim that stands neither in its quotes nor over them."""
    ground = grounds(subject)
    if ground is None:
        return
    quoted = {route for text in (*ground.quotes, ground.context) for route, _, _ in routes(text)}
    for route, start, end in routes(ground.claim):
        if route not in quoted:
            words = ground.claim[start:end]
            others = ", ".join(sorted(quoted))
            message = (
                f'"{words}": the quote says {others}.'
                if others
                else f'"{words}" is a route that the quote does not name.'
            )
            severity = Severity.BLOCK if others else Severity.REVIEW
            yield ground.finding(RULE.id, severity, message, (start, end), claim=words, source=others or None)


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


RULE = Rule.documented(__doc__, id="grounding-route", version=1, check=check)
