"""Harm: the amount of a whole day is given at every dose.

Source: ISMP reports of mg/kg/day taken as mg/kg/dose; the dose ranges of the tables.

Example: gentamicin 7 mg/kg every 8 hours is blocked where 5 to 7 mg/kg once daily is the range.
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
    return findings(subject, RULE.id, {"per-day"}, _why)


def _why(fault: Fault, judged: Judged, situation: Situation) -> str:  # noqa: ARG001
    return "this is the amount of a whole day, ordered several times a day."


RULE = Rule.documented(__doc__, id="dose-per-day", version=1, check=check)
