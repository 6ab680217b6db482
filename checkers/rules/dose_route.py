"""Harm: the drug goes in by a way that kills, or by which it does nothing.

Source: boxed warnings on routes (vincristine, nimodipine, benzathine penicillin); the routes and indications of the
tables.

Example: vincristine by the intrathecal route is blocked; vancomycin by mouth passes for C. difficile and is blocked for
anything else; a child's amoxicillin of no stated route goes to review where only an injection may be so much.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.formulary.rows import Regimen
from checkers.judging.amount_findings import findings
from checkers.judging.applies import by_route
from checkers.judging.fault import Fault
from checkers.judging.faults import Judged, by_mouth, judged
from checkers.judging.guard_findings import of_guard
from checkers.judging.guards import Held, guards
from checkers.judging.say import drug_of, finding
from checkers.situation.orders import Order
from checkers.situation.situation import Situation, situation
from checkers.tables import table
from checkers.types import Finding, Rule, Severity, Subject

_GROWN = 12
_NEEDLE = frozenset({"intravenous", "intramuscular", "subcutaneous", "intraosseous"})


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every forbidden route, every route that the drug does not have, and every use it is not given for."""
    worked_out = situation(subject)
    said: set[tuple[str | None, int]] = set()
    for one in guards("route", worked_out):
        if isinstance(one, Held):
            said.add((one.drug, one.order.number if one.order else -1))
            yield of_guard(RULE.id, one, worked_out)
    for order in worked_out.active():
        medicine = worked_out.medicine(order.drug)
        if medicine is None or not medicine.regimen or (order.drug, order.number) in said:
            continue
        known = any(by_route(row, order.route) for row in medicine.regimen)
        if not known and not any(row.route and by_route(row, order.route) for row in medicine.maximum):
            routes = sorted({route for row in medicine.regimen for route in row.route})
            near = order.route in table("thresholds")["near_routes"]["routes"] or order.first.unit == "drop"
            severity = Severity.REVIEW if near else Severity.BLOCK
            within = " or ".join(routes)
            message = f"{drug_of(order)} is not known to be given by the {order.route} route. Within limits: {within}."
            yield finding(RULE.id, severity, message, _at(order), medicine.regimen[0], worked_out, route=order.route)
            said.add((order.drug, order.number))
        if order.route is None and (row := _by_needle_only(order, worked_out)) is not None:
            message = (
                f"{drug_of(order)} in this amount is within limits for this child only by the {row.route[0]} route"
            )
            yield finding(RULE.id, Severity.REVIEW, f"{message}; no route is stated.", _at(order), row, worked_out)
    for found in findings(subject, RULE.id, {"indication"}, _why):
        if not any(found.span == order.span for order in worked_out.active() if (order.drug, order.number) in said):
            yield found


def _by_needle_only(order: Order, situation: Situation) -> Regimen | None:
    """The injection that a child's repeated, fixed dose is nearest to, if it would be too much to swallow of this drug."""
    facts, one = situation.facts, judged(order, situation)
    if facts.age_years is None or facts.age_years >= _GROWN or order.often is None or order.manner.once:
        return None
    if one is None or one.fault is not None or any(amount.per_kg or amount.per_m2 for _, amount in order.amounts()):
        return None
    if not any("oral" in near.regimen.route and near.regimen.every_hours for near in one.near):
        return None
    ways = one.fits or sorted(one.near, key=lambda near: near.distance)[:1]
    if not all(_NEEDLE.issuperset(near.regimen.route) for near in ways):
        return None
    swallowed = by_mouth(order, situation)
    too_much = swallowed is not None and swallowed.fault is not None and swallowed.fault.upwards
    return ways[0].regimen if too_much else None


def _why(fault: Fault, judged: Judged, situation: object) -> str:  # noqa: ARG001
    row = fault.nearest.regimen if fault.nearest else None
    return (
        f"this way of giving it is for {' or '.join(row.indication[:1]) if row else 'something else'} only, which "
        f"neither the text nor the record names."
    )


def _at(order: Order) -> tuple[int, int]:
    return order.span


RULE = Rule.documented(__doc__, id="dose-route", version=2, check=check)
