"""Harm: per kilogram is lost and the number alone is given, or it is added where the dose is a fixed one.

Source: ISMP reports of lost weight units in paediatric and antimicrobial orders; the dose ranges of the tables.

Example: vancomycin 15 mg every 12 hours is blocked where 15 to 20 mg/kg is the range; 1,200 mg passes for 80 kg.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.judging.amount_findings import findings
from checkers.judging.fault import Fault
from checkers.judging.faults import Judged
from checkers.situation.situation import Situation
from checkers.types import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every order with this fault."""
    return findings(subject, RULE.id, {"per-kg"}, _why)


def _why(fault: Fault, judged: Judged, situation: Situation) -> str:  # noqa: ARG001
    if fault.upwards:
        return "the usual dose has this number but is not per kilogram."
    return 'the usual dose has this number per kilogram; "/kg" may have been lost.'


RULE = Rule.documented(__doc__, id="dose-per-kg", version=1, check=check)
