"""Harm: the drug goes in by a way that kills, or by which it does nothing.

Source: boxed warnings on routes (vincristine, nimodipine, benzathine penicillin); the routes and indications of the
tables.

Example: vincristine by the intrathecal route is blocked; vancomycin by mouth passes for C. difficile and is blocked for
anything else.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.judging.amount_findings import findings
from checkers.judging.applies import by_route
from checkers.judging.fault import Fault
from checkers.judging.faults import Judged
from checkers.judging.guard_findings import of_guard
from checkers.judging.guards import Held, guards
from checkers.judging.say import drug_of, finding
from checkers.situation.orders import Order
from checkers.situation.situation import situation
from checkers.tables import table
from checkers.types import Finding, Rule, Severity, Subject


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
        if medicine is None or order.route is None or not medicine.regimen or (order.drug, order.number) in said:
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
    for found in findings(subject, RULE.id, {"indication"}, _why):
        if not any(found.span == order.span for order in worked_out.active() if (order.drug, order.number) in said):
            yield found


def _why(fault: Fault, judged: Judged, situation: object) -> str:  # noqa: ARG001
    row = fault.nearest.regimen if fault.nearest else None
    return (
        f"this way of giving it is for {' or '.join(row.indication[:1]) if row else 'something else'} only, which "
        f"neither the text nor the record names."
    )


def _at(order: Order) -> tuple[int, int]:
    return order.span


RULE = Rule.documented(__doc__, id="dose-route", version=1, check=check)
