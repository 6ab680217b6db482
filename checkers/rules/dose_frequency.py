"""Harm: a weekly drug is given daily, a yearly one monthly, a twice-daily one every two hours; or far too seldom.

Source: ISMP high-alert list (oral methotrexate, weekly); the intervals of the tables.

Example: methotrexate 15 mg daily is blocked for rheumatoid arthritis, where once a week is the interval.
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
    return findings(subject, RULE.id, {"frequency"}, _why)


def _why(fault: Fault, judged: Judged, situation: Situation) -> str:  # noqa: ARG001
    ratio = figure(fault.ratio)
    return (
        f"this is {ratio} times as often as usual."
        if fault.upwards
        else f"this is {ratio} times less often than usual."
    )


RULE = Rule.documented(__doc__, id="dose-frequency", version=1, check=check)
