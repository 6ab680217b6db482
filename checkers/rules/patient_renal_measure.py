"""Harm: the dose is chosen by eGFR where the label means creatinine clearance, or by a creatinine that is still moving.

Source: FDA, Guidance for Industry: Pharmacokinetics in Patients with Impaired Renal Function (2024); labels that name
Cockcroft-Gault; Cockcroft and Gault (1976).

Example: dabigatran 150 mg twice daily "since eGFR is 54" is blocked for 88 years and 45 kg, whose creatinine clearance is
28 mL/min.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checkers.formulary.rows import Guard, Medicine
from checkers.judging.applies import by_route
from checkers.judging.beyond import beyond_limit
from checkers.judging.guards import Held, guards
from checkers.judging.say import finding
from checkers.judging.thresholds import threshold
from checkers.situation.orders import Order
from checkers.situation.situation import Situation, situation
from checkers.types import Finding, Rule, Severity, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding where the two measures lead apart, where the one needed is only guessed, and where neither is stable."""
    worked_out = situation(subject)
    facts = worked_out.facts
    said: set[str] = set()
    for drug, medicine, order, span in worked_out.given():
        if drug in said:
            continue
        name = drug[0].upper() + drug[1:]
        if facts.unstable and _depends(medicine, order.route if order else None):
            said.add(drug)
            message = (
                f"{name}: the creatinine is changing, so clearance computed from it misleads; dose by levels or with a "
                f"pharmacist."
            )
            yield finding(
                RULE.id, Severity.REVIEW, message, span, _row(medicine), worked_out, patient="creatinine changing"
            )
            continue
        if medicine.renal_measure != "crcl" or order is None or facts.crcl_ml_min is None or facts.egfr is None:
            continue
        if facts.origins.get("crcl_ml_min") == "computed" and facts.origins.get("egfr") in ("record", "text"):
            by_clearance, by_rate = _held(drug, worked_out), _held(drug, _as_if(worked_out))
            if by_clearance is not None and by_clearance.guard is not (by_rate.guard if by_rate else None):
                said.add(drug)
                message = (
                    f"{name} is dosed by creatinine clearance, here {facts.crcl_ml_min:.0f} mL/min (Cockcroft-Gault), "
                    f"and not by eGFR ({facts.egfr:.0f}): {by_clearance.guard.says}"
                )
                yield finding(
                    RULE.id,
                    by_clearance.severity,
                    message,
                    span,
                    by_clearance.guard,
                    worked_out,
                    crcl=round(facts.crcl_ml_min),
                )
        elif (
            facts.origins.get("crcl_ml_min") == "estimated"
            and not facts.dialysis
            and _is_near(medicine, facts.crcl_ml_min, order, worked_out)
        ):
            said.add(drug)
            message = (
                f"{name} is dosed by creatinine clearance; only eGFR is known ({facts.egfr:.0f} mL/min), which is too near a "
                f"cut-off to stand for it."
            )
            yield finding(RULE.id, Severity.REVIEW, message, span, _row(medicine), worked_out, egfr=round(facts.egfr))


def _depends(medicine: Medicine, route: str | None) -> bool:
    """Whether the kidneys decide the dose so far that the tables ask for their function."""
    return any(row.fact == "renal" and by_route(row, route) for row in medicine.need)


def _row(medicine: Medicine) -> Guard | None:
    return next((row for row in medicine.renal if row.crcl is not None), None)


def _held(drug: str, situation: Situation) -> Held | None:
    return next((one for one in guards("renal", situation) if isinstance(one, Held) and one.drug == drug), None)


def _as_if(situation: Situation) -> Situation:
    """The situation if eGFR were the clearance."""
    return replace(situation, facts=replace(situation.facts, crcl_ml_min=situation.facts.egfr), worked_out={})


def _is_near(medicine: Medicine, value: float, order: Order, situation: Situation) -> bool:
    """Whether a cut-off is near beyond which this order, as it is, would be barred."""
    ends = [
        end
        for row in medicine.renal
        if row.crcl and row.severity is Severity.BLOCK and by_route(row, order.route)
        if not row.has_limit or beyond_limit(row, order, situation) is not None
        for end in (row.crcl.from_, row.crcl.below)
    ]
    return any(end is not None and abs(float(end) - value) <= float(threshold("kidney", "near")) for end in ends)


RULE = Rule.documented(__doc__, id="patient-renal-measure", version=1, check=check)
