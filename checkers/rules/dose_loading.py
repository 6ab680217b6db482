"""Harm: a loading dose, or the dose of the first weeks, is carried on.

Source: the loading and initial regimens of the tables.

Example: rivaroxaban 15 mg twice daily for 6 months is blocked: twice daily is for 21 days.
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
    return findings(subject, RULE.id, {"loading"}, _why)


def _why(fault: Fault, judged: Judged, situation: Situation) -> str:  # noqa: ARG001
    return "this is a loading dose, a single dose, or one of the first days or weeks, and is carried on."


RULE = Rule.documented(__doc__, id="dose-loading", version=1, check=check)
