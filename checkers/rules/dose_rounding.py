"""Harm: a dose is rounded away from what was worked out, or to an amount that nobody can measure.

Source: the rounding steps of the tables; ISMP guidance on measurable doses.

Example: 1.6 mcg/kg of 75 kg is 120 mcg; "rounded to 125 mcg" passes, "rounded to 137 mcg" goes to review.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from checkers.judging.arithmetic import miscounts
from checkers.judging.faults import judged
from checkers.judging.say import drug_of, finding
from checkers.situation.amounts import figure, measure
from checkers.situation.orders import Order
from checkers.situation.situation import Situation, situation
from checkers.types import Finding, Rule, Severity, Subject

_ROUNDS = re.compile(r"\bround(?:ed|ing|s)?\b", re.IGNORECASE)
_FINE = Decimal(8)
"""Parts of the rounding step that a dose may be finer than before somebody has to look."""


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every rounded dose that is off the table's step, or needs finer measuring than the step allows."""
    worked_out = situation(subject)
    for order in worked_out.active():
        one = judged(order, worked_out)
        if one is None or one.fault is not None or miscounts(order, worked_out):
            continue
        steps = {near.regimen.round_to: near.regimen for near in one.fits if near.regimen.round_to}
        for step, row in steps.items():
            if step is not None and (value := _off(order, step, row.unit, worked_out)) is not None:
                message = (
                    f"{drug_of(order)} {figure(value)} {row.unit} is no multiple of {figure(step)} {row.unit}, to which it is "
                    f"rounded."
                )
                yield finding(RULE.id, Severity.REVIEW, message, order.span, row, worked_out)
                break


def _off(order: Order, step: Decimal, unit: str, situation: Situation) -> Decimal | None:
    """The amount, if the text says that it was rounded and it is off the step."""
    kind, factor = measure(unit)
    said = situation.text[max(0, order.words[0]) : order.words[1] + 40]
    if not _ROUNDS.search(said):
        return None
    for dose, amount in order.amounts():
        if amount.kind != kind or dose.per_kg or dose.per_m2 or dose.dose_low != dose.dose_high:
            continue
        value = amount.high / factor
        if value % step and (value * _FINE) % step:
            return value
    return None


RULE = Rule.documented(__doc__, id="dose-rounding", version=1, check=check)
