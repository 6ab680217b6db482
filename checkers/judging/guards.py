"""Whether a guard of a drug holds for this patient and this order: facts that all must hold, then a limit if it has one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from checkers.formulary.fields import Band, Words
from checkers.formulary.rows import Guard, Medicine
from checkers.judging.applies import by_age, by_form, by_route, by_weight
from checkers.judging.beginnings import gap, has_role
from checkers.judging.beyond import beyond_limit, too_long
from checkers.judging.considered import known_guards
from checkers.judging.faults import judged
from checkers.judging.local import stays_local
from checkers.judging.parties import parties
from checkers.judging.thresholds import threshold
from checkers.situation.amounts import figure
from checkers.situation.conditions import any_named, named
from checkers.situation.orders import Order
from checkers.situation.situation import Situation
from checkers.situation.ways import way_of
from checkers.tables import table
from checkers.types import Severity

_CONDITION = re.compile(
    r"\b(?:if|for|when|in|with|where)\b[^.;|]*\b(?:clearance|crcl|e?gfr|renal|kidney|creatinine|hepatic|liver|child-pugh|elderly|older"
    r"|\d+ ?(?:kg|years?|mL/min))\b",
    re.IGNORECASE,
)
State = Literal["holds", "unknown", "fails"]


@dataclass(frozen=True, slots=True)
class Held:
    """A guard that holds: ``because`` are the patient's facts in words, ``beyond`` what of the order passes its limit."""

    guard: Guard
    drug: str
    order: Order | None
    span: tuple[int, int]
    severity: Severity
    because: tuple[str, ...]
    beyond: str | None


@dataclass(frozen=True, slots=True)
class Wanting:
    """A guard that would hold or not by facts nobody knows."""

    guard: Guard
    drug: str
    facts: tuple[str, ...]


def guards(kind: str, situation: Situation) -> Iterator[Held | Wanting]:
    """Every guard of ``kind`` that holds for what the text gives, the gravest of each order alone, and what is wanting."""
    named = situation.sent_by_a_route() if kind == "route" else ()
    for drug, medicine, order, span in (*situation.given(), *named):
        rows = known_guards(kind, drug, medicine) if situation.facts.is_patient else medicine.guards(kind)
        local = bool(rows) and kind != "route" and stays_local(drug, order, span, situation)
        if local:
            rows = tuple(row for row in rows if set(row.route) & set(table("situation")["local"]["routes"]))
        found = [_guard(guard, drug, medicine, order, span, situation, local) for guard in rows]
        held = [one for one in found if isinstance(one, Held)]
        if held:
            yield max(
                held, key=lambda one: (list(Severity).index(one.severity), one.beyond is not None, len(one.because))
            )
        elif situation.facts.is_patient:
            yield from (one for one in found if isinstance(one, Wanting))


def _guard(
    guard: Guard,
    drug: str,
    medicine: Medicine,
    order: Order | None,
    span: tuple[int, int],
    situation: Situation,
    local: bool,
) -> Held | Wanting | None:
    route = order.route if order else way_of(situation.text, span) if guard.route else None
    route = "topical" if local and route is None else route
    if guard.route and route is None and (guard in medicine.route or _other_routes(guard, medicine, order, situation)):
        return None
    if not by_route(guard, route) or not by_form(guard, situation):
        return None
    if guard.role is not None and (order is None or not has_role(guard.role, drug, order, situation)):
        return None
    if guard.has_limit and order is None and guard.max_days is None:
        return None
    because: list[str] = []
    unknown: list[str] = []
    near_cut = False
    for state, words, is_near in (*_uses(guard, drug, order, situation), *_facts(guard, situation)):
        if state == "fails":
            return None
        if state == "unknown":
            unknown.append(words)
        elif words:
            because.append(words)
        near_cut = near_cut or is_near
    if unknown:
        return Wanting(guard, drug, tuple(unknown)) if guard.asks and guard.severity is not Severity.INFO else None
    beyond = None
    if guard.has_limit:
        beyond = beyond_limit(guard, order, situation) if order else too_long(guard, span, situation)
        if beyond is None:
            return None
    severity = guard.severity
    if severity is Severity.BLOCK and (near_cut or (beyond and order and _is_spared(guard, order, situation))):
        severity = Severity.REVIEW
    return Held(guard, drug, order, span, severity, tuple(because), beyond)


