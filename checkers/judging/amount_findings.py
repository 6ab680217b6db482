"""Lets a rule say the faults of its kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from checkers.judging.fault import Fault, Kind
from checkers.judging.faults import Judged, judged
from checkers.judging.say import of_fault
from checkers.situation.situation import Situation, situation
from checkers.types import Finding, Subject


def findings(
    subject: Subject, rule: str, kinds: Collection[Kind], why: Callable[[Fault, Judged, Situation], str]
) -> Iterator[Finding]:
    """A finding for every active order with a fault of one of ``kinds``; ``why`` is what the rule says of it."""
    worked_out = situation(subject)
    for order in worked_out.active():
        one = judged(order, worked_out)
        if one is not None and one.fault is not None and one.fault.kind in kinds:
            yield of_fault(rule, why(one.fault, one, worked_out), one.fault, one, worked_out)
