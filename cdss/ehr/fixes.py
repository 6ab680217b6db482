"""Changes that put an order right where the tables say what is right: a smaller dose, a longer interval, an amount by weight.

A change is only suggested after the rules judged the changed order and found nothing more to say about its dose. It is offered,
never made.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from itertools import islice
from typing import Any

from cdss.ehr.cards import Action, Suggestion
from cdss.ehr.markdown import shortened
from cdss.ehr.orders import Drafted, JudgedOrder, judge_order, read_order
from cdss.fhir.dosage import is_counted
from checkers.judging.compare import Comparison
from checkers.judging.faults import judged
from checkers.rules import RULES
from checkers.run import judge
from checkers.situation.situation import situation
from checkers.types import Claim, Finding, Patient, Severity, Subject

MOST = 2
MOST_TRIED = 24
_USUAL_HOURS = tuple(map(Decimal, (4, 6, 8, 12, 24)))
_DOSE_RULES = tuple(rule for rule in RULES if rule.id.startswith("dose-"))
_LABEL_CHARS = 120


@dataclass(frozen=True, slots=True)
class _Change:
    """A changed dose quantity, or a changed interval in hours."""

    value: Decimal | None = None
    unit: str | None = None
    every_hours: Decimal | None = None


def suggestions(one: JudgedOrder, patient: Patient, *, as_of: date) -> tuple[Suggestion, ...]:
    """At most two ways to put the order right, and to take it out."""
    found = list(islice(_fixes(one, patient, as_of), MOST))
    if one.order.id:
        remove = Action(
            "delete", f"Remove the order: {one.order.told}", resource_id=f"MedicationRequest/{one.order.id}"
        )
        found.append(Suggestion("Remove this order", (remove,)))
    return tuple(found)


def _fixes(one: JudgedOrder, patient: Patient, as_of: date) -> Iterator[Suggestion]:
    wrong = [finding for finding in one.report.findings if _is_of_dose(finding)]
    quantity = _quantity(one.order.resource)
    if not wrong or quantity is None:
        return
    seen: set[str] = {one.order.words}
    found = 0
    for change in islice(_changes(one, patient, as_of, quantity), MOST_TRIED):
        resource = _changed(one.order.resource, change)
        order = read_order(resource, {}) if resource is not None else None
        if resource is None or order is None or order.words in seen:
            continue
        seen.add(order.words)
        if not _is_right(order, one, patient, as_of):
            continue
        action = Action("update", f"Change the order to: {order.told}", resource=resource)
        label = shortened(f"Change to: {order.told}", _LABEL_CHARS)
        yield Suggestion(label, (action,), is_recommended=found == 0)
        found += 1


def _is_right(order: Drafted, instead_of: JudgedOrder, patient: Patient, as_of: date) -> bool:
    """Whether the rules have nothing to say about its dose, and nothing new about the rest; the dose rules are asked first."""
    claim = Claim(id="order", text=f"Give {order.words}")
    about_dose = judge(Subject(claim=claim, patient=patient, as_of=as_of), _DOSE_RULES)
    if any(_is_of_dose(finding) for finding in about_dose.findings):
        return False
    after = judge_order(order, patient, as_of=as_of).report.findings
    return not any(_is_of_dose(finding) for finding in after) and _rest(after) <= _rest(instead_of.report.findings)


def _is_of_dose(finding: Finding) -> bool:
    """Whether it is about an amount; a fact that is missing is not put right by another dose."""
    is_amount = finding.rule.startswith("dose-") and finding.rule not in ("dose-missing-fact", "dose-unknown-drug")
    return is_amount and finding.severity is not Severity.INFO


def _rest(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.rule for finding in findings if finding.severity is not Severity.INFO and not _is_of_dose(finding)}


def _quantity(resource: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The one dose of an order that has one instruction with one amount; others are not changed by a machine."""
    given = resource.get("dosageInstruction")
    if not isinstance(given, list) or len(given) != 1 or not isinstance(given[0], Mapping):
        return None
    rates = given[0].get("doseAndRate")
    if not isinstance(rates, list) or len(rates) != 1 or not isinstance(rates[0], Mapping):
        return None
    quantity = rates[0].get("doseQuantity")
    value = quantity.get("value") if isinstance(quantity, Mapping) else None
    return quantity if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else None