def _is_spared(guard: Guard, order: Order, situation: Situation) -> bool:
    """Whether the text itself says what else to give under such a condition, and that keeps within the guard's limit."""
    return any(
        one.drug == order.drug
        and one.number != order.number
        and _CONDITION.search(one.said) is not None
        and beyond_limit(guard, one, situation) is None
        for one in situation.orders
    )


def _other_routes(guard: Guard, medicine: Medicine, order: Order | None, situation: Situation) -> bool:
    """Whether what is ordered is also given by a route that the guard is not about, so that it may not be meant."""
    one = judged(order, situation) if order else None
    rows = [near.regimen for near in one.fits] if one and one.fits else medicine.regimen
    return any(route not in guard.route for row in rows for route in row.route)


Fact = tuple[State, str, bool]


def _uses(guard: Guard, drug: str, order: Order | None, situation: Situation) -> Iterator[Fact]:
    """What the guard states of the patient's drugs: another that is taken, days without this one."""
    if guard.taken:
        found = next((name for name in _taken(guard.taken, drug, situation)), None)
        yield ("holds", f"beside {found}", False) if found else ("fails", "", False)
    if guard.not_taken and (not situation.medications or next(_taken(guard.not_taken, drug, situation), None)):
        yield "fails", "", False
    if guard.gap_days is not None:
        days, again = gap(drug, order, situation) if order else (None, False)
        if days is None:
            yield ("holds", "taken up again", True) if again else ("fails", "", False)
        else:
            yield _state(days >= guard.gap_days), f"not taken for {figure(days)} days", False


def _taken(words: Words, drug: str, situation: Situation) -> Iterator[str]:
    """Drugs of ``words`` that the patient has besides: given or recorded, ``drug`` itself only if it is recorded."""
    for party in parties(situation):
        if (party.stopped_days or 0) < 1 and drug not in party.ingredients and party.is_one_of(words):
            yield party.name
    for one in situation.medications:
        if (one.stopped_days or 0) < 1 and drug in one.ingredients and drug in words:
            yield one.text


def _facts(guard: Guard, situation: Situation) -> Iterator[Fact]:
    """Each fact that the guard states: whether it holds, its words (or its name), whether its measure is near a cut-off."""
    facts = situation.facts
    yield from _kidney(guard.crcl, facts.crcl_ml_min, "crcl_ml_min", "creatinine clearance", situation)
    yield from _kidney(guard.egfr, facts.egfr, "egfr", "eGFR", situation)
    if guard.dialysis is not None:  # what no record says is taken for absent
        is_on = bool(facts.dialysis)
        yield _state(is_on == guard.dialysis), "on dialysis" if is_on else "not on dialysis", False
    if guard.child_pugh:
        yield _liver(guard, situation)
    if guard.pregnant is not None:
        yield from _pregnant(guard, situation)
    if guard.gestation_weeks is not None:
        weeks = facts.gestation_weeks
        if weeks is None:
            yield "unknown", "gestation_weeks", False
        else:
            yield (
                ("holds" if guard.gestation_weeks.holds(weeks) else "fails"),
                f"{figure(Decimal(str(weeks)))} weeks of gestation",
                False,
            )
    yield from _flag(
        guard.lactating, facts.lactating, "lactating", "breast-feeding", facts.sex == "male" or _is_old(situation)
    )
    if guard.age is not None:
        holds = by_age(guard.age, facts)
        yield _state(holds), "age_years" if holds is None else f"age {_age(facts.age_years)}", False
    if guard.weight_kg is not None:
        holds = by_weight(guard.weight_kg, facts)
        yield _state(holds), "weight_kg" if holds is None else f"{facts.weight_kg:g} kg", False
    if guard.sex is not None:
        yield (
            _state(None if facts.sex is None else facts.sex == guard.sex),
            "sex" if facts.sex is None else facts.sex,
            False,
        )
    if guard.indication and not (
        named(guard.indication, facts.said) or any_named(guard.indication, facts.conditions or ())
    ):
        yield "fails", "", False
    if guard.condition:
        yield _condition(guard.condition, situation)
    if guard.genotype:
        yield _condition(guard.genotype, situation)
    if guard.without_condition and (
        _spoken(guard.without_condition, situation)
        or named(guard.without_condition, facts.said)
        or named(guard.without_condition, situation.around)
    ):
        yield "fails", "", False
    if guard.lab is not None and guard.value is not None:
        value = facts.labs.get(guard.lab, facts.creatinine_mg_dl if guard.lab == "creatinine_mg_dl" else None)
        if value is None:
            yield "unknown", guard.lab, False
        else:
            yield ("holds" if guard.value.holds(value) else "fails"), f"{guard.lab.replace('_', ' ')} {value:g}", False


