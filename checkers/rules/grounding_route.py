"""Harm: a drug is given by another route than the guideline says: a vein for a muscle, a spine for a vein.

Source: ISMP and WHO reports of fatal wrong-route errors (vincristine into the spine, enteral feeds into a vein).

Example: the quote says "5 mg IM". The claim "5 mg intramuscularly" passes; "5 mg IV" is blocked.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.grounds import grounds
from checkers.routes import routes
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


RULE = Rule.documented(__doc__, id="grounding-route", version=1, check=check)