def _changes(one: JudgedOrder, patient: Patient, as_of: date, quantity: Mapping[str, Any]) -> Iterator[_Change]:
    """Changes worth trying, the nearest to what was ordered first: of the amount, of the interval, of both."""
    for dose in one.report.doses:
        if dose.for_patient is not None and dose.unit:
            yield _Change(Decimal(str(dose.for_patient["high"])), dose.unit)
    value, unit = Decimal(str(quantity["value"])), str(quantity.get("code") or quantity.get("unit") or "")
    subject = Subject(claim=Claim(id="order", text=f"Give {one.order.words}"), patient=patient, as_of=as_of)
    worked_out = situation(subject)
    for order in worked_out.active():
        found = judged(order, worked_out)
        fault = found.fault if found else None
        if found is None or fault is None:
            continue
        near = sorted(found.near, key=lambda way: way.distance)[:3]
        ways = [fault.nearest, *near] if fault.nearest else near
        ratio = fault.ratio if fault.upwards else 1 / fault.ratio
        values = dict.fromkeys(_rounded(value * factor, unit) for way in ways for factor in _factors(way, ratio))
        hours = dict.fromkeys(hour for way in ways for hour in _hours(way))
        yield from (_Change(other) for other in values)
        yield from (_Change(every_hours=hour) for hour in hours)
        yield from (_Change(other, every_hours=hour) for other in values for hour in hours)


def _hours(way: Comparison) -> Iterator[Decimal]:
    """Intervals of a way of giving, the usual ones between its shortest and its longest."""
    if way.regimen.every_hours:
        least, most = way.regimen.every_hours
        yield from dict.fromkeys((least, *(hour for hour in _USUAL_HOURS if least <= hour <= most)))


def _factors(way: Comparison, ratio: Decimal) -> Iterator[Decimal]:
    if way.above > 1:
        yield 1 / way.above
    if way.below > 1:
        yield way.below
    if way.single > 1:
        yield 1 / way.single
    if way.daily > 1:
        yield 1 / way.daily
    yield 1 / ratio


def _rounded(value: Decimal, unit: str) -> Decimal:
    """Down to three figures; to halves of what is counted."""
    if is_counted(unit):
        return (value * 2).to_integral_value(ROUND_DOWN) / 2
    exponent = value.adjusted() - 2
    return value.quantize(Decimal(1).scaleb(min(exponent, 0)), ROUND_DOWN) if value else value


def _changed(resource: Mapping[str, Any], change: _Change) -> dict[str, Any] | None:
    """The whole resource with the change; what says the old dose in words goes, or the two would contradict each other."""
    made: dict[str, Any] = copy.deepcopy(dict(resource))
    instruction = made["dosageInstruction"][0]
    for words in ("text", "patientInstruction"):
        instruction.pop(words, None)
    if change.value is not None:
        if change.value <= 0:
            return None
        quantity = instruction["doseAndRate"][0]["doseQuantity"]
        quantity["value"] = _number(change.value)
        if change.unit is not None:
            quantity.update({"unit": change.unit, "code": {"mcg": "ug"}.get(change.unit, change.unit)})
            quantity["system"] = "http://unitsofmeasure.org"
    if change.every_hours is not None:
        timing = instruction.get("timing")
        repeat = timing.get("repeat") if isinstance(timing, dict) else None
        if not isinstance(repeat, dict):
            return None
        timing.pop("code", None)
        for name in ("frequencyMax", "periodMax", "timeOfDay", "when", "dayOfWeek"):
            repeat.pop(name, None)
        repeat.update({"frequency": 1, "period": _number(change.every_hours), "periodUnit": "h"})
    return made


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(json.dumps(float(value)))
