"""Harm: a dose is passed although the one fact that decides whether it is safe is not known.

Source: labels, Dosage and Administration, where a dose depends on weight or kidney function; the needs of the tables.

Example: gentamicin 5 mg/kg goes to review where neither weight nor kidney function is known; amlodipine 5 mg does not.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.formulary.rows import Maximum, Medicine, Need, Regimen
from checkers.judging.applies import applying, by_form, by_route, indicated
from checkers.judging.faults import is_capped, judged
from checkers.judging.guard_findings import missing
from checkers.judging.say import finding
from checkers.situation.orders import Order
from checkers.situation.situation import Situation, situation
from checkers.types import Outcome, Rule, Severity, Subject

_WORDS = {
    "renal": "kidney function",
    "weight_kg": "weight",
    "age_years": "age",
    "child_pugh": "liver function",
    "qtc_ms": "QTc",
    "inr": "INR",
    "level": "level",
}


def check(subject: Subject) -> Iterator[Outcome]:
    """One finding for every drug whose dose cannot be judged, with the questions that would tell."""
    worked_out = situation(subject)
    if not worked_out.facts.is_patient:
        return
    said: set[str] = set()
    for order in worked_out.active():
        medicine = worked_out.medicine(order.drug)
        wanting = [
            row
            for row in (medicine.need if medicine else ())
            if _is_needed(row, order, worked_out) and not _is_known(row.fact, worked_out)
        ]
        facts = list(dict.fromkeys(row.fact for row in wanting))
        if order.drug in said:
            continue
        if not facts:
            if medicine and (row := _capped_by(order, medicine, worked_out)) is not None:
                said.add(str(order.drug))
                name = medicine.name[0].upper() + medicine.name[1:]
                yield missing("weight_kg")
                message = f"{name}: weight not known, and the dose goes by it and has a ceiling."
                yield finding(RULE.id, Severity.REVIEW, message, order.span, row, worked_out, missing="weight_kg")
            continue
        said.add(str(order.drug))
        yield from (missing(fact) for fact in facts)
        words = " and ".join(_WORDS.get(fact, fact.replace("_", " ")) for fact in facts)
        name = str(order.drug)
        message = f"{name[0].upper() + name[1:]}: {words} not known, and {wanting[0].why.rstrip('.')}."
        yield finding(RULE.id, Severity.REVIEW, message, order.span, wanting[0], worked_out, missing=", ".join(facts))


def _capped_by(order: Order, medicine: Medicine, situation: Situation) -> Maximum | Regimen | None:
    """The absolute ceiling that an order by weight may pass in a patient of no known weight, if the text states no amount."""
    stated = order.amounts()
    if situation.facts.weight_kg is not None or not stated or not all(amount.per_kg for _, amount in stated):
        return None
    if is_capped(order, situation):
        return None
    for row in applying(medicine.maximum, situation, order):
        if not row.per_kg and not row.per_m2 and (row.single or row.daily):
            return row
    ways = applying(medicine.regimen, situation, order)
    return next((row for row in ways if row.per_kg and (row.max_single or row.max_daily)), None)


def _is_needed(row: Need, order: Order, situation: Situation) -> bool:
    per_kg = any(dose.per_kg for dose in order.doses)
    if row.per_kg is not None and row.per_kg != per_kg:
        return False
    if row.fact == "renal" and situation.facts.is_child:
        return False  # their rows go by age and weight, and clearance by Cockcroft and Gault is for adults
    if row.route and order.route is None:
        one = judged(order, situation)
        ways = [near.regimen for near in one.fits] or list(one.medicine.regimen) if one else []
        return bool(ways) and all(set(way.route) <= set(row.route) for way in ways)
    if row.indication and indicated(row, situation) is None:
        return False
    return by_route(row, order.route) and by_form(row, situation)


def _is_known(fact: str, situation: Situation) -> bool:
    facts = situation.facts
    if fact == "renal":
        return facts.crcl_ml_min is not None or facts.egfr is not None or bool(facts.dialysis) or facts.unstable
    if fact == "level":
        return any("trough" in name or "_ng_ml" in name or "_mcg_ml" in name or "_meq_l" in name for name in facts.labs)
    if fact in ("potassium", "qtc_ms", "inr"):
        return fact in facts.labs
    if fact == "pregnant":
        return (
            facts.pregnant is not None
            or facts.sex == "male"
            or (facts.age_years is not None and not 11 <= facts.age_years < 56)
        )
    return getattr(facts, fact) is not None


RULE = Rule.documented(__doc__, id="dose-missing-fact", version=1, check=check)
