"""Harm: one dose is more than is ever given at once.

Source: the single-dose ceilings and usual ranges of the tables.

Example: lidocaine 1,000 mg for infiltration is blocked where 300 mg is the ceiling without epinephrine.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.judging.amount_findings import findings
from checkers.judging.fault import Fault
from checkers.judging.faults import Judged
from checkers.judging.stated_limits import stated_limits
from checkers.situation.amounts import figure
from checkers.situation.situation import Situation
from checkers.types import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every order with this fault, and for every ceiling that the text itself states too high."""
    yield from findings(subject, RULE.id, {"maximum-single"}, _why)
    yield from stated_limits(subject, RULE.id, "single")


def _why(fault: Fault, judged: Judged, situation: Situation) -> str:  # noqa: ARG001
    what = "the ceiling for one dose" if fault.ceiling else "the highest usual dose"
    return f"this is {figure(fault.ratio)} times {what}."


RULE = Rule.documented(__doc__, id="dose-maximum-single", version=1, check=check)
