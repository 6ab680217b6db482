"""Harm: a dose far too low leaves an infection, a clot or a seizure untreated.

Source: the lower ends of the usual ranges in the tables.

Example: ceftriaxone 100 mg daily is blocked for an adult where 1 to 2 g is the range; 500 mg once, as for gonorrhoea,
passes.
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
    return findings(subject, RULE.id, {"too-low"}, _why)


def _why(fault: Fault, judged: Judged, situation: Situation) -> str:  # noqa: ARG001
    return f"this is {figure(fault.ratio)} times less than the lowest usual dose."


RULE = Rule.documented(__doc__, id="dose-too-low", version=1, check=check)
