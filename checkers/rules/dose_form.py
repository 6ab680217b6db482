"""Harm: a product made for one way of giving goes in by another: syrup or a depot into a vein, a slow tablet crushed.

Source: ISMP, oral dosage forms that should not be crushed, and alerts on wrong-route injection.

Example: "potassium chloride oral solution 20 mEq through the PICC" and "OxyContin 20 mg crushed" are blocked; "swallow whole,
do not crush" passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkers.dosing.drugs import find_drugs
from checkers.judging.say import drug_of
from checkers.judging.slow import said_of, slow_product
from checkers.situation.orders import Order
from checkers.situation.situation import situation
from checkers.tables import table
from checkers.types import Finding, Rule, Severity, Subject

_CHANGED = re.compile(
    r"\b(?:or|then|switch\w*|chang\w+|convert\w*|step\w*|instead|if|until|once|followed by|replac\w+|equivalent)\b",
    re.IGNORECASE,
)


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every order whose product is not made for its route, or is crushed and must not be."""
    worked_out = situation(subject)
    for order in worked_out.active():
        found = _misplaced(order) or _crushed(order, worked_out.text)
        if found is not None:
            severity, says, words = found
            yield Finding(
                rule=RULE.id,
                severity=severity,
                message=f"{drug_of(order)} ({words}): {says}",
                span=order.span,
                evidence={"claim": subject.claim.text[slice(*order.span)], "form": words},
            )


def _misplaced(order: Order) -> tuple[Severity, str, str] | None:
    rows = table("forms")
    for row in rows["form"]:
        barred = rows["parenteral"] if row["bars"] == "parenteral" else row["bars"]
        if order.route not in barred:
            continue
        match = said_of(tuple(row["words"]), order.said) or said_of(tuple(row["words"]), _without_drugs(order.said))
        if match is not None and not _CHANGED.search(order.said):
            return Severity.BLOCK, row["says"], match
    return None


def _without_drugs(said: str) -> str:
    """``said`` without the names of drugs: "oral morphine solution" is an oral solution."""
    for drug in reversed(find_drugs(said) if "oral" in said.lower() else ()):
        said = said[: drug.span[0]] + said[drug.span[1] :].lstrip()
    return said


def _crushed(order: Order, text: str) -> tuple[Severity, str, str] | None:
    row = table("forms")["crush"]
    product = slow_product(order.said)
    if product is None:
        return None
    clause = max(text.rfind(mark, 0, order.words[0]) for mark in (".", ";", "\n")) + 1  # "do not split, chew or crush"
    if said_of(tuple(row["verbs"]), text[clause : order.words[1]]) is not None:
        return Severity.BLOCK, row["says"], product
    return (Severity.REVIEW, row["tube_says"], product) if order.route in row["tube"] else None


RULE = Rule.documented(__doc__, id="dose-form", version=1, check=check)
