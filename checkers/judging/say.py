"""Findings in words: the number, the limit, the patient's fact, what would be right, and where it is from."""

from __future__ import annotations

from decimal import Decimal

from checkers.formulary.fields import Sourced
from checkers.formulary.rows import Regimen
from checkers.judging.compare import Comparison
from checkers.judging.fault import Fault
from checkers.judging.faults import Judged
from checkers.situation.amounts import figure, measure, shown
from checkers.situation.orders import Order
from checkers.situation.situation import Situation
from checkers.types import Finding, Severity

_EVERY = {
    Decimal(168): "once a week", Decimal(336): "every 2 weeks", Decimal(730): "once a month", Decimal(2191): "every 3 months",
    Decimal(4383): "twice a year", Decimal(8766): "once a year",
}  # fmt: skip
_PER = {"dose": "", "day": "/day", "hour": "/h", "minute": "/min"}


def source_of(row: Sourced | None, situation: Situation) -> str:
    """Title, edition and section of the document that a row is from; that it is not verified, if it is not."""
    if row is None or not row.verified or row.source is None:
        return "unverified"
    source = situation.known.sources.get(row.source)
    if source is None:
        return f"{row.source}, {row.section}"
    return f"{source.title}, {source.publisher}, {source.edition}, {row.section}"


def finding(
    rule: str,
    severity: Severity,
    message: str,
    span: tuple[int, int] | None,
    row: Sourced | None,
    situation: Situation,
    **evidence: str | int | float | None,
) -> Finding:
    """A finding with where its row is from, in words and as evidence."""
    source = source_of(row, situation)
    said = f"{message} Source: {source}." if source != "unverified" else f"{message} (Unverified entry of the tables.)"
    return Finding(
        rule=rule,
        severity=severity,
        message=said,
        span=span,
        evidence={"source": source, "verified": int(row.verified) if row is not None else 0, **evidence},
    )


def of_fault(rule: str, why: str, fault: Fault, judged: Judged, situation: Situation) -> Finding:
    """What is wrong with an amount: ``why`` is the rule's own sentence."""
    order = fault.order
    parts = [f"{drug_of(order)} {said_dose(order)}: {why}"]
    if situation.subject.passages is not None:
        parts.insert(0, "The source itself conflicts with the dosing tables.")
    if fault.ceiling is not None:
        of = "a dose" if fault.ceiling.of == "single" else "a day"
        parts.append(f"At most {shown(fault.ceiling.value, fault.amount.kind)}{fault.ceiling.per} {of}.")
    if (within := within_limits(judged)) and fault.kind != "salt-or-unit":
        parts.append(f"Within limits: {within}.")
    return finding(
        rule,
        fault.severity,
        " ".join(parts),
        fault.dose.span,
        fault.row,
        situation,
        claim=situation.subject.claim.text[slice(*fault.dose.span)],
        ratio=float(round(fault.ratio, 2)),
        within=within or None,
    )


def drug_of(order: Order) -> str:
    """The drug, with a capital."""
    name = order.drug or order.product or "This drug"
    return name[0].upper() + name[1:]


def said_dose(order: Order) -> str:
    """The order's first amount as it was read, with how often."""
    dose = order.first
    if dose.dose_low is None or dose.dose_high is None:
        return "dose"
    numbers = figure(dose.dose_low)
    if dose.dose_high != dose.dose_low:
        numbers += f" to {figure(dose.dose_high)}"
    text = f"{numbers} {dose.unit}{'/kg' * dose.per_kg}{'/m²' * dose.per_m2}{_PER[dose.basis or 'dose']}"
    often = order.often
    if often is None:
        return text
    return f"{text} {_times(often)}"


def _times(often: Decimal) -> str:
    if often >= 1:
        count = figure(often)
        return {"1": "once daily", "2": "twice daily"}.get(count, f"{count} times daily")
    return f"every {figure(1 / often)} days"


def within_limits(judged: Judged, most: int = 2) -> str:
    """The ways of giving that come nearest, in words."""
    seen: dict[str, None] = {}
    for one in sorted(judged.near, key=lambda near: near.distance):
        seen.setdefault(way(one.regimen), None)
        if len(seen) == most:
            break
    return "; or ".join(seen)


def way(row: Regimen) -> str:
    """A way of giving, in words."""
    low, high = row.dose
    numbers = figure(low) if low == high else f"{figure(low)} to {figure(high)}"
    text = f"{numbers} {row.unit}{'/kg' * row.per_kg}{'/m²' * row.per_m2}{_PER[row.per]}"
    if row.every_hours:
        shortest, longest = row.every_hours
        if shortest == longest:
            text += f" {_EVERY.get(shortest) or ('once daily' if shortest == 24 else f'every {figure(shortest)} h')}"
        else:
            text += f" every {figure(shortest)} to {figure(longest)} h"
    elif row.role in ("loading", "single"):
        text += " as a loading dose" if row.role == "loading" else " once"
    text += f" {' or '.join(row.route)}"
    if row.max_single is not None:
        text += f", at most {figure(row.max_single)} {row.unit} a dose"
    if row.max_daily is not None:
        text += f", at most {figure(row.max_daily)} {row.unit} a day"
    if row.indication:
        text += f" ({row.indication[0]})"
    return text


def nearest_of(judged: Judged) -> Comparison | None:
    """The way of giving that comes nearest."""
    return min(judged.near, key=lambda one: one.distance, default=None)


def unit_kind(unit: str) -> str:
    """The kind of measure of a unit."""
    return measure(unit)[0]
