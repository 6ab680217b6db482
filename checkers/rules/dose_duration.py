"""Harm: a drug that is safe for days is given for weeks.

Source: the longest courses of the tables.

Example: ketorolac for 30 days is blocked; 5 days passes.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.judging import guard_findings
from checkers.judging.amount_findings import findings
from checkers.judging.fault import Fault
from checkers.judging.faults import Judged
from checkers.situation.amounts import figure
from checkers.situation.situation import Situation
from checkers.types import Outcome, Rule, Subject


def check(subject: Subject) -> Iterator[Outcome]:
    """A finding for every order with this fault, and for every course that is longer than any of its kind."""
    yield from findings(subject, RULE.id, {"duration"}, _why)
    yield from guard_findings.findings(subject, RULE.id, "duration")


def _why(fault: Fault, judged: Judged, situation: Situation) -> str:  # noqa: ARG001
    longest = fault.nearest.regimen.max_days if fault.nearest else None
    return (
        f"the course is longer than the {figure(longest)} days it is given for."
        if longest
        else "the course is too long."
    )


RULE = Rule.documented(__doc__, id="dose-duration", version=1, check=check)
