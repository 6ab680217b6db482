"""Harm: a drug goes on although its level, or a value that it moves, is already dangerous.

Source: labels, Warnings and Dosage Modifications; the rows of the tables.

Example: spironolactone is blocked at a potassium of 5.9; vancomycin at a trough of 42 mg/L.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.formulary.rows import GUARDS, Medicine
from checkers.judging.guard_findings import findings
from checkers.judging.say import finding
from checkers.situation.situation import situation
from checkers.types import Missing, Outcome, Rule, Severity, Subject

_KIDNEY = ("creatinine_mg_dl", "egfr", "crcl_ml_min")


def check(subject: Subject) -> Iterator[Outcome]:
    """A finding for every drug that is given in spite of such a fact; what is not known of the patient is asked for."""
    yield from findings(subject, RULE.id, "laboratory")
    yield from _doubted(subject)


def _doubted(subject: Subject) -> Iterator[Outcome]:
    """What is doubtful of the values that decide about a drug of the text; a question only where a unit was guessed."""
    worked_out = situation(subject)
    for doubt in worked_out.facts.doubts:
        for drug, medicine, _, span in worked_out.given():
            if _depends(medicine, doubt.name) and doubt.taken is not None:
                taken = f"{doubt.written} {doubt.value:g} was taken as {doubt.taken:g} {doubt.unit}"
                yield Missing(fact=doubt.name, question=f"The record's {taken}: is that right?")
                break
            if _depends(medicine, doubt.name):
                message = (
                    f"{drug[0].upper() + drug[1:]}: the record has {doubt.written} {doubt.value:g}, which cannot be right in "
                    f"{doubt.unit or 'this measure'}, or disagrees with another entry. Check the value and its unit."
                )
                yield finding(
                    RULE.id,
                    Severity.REVIEW,
                    message,
                    span,
                    None,
                    worked_out,
                    patient=f"{doubt.written} {doubt.value:g}",
                )
                break


def _depends(medicine: Medicine, name: str) -> bool:
    """Whether a guard of the drug asks for this value, or for what is computed from it."""
    alike = {"alt_u_l": "alt_times_uln", "ast_u_l": "alt_times_uln", "ck_u_l": "ck_times_uln"}.get(name, name)
    if name in _KIDNEY:
        return bool(medicine.renal)
    return any(guard.lab == alike for kind in GUARDS for guard in medicine.guards(kind)) or (
        name == "qtc_ms" and medicine.qt_risk is not None
    )


RULE = Rule.documented(__doc__, id="patient-laboratory", version=2, check=check)
