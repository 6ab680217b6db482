"""Harm: a dose of a drug that nobody here knows is passed as if it had been checked.

Source: the contract of this service: what cannot be judged is not released.

Example: "zorbatrix 50 mg daily" goes to review, and so does a known drug of which the tables hold no limits, and an amount of
nothing at all unless a quote or a heading carries it.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.dosing.drugs import find_drugs
from checkers.dosing.names import classes, parts_of
from checkers.judging.faults import judged
from checkers.judging.say import said_dose
from checkers.situation.orders import Order
from checkers.situation.situation import Situation, situation
from checkers.tables import table
from checkers.types import Finding, Rule, Severity, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """One finding for every drug with a dose of which no limits are known, and for doses of no drug at all."""
    worked_out = situation(subject)
    said: set[str | None] = set()
    for order in worked_out.active():
        if order.drug in said or _is_known(order, worked_out):
            continue
        said.add(order.drug)
        yield Finding(
            rule=RULE.id,
            severity=Severity.REVIEW,
            message=_message(order, worked_out),
            span=order.span,
            evidence={"claim": subject.claim.text[slice(*order.span)], "drug": order.drug},
        )


def _is_known(order: Order, situation: Situation) -> bool:
    if order.drug is None:
        return order.how != "unknown" and (situation.subject.claim.quotes is not None or _is_named_around(situation))
    one = judged(order, situation)
    if one is not None and one.fault is not None and one.fault.kind == "no-way":
        return False
    if situation.medicine(order.drug) is not None:
        return True
    return bool(set(classes(order.drug)) & set(table("unlimited")["classes"])) or _has_known_parts(order, situation)


def _has_known_parts(order: Order, situation: Situation) -> bool:
    """Whether it is a part of a combination that has rows of its own, or tablets of one whose parts have."""
    parts = parts_of(str(order.drug))
    if parts and all(situation.medicine(part) is not None for part in parts):
        return True
    named = [one.ingredient for one in situation.mentions if order.drug in one.parts and one.ingredient != order.drug]
    return any(situation.medicine(name) is not None for name in (*named, order.product) if name != order.drug)


def _is_named_around(situation: Situation) -> bool:
    """Whether the place that the claim was cut from names the drug: a heading, a title, the question."""
    subject = situation.subject
    places = [
        f"{quote.citation.title} {quote.citation.section}" for quote in subject.claim.quotes or () if quote.citation
    ]
    return any(one.ingredient for place in (*places, subject.question or "") for one in find_drugs(place))


def _message(order: Order, situation: Situation) -> str:
    if order.drug is None:
        word = situation.text[max(0, order.span[0] - 40) : order.span[0]].split()[-1:]
        named = f' ("{word[0].strip(",:;(")}")' if word and order.how == "unknown" else ""
        return f"{said_dose(order)} is a dose of no drug that the tables know{named}. Check it elsewhere."
    name = order.drug[0].upper() + order.drug[1:]
    if situation.medicine(order.drug) is not None:
        return (
            f"{name} {said_dose(order)}: the tables hold no way of giving it that this can be set beside. Check it "
            f"elsewhere."
        )
    return f"{name} {said_dose(order)}: the tables hold no limits for this drug. Check the dose elsewhere."


RULE = Rule.documented(__doc__, id="dose-unknown-drug", version=1, check=check)
