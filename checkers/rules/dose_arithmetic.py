"""Harm: the dose per kilogram is right and the product is not, and the product is what is given.

Source: arithmetic; ISMP reports of calculation errors in weight-based orders.

Example: "15 mg/kg for 20 kg: 3,000 mg" is blocked, since it is 300 mg; "1,250 mg after rounding" of 1,200 mg passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from checkers.judging.arithmetic import miscounts
from checkers.judging.say import drug_of
from checkers.judging.sums import wrong_roundings, wrong_sums
from checkers.situation.amounts import figure
from checkers.situation.situation import situation
from checkers.types import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every amount that the order's other amounts contradict, and for every wrong sum beside an order."""
    worked_out = situation(subject)
    for order in worked_out.active():
        for one in miscounts(order, worked_out):
            message = f"{drug_of(order)}: {one.sum_} is {one.expected}, not {one.dose.dose_high:f} {one.dose.unit}."
            yield Finding(
                rule=RULE.id,
                severity=one.severity,
                message=message,
                span=one.dose.span,
                evidence={"claim": subject.claim.text[slice(*one.dose.span)], "expected": one.expected},
            )
    sums = chain(wrong_sums(worked_out.text), wrong_roundings(worked_out.text))
    for wrong in sums if worked_out.orders else ():
        yield Finding(
            rule=RULE.id,
            severity=wrong.severity,
            message=f"{wrong.sum_} is {figure(wrong.expected)}, not {wrong.stated}.",
            span=wrong.span,
            evidence={"claim": wrong.stated, "expected": figure(wrong.expected)},
        )


RULE = Rule.documented(__doc__, id="dose-arithmetic", version=1, check=check)
