"""Harm: the point slips by one place and the patient gets ten times the dose, or a tenth of it.

Source: ISMP, List of Error-Prone Abbreviations (2024), on decimal points; the dose ranges and ceilings of the tables.

Example: amlodipine 100 mg daily is blocked where 2.5 to 10 mg is the range, and 10 mg daily passes.
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
    return findings(subject, RULE.id, {"tenfold"}, _why)


def _why(fault: Fault, judged: Judged, situation: Situation) -> str:  # noqa: ARG001
    times = "ten times the usual dose" if fault.upwards else "a tenth of the usual dose"
    return f"this is about {times}; the decimal point may have slipped."


RULE = Rule.documented(__doc__, id="dose-tenfold", version=1, check=check)
