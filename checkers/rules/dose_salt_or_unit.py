"""Harm: the salt, the formulation or the kind of unit is another one, and the number means another dose.

Source: labels that warn against substitution (liposomal amphotericin B, phenytoin equivalents, insulin by volume); the
units and salts of the tables.

Example: vasopressin 0.03 mg/min is blocked, since it is measured in units; 0.03 units/min passes.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.formulary.rows import Salt
from checkers.judging.amount_findings import findings
from checkers.judging.fault import Fault
from checkers.judging.faults import Judged
from checkers.judging.say import drug_of, finding
from checkers.situation.conditions import named, plain
from checkers.situation.situation import Situation, situation
from checkers.types import Finding, Rule, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every dose in a kind of unit that the drug is not measured in, and for every salt that is another drug."""
    yield from findings(subject, RULE.id, {"salt-or-unit"}, _why)
    worked_out = situation(subject)
    said = plain(worked_out.text)
    for order in worked_out.active():
        medicine = worked_out.medicine(order.drug)
        for row in medicine.salt if medicine else ():
            if named(row.words, said) and named(row.not_for, said):
                yield finding(RULE.id, row.severity, f"{drug_of(order)}: {row.says}", order.span, row, worked_out)
                break


def _why(fault: Fault, judged: Judged, situation: Situation) -> str:  # noqa: ARG001
    kinds = " or ".join(_shown(kind) for kind in judged.medicine.measured_in)
    return f"it is measured in {kinds}, not in {fault.dose.unit}."


def _shown(kind: str) -> str:
    return {"mass": "mg, mcg or g", "amount": "mmol or mEq", "volume": "mL"}.get(kind, kind)


_ = Salt

RULE = Rule.documented(__doc__, id="dose-salt-or-unit", version=1, check=check)
