"""Harm: single doses that are right add up to more than a day may have.

Source: the daily ceilings of the tables (labels, and national formularies).

Example: paracetamol 1 g every 4 hours is blocked: 6 g a day where 4 g is the ceiling; 1 g every 6 hours passes.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.judging.amount_findings import findings
from checkers.judging.conversions import conversions
from checkers.judging.fault import Fault
from checkers.judging.faults import Judged
from checkers.judging.stated_limits import stated_limits
from checkers.situation.amounts import figure
from checkers.situation.situation import Situation
from checkers.types import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every order with this fault, for stated ceilings that are too high, and for opioids converted to more."""
    yield from findings(subject, RULE.id, {"maximum-daily"}, _why)
    yield from stated_limits(subject, RULE.id, "daily")
    yield from conversions(subject, RULE.id)


def _why(fault: Fault, judged: Judged, situation: Situation) -> str:  # noqa: ARG001
    return f"this comes to {figure(fault.ratio)} times the most that is given in a day."


RULE = Rule.documented(__doc__, id="dose-maximum-daily", version=1, check=check)
