"""Harm: a dose per kilogram or square metre passes, in a large patient, what may be given to anybody.

Source: the caps of the weight-based regimens in the tables.

Example: 15 mg/kg of paracetamol for 80 kg is 1,200 mg and goes to review or is blocked; 1 g is the cap.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.judging.amount_findings import findings
from checkers.judging.fault import Fault
from checkers.judging.faults import Judged
from checkers.situation.amounts import figure
from checkers.situation.situation import Situation
from checkers.types import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every order with this fault."""
    return findings(subject, RULE.id, {"weight-cap"}, _why)


def _why(fault: Fault, judged: Judged, situation: Situation) -> str:  # noqa: ARG001
    return f"for this patient it comes to {figure(fault.ratio)} times the cap of a single dose."


RULE = Rule.documented(__doc__, id="dose-weight-cap", version=1, check=check)
