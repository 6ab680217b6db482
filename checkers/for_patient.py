"""Reads the doses of a claim, and says what each comes to for this patient.

The amount comes from the text's own dose per kilogram or square metre, the patient's size and the caps and rounding steps of
the tables, and from nothing else. Where the tables hold no way of giving that the dose fits, nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from checkers.formulary.rows import Medicine
from checkers.judging.applies import applying
from checkers.judging.compare import Comparison
from checkers.judging.faults import judged
from checkers.situation.amounts import figure, measure
from checkers.situation.orders import Order
from checkers.situation.situation import Situation, situation
from checkers.types import Dose, Rule, Severity, Subject

_CAPPED = ("weight-cap", "maximum-single", "maximum-daily")
"""Faults that a cap puts right, and the amount is capped."""


def check(subject: Subject) -> Iterator[Dose]:
    """Every dose of the claim, in its order, with ``for_patient`` where it can be worked out."""
    from checkers.dosing import read_doses

    doses = read_doses(subject.claim.text)
    if not any(dose.per_kg or dose.per_m2 for dose in doses) or subject.patient is None:
        yield from doses
        return
    worked_out = situation(subject)
    said = {
        (dose.span, dose.drug): found
        for order in worked_out.active()
        for dose in order.doses
        if (found := _for_patient(order, dose, worked_out)) is not None
    }
    for dose in doses:
        found = said.get((dose.span, dose.drug)) if dose.role in ("dose", "loading") else None
        yield dose if found is None else dose.model_copy(update={"for_patient": found})


def _for_patient(order: Order, dose: Dose, situation: Situation) -> dict[str, str | float] | None:
    facts = situation.facts
    size = facts.weight_kg if dose.per_kg else facts.bsa_m2 if dose.per_m2 else None
    one = judged(order, situation)
    if size is None or one is None or dose.dose_low is None or dose.dose_high is None or dose.unit is None:
        return None
    fits = [near for near in one.near if near.dose is dose and near.holds_amount and not near.repeats]
    wrong = one.fault is not None and one.fault.severity is Severity.BLOCK and one.fault.kind not in _CAPPED
    if not fits or wrong:
        return None
    nearest = min(fits, key=lambda near: near.distance)
    exact = Decimal(str(round(size, 3)))
    low, high = dose.dose_low * exact, dose.dose_high * exact
    numbers = _range(dose.dose_low, dose.dose_high)
    unit = {"day": "/day", "hour": "/h", "minute": "/min"}.get(dose.basis or "dose", "")
    measure_of = "kg" if dose.per_kg else "m²"
    words = f"{numbers} {dose.unit}/{measure_of}{unit} × {figure(exact)} {measure_of} = {_range(low, high)} {dose.unit}{unit}"
    if dose.basis == "day" and order.often and order.often > 1:
        low, high = low / order.often, high / order.often
        words += f", in {figure(order.often)} doses: {_range(low, high)} {dose.unit} each"
    if dose.basis in (None, "dose", "day"):
        low, high, more = _capped(low, high, dose, order, nearest, _ceilings(order, one.medicine, situation))
        words += more
    return {"low": float(low), "high": float(high), "unit": dose.unit, "calculation": words}


def _ceilings(order: Order, medicine: Medicine, situation: Situation) -> list[Decimal]:
    """What nobody is given more of at once, in the base unit."""
    rows = applying(medicine.maximum, situation, order)
    return [
        row.single * measure(row.unit)[1]
        for row in rows
        if row.single is not None and not (row.per_kg or row.per_m2 or row.indication or row.form)
    ]


def _capped(
    low: Decimal, high: Decimal, dose: Dose, order: Order, near: Comparison, ceilings: list[Decimal]
) -> tuple[Decimal, Decimal, str]:
    """One dose below the ceilings of the row and the drug and on the rounding step, and the words for that."""
    row, words = near.regimen, ""
    factor = measure(row.unit)[1]
    ratio = factor / measure(dose.unit or row.unit)[1]
    caps = [row.max_single] if row.max_single else [one / factor for one in ceilings]
    if row.max_daily:
        split = order.often if order.often and order.often > 1 else Decimal(1)
        caps.append(row.max_daily if dose.basis == "day" and split == 1 else row.max_daily / split)
    cap = min(caps) * ratio if caps else None
    if cap is not None and high > cap:
        low, high = min(low, cap), cap
        words += f"; at most {figure(cap)} {dose.unit}"
    if row.round_to:
        step = row.round_to * ratio
        low, high = (max(step, (value / step).quantize(Decimal(1), ROUND_HALF_UP) * step) for value in (low, high))
        words += f"; rounded to {figure(step)} {dose.unit}: {_range(low, high)} {dose.unit}"
    return low, high, words


def _range(low: Decimal, high: Decimal) -> str:
    return figure(low) if low == high else f"{figure(low)} to {figure(high)}"


READER = Rule(
    id="dose-reader",
    version=2,
    harm="A dose that was not read is a dose that no rule judges.",
    source="Joint Commission Do Not Use list and ISMP List of Error-Prone Abbreviations, for what is written.",
    example='"MTX 7.5 mg weekly" is methotrexate, 7.5 mg, once in seven days.',
    check=check,
)
"""Says what doses a claim holds, and finds nothing. Asked like a rule, so that a claim it cannot read is withheld."""