def _state(holds: bool | None) -> State:
    return "unknown" if holds is None else "holds" if holds else "fails"


def _kidney(band: Band | None, value: float | None, name: str, words: str, situation: Situation) -> Iterator[Fact]:
    if band is None:
        return
    facts = situation.facts
    origin = facts.origins.get(name)
    if facts.dialysis and (value is None or origin == "estimated"):
        value, origin = 5.0, None
    if value is None:
        yield "unknown", "renal", False
        return
    near = origin == "estimated" and any(
        end is not None and abs(float(end) - value) <= float(threshold("kidney", "near"))
        for end in (band.from_, band.below)
    )
    how = {"computed": " (computed)", "estimated": " (estimated)"}.get(origin or "", "")
    yield ("holds" if band.holds(value) else "fails"), f"{words} {value:.0f} mL/min{how}", near


def _flag(wanted: bool | None, value: bool | None, name: str, words: str, is_excluded: bool) -> Iterator[Fact]:
    if wanted is None:
        return
    if value is None:
        yield ("fails" if is_excluded else "unknown"), name, False
    else:
        yield ("holds" if value == wanted else "fails"), words, False


def _liver(guard: Guard, situation: Situation) -> Fact:
    letter = situation.facts.child_pugh
    if letter is None:
        known = situation.facts.conditions is not None or not situation.facts.is_patient
        return ("fails" if known else "unknown"), "child_pugh", False
    return ("holds" if letter in guard.child_pugh else "fails"), f"Child-Pugh {letter}", False


def _is_old(situation: Situation) -> bool:
    age = situation.facts.age_years
    return age is not None and (age >= 56 or age < 11)


def _pregnant(guard: Guard, situation: Situation) -> Iterator[Fact]:
    facts = situation.facts
    value = facts.pregnant
    if value is None and (facts.sex == "male" or _is_old(situation)):
        value = False
    if value is None:
        yield ("unknown" if facts.sex == "female" else "fails"), "pregnant", False
    else:
        yield ("holds" if value == guard.pregnant else "fails"), "pregnant" if value else "not pregnant", False


def _condition(words: tuple[str, ...], situation: Situation) -> Fact:
    found = _spoken(words, situation)
    return ("holds", found, False) if found else ("fails", "", False)


def _spoken(words: tuple[str, ...], situation: Situation) -> str | None:
    facts = situation.facts
    told = None if facts.is_quoted else named(words, facts.said)
    return (any_named(words, facts.conditions or ()) or told or "").replace("^", "").strip() or None


def _age(years: float | None) -> str:
    if years is None:
        return "not known"
    if years < 2 / 12:
        return f"{years * 365.25:.0f} days"
    return f"{years * 12:.0f} months" if years < 2 else f"{years:g} years"
