"""Harm: a long QT interval is made longer, and torsades de pointes follows.

Source: AHA/ACC Scientific Statement, Prevention of Torsade de Pointes in Hospital Settings (2010); the risk classes of
the tables.

Example: ondansetron is blocked at a QTc of 520 ms and passes at 410; two drugs of known risk together go to review.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checkers.judging.guard_findings import findings, missing
from checkers.judging.local import stays_local
from checkers.judging.parties import Party, pairs
from checkers.judging.say import finding
from checkers.situation.situation import Situation, situation
from checkers.tables import table
from checkers.types import Finding, Outcome, Rule, Severity, Subject

_RANK = {Severity.INFO: 0, Severity.REVIEW: 1, Severity.BLOCK: 2}


def check(subject: Subject) -> Iterator[Outcome]:
    """A finding for every drug of such a risk at such a QTc, for two of known risk together, and for guards."""
    worked_out = situation(subject)
    told = list(findings(subject, RULE.id, "qt"))
    yield from told
    said = {found.span for found in told if isinstance(found, Finding)}
    interval = worked_out.facts.labs.get("qtc_ms")
    for drug, medicine, order, span in worked_out.given():
        if medicine.qt_risk is None or span in said or stays_local(drug, order, span, worked_out):
            continue
        if interval is None:
            if worked_out.facts.is_patient and medicine.qt_risk == "known":
                yield missing("qtc_ms")
            continue
        severity = _severity(interval, medicine.qt_risk)
        if severity is not None:
            message = f"{drug[0].upper() + drug[1:]} ({medicine.qt_risk} risk of torsades) at a QTc of {interval:g} ms."
            yield finding(RULE.id, severity, message, span, None, worked_out, patient=f"QTc {interval:g} ms")
    yield from _together(worked_out)


def _severity(interval: float, risk: str) -> Severity | None:
    found = [
        Severity(step["severity"])
        for step in table("qt")["step"]
        if risk in step["risk"] and step["from"] <= interval < step.get("below", 10_000)
    ]
    return max(found, key=_RANK.__getitem__, default=None)


def _together(situation: Situation) -> Iterator[Finding]:
    row = table("qt")["together"]
    for one, other in pairs(situation):
        both = all(_has_risk(party, row["risk"], situation) for party in (one, other))
        if both and not set(one.ingredients) & set(other.ingredients):
            message = f"{one.name} with {other.name}: both carry a known risk of torsades; an ECG decides."
            yield finding(
                RULE.id, Severity(row["severity"]), message, one.span or other.span, None, situation, other=other.name
            )


def _has_risk(party: Party, risks: Sequence[str], situation: Situation) -> bool:
    return any((medicine := situation.medicine(name)) and medicine.qt_risk in risks for name in party.ingredients)


RULE = Rule.documented(__doc__, id="patient-qt", version=1, check=check)
