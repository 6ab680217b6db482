"""Harm: milligrams are written for micrograms, or grams for milligrams: a thousand times the dose.

Source: ISMP, List of Error-Prone Abbreviations (2024), on mg and mcg; the dose ranges of the tables.

Example: levothyroxine 100 mg daily is blocked where 12.5 to 200 mcg is the range, and 100 mcg daily passes.
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
    return findings(subject, RULE.id, {"thousandfold"}, _why)


def _why(fault: Fault, judged: Judged, situation: Situation) -> str:  # noqa: ARG001
    times = "a thousand times" if fault.upwards else "a thousandth of"
    return f"this is about {times} the usual dose; the unit may be the wrong one."


RULE = Rule.documented(__doc__, id="dose-thousandfold", version=1, check=check)
