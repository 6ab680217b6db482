"""Lets a rule say the guards of its kind that hold."""

from __future__ import annotations

from collections.abc import Iterator

from checkers.judging.faults import judged
from checkers.judging.guards import Held, Wanting, guards
from checkers.judging.say import finding
from checkers.situation.situation import Situation, situation
from checkers.tables import table
from checkers.types import Finding, Missing, Outcome, Severity, Subject


def findings(subject: Subject, rule: str, kind: str) -> Iterator[Outcome]:
    """A finding for every guard of ``kind`` that holds, and the facts that others want."""
    worked_out = situation(subject)
    for one in guards(kind, worked_out):
        if isinstance(one, Wanting):
            yield from (missing(fact) for fact in one.facts)
        elif not _is_said(one, worked_out):
            yield of_guard(rule, one, worked_out)


def _is_said(held: Held, situation: Situation) -> bool:
    """Whether the amount itself was found wrong already, so that its limit here adds nothing."""
    if held.beyond is None or held.order is None:
        return False
    one = judged(held.order, situation)
    return one is not None and one.fault is not None and one.fault.severity is Severity.BLOCK


def of_guard(rule: str, held: Held, situation: Situation) -> Finding:
    """What a guard says, with the patient's facts and what of the order passes its limit."""
    name = held.drug[0].upper() + held.drug[1:]
    because = f" ({', '.join(dict.fromkeys(held.because))})" if held.because else ""
    parts = [f"{name}{because}: {held.guard.says}"]
    if held.beyond:
        parts.append(f"Ordered: {held.beyond}.")
    if held.guard.instead:
        parts.append(f"Instead: {held.guard.instead.rstrip('.')}.")
    return finding(
        rule,
        held.severity,
        " ".join(parts),
        held.span,
        held.guard,
        situation,
        claim=situation.subject.claim.text[slice(*held.span)],
        patient=", ".join(held.because) or None,
    )


def missing(fact: str) -> Missing:
    """A fact that is not known, with the question that gets it."""
    questions = table("questions")["questions"]
    return Missing(fact=fact, question=questions.get(fact) or f"What is the patient's {fact.replace('_', ' ')}?")
