"""What is wrong with the amount of an order, if anything: one fault, the one that explains it best.

Every kind of fault has a rule of its own, which says it; here they are told apart, so that one mistake is found once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from checkers.formulary.rows import Medicine, Regimen
from checkers.judging.applies import applying, by_route, indicated
from checkers.judging.beginnings import LOAD, carried_on
from checkers.judging.ceilings import ceilings, own_caps
from checkers.judging.compare import ONE, Comparison, compare
from checkers.judging.fault import Fault, Kind
from checkers.judging.rates import rate_fault, unknown_rate
from checkers.judging.slow import slow_product
from checkers.judging.telling import Told, told_apart, weight
from checkers.judging.thresholds import threshold
from checkers.situation.amounts import Amount, measure
from checkers.situation.orders import Order
from checkers.situation.situation import Situation
from checkers.types import Dose, Severity

_RATES = ("hour", "minute")
_GRAVITY = list(Severity)
_SLOW_HOURS = 12
_MEASURED = ("mass", "units", "amount", "activity", "mg PE", "MME")
"""Kinds of measure in which a dose says how much; the others count tablets and spoons of no stated strength."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An order beside all that is known: ``fits`` are the ways in which it is given, ``near`` all that it was set beside."""

    order: Order
    medicine: Medicine
    near: tuple[Comparison, ...]
    fits: tuple[Comparison, ...]
    fault: Fault | None


def judged(order: Order, situation: Situation) -> Judged | None:
    """``order`` judged; ``None`` if its drug has no rows or it states no amount."""
    return situation.once(("judged", *order.which), lambda: _judge(order, situation))


def _judge(order: Order, situation: Situation) -> Judged | None:
    medicine = situation.medicine(order.drug)
    if medicine is None or not medicine.regimen:
        return None
    volumes = [row for row in medicine.regimen if measure(row.unit)[0] == "volume" and by_route(row, order.route)]
    amounts = order.stated() if volumes and order.derived is not None else order.amounts()
    if not amounts:
        return None
    near: list[Comparison] = []
    faults: list[Fault | None] = []
    fits: list[Comparison] = []
    for dose, amount in amounts:
        compared, fault = _statement(order, dose, amount, medicine, situation)
        near += compared
        fits += [one for one in compared if one.fits]
        faults.append(fault)
    fault = None if order.is_bag else _worst(faults)
    if fault is not None and is_dose_of_a_bag(order, situation):
        fault = None
    return Judged(order, medicine, tuple(near), tuple(fits), fault)


def by_mouth(order: Order, situation: Situation) -> Judged | None:
    """``order`` judged as if it said that it is swallowed."""
    doses = tuple(dose.model_copy(update={"route": "oral"}) for dose in order.doses)
    return _judge(replace(order, doses=doses), situation)


def is_dose_of_a_bag(order: Order, situation: Situation) -> bool:
    """Whether a rate in mL is that at which a bag of one right dose runs in: "4 g in 100 mL at 300 mL/h"."""
    bag = next(
        (one for one in situation.orders if one.is_bag and (one.number, one.drug) == (order.bag, order.drug)), None
    )
    if bag is None:
        return False
    doses = tuple(dose.model_copy(update={"route": dose.route or "intravenous"}) for dose in bag.doses)
    whole = _judge(replace(bag, is_bag=False, doses=doses), situation)
    return whole is not None and whole.fault is None and bool(whole.fits)


def _worst(faults: Iterable[Fault | None]) -> Fault | None:
    """The gravest; of those as grave, the first."""
    return max((one for one in faults if one is not None), key=lambda one: _GRAVITY.index(one.severity), default=None)


def _statement(
    order: Order, dose: Dose, amount: Amount, medicine: Medicine, situation: Situation
) -> tuple[list[Comparison], Fault | None]:
    facts = situation.facts
    applicable = applying(medicine.regimen, situation, order)
    anybody = facts.is_quoted and facts.conditions is None  # whom it is for stands in another sentence
    allowed = [row for row in applicable if not row.only or anybody or indicated(row, situation) is not None]
    compared = [one for row in allowed if (one := compare(order, dose, amount, row, facts)) is not None]
    if amount.per_kg and facts.weight_kg is None and any(one.regimen.per_kg for one in compared):
        compared = [
            one for one in compared if one.regimen.per_kg
        ]  # what it comes to for nobody in particular says nothing
    slow = order.route != "rectal" and slow_product(order.said) is not None
    if slow and any(_is_slow(one.regimen) and one.regimen.every_hours for one in compared):
        compared = [one for one in compared if _is_slow(one.regimen)]
    if LOAD.search(order.said) and any(one.regimen.role == "loading" for one in compared):
        compared = (
            [one for one in compared if one.regimen.role in ("loading", "single")]
            if dose.role == "loading"
            else compared
        )
    if wrong := _kind_of_unit(order, dose, amount, medicine):
        return compared, wrong
    fitting = [one for one in compared if one.fits]
    if fitting:
        found = (
            _for_something_else(order, dose, amount, compared, fitting, medicine, situation),
            _too_much_for_a_child(order, dose, amount, compared, fitting, situation),
            carried_on(order, dose, amount, compared, fitting, situation),
            _over_a_ceiling(order, dose, amount, medicine, fitting, situation),
        )
        return compared, _worst(found)
    refused = [
        one
        for row in applicable
        if row not in allowed and (one := compare(order, dose, amount, row, facts)) is not None and one.fits
    ]
    if refused:
        unnamed = Fault("indication", _unless_unknown(situation), order, dose, amount, ONE, refused[0])
        return compared, _worst((unnamed, _far_from_usual(order, dose, amount, compared, medicine, situation)))
    if not compared:
        lone = unknown_rate if amount.per in _RATES else _no_way
        return compared, lone(order, dose, amount, medicine, situation)
    if amount.per in _RATES:
        return compared, rate_fault(order, dose, amount, compared)
    return compared, _told(order, dose, amount, compared, medicine, situation)


def _for_something_else(
    order: Order,
    dose: Dose,
    amount: Amount,
    compared: Sequence[Comparison],
    fits: Sequence[Comparison],
    medicine: Medicine,
    situation: Situation,
) -> Fault | None:
    """A dose that is right only for a use that nobody names although the patient's conditions are known.

    It is what it would be without that use; but an unusual one is for somebody to look at, since a use may go by other names.
    """
    if not situation.facts.conditions or amount.per in _RATES:
        return None
    usual = [one for one in compared if not one.regimen.indication or indicated(one.regimen, situation)]
    if not usual or any(one in usual for one in fits):
        return None
    fault = _told(order, dose, amount, usual, medicine, situation)
    if fault is None or fault.severity is Severity.REVIEW or fault.ratio >= threshold("above", "other_use"):
        return fault
    return replace(fault, severity=Severity.REVIEW)


def _far_from_usual(
    order: Order,
    dose: Dose,
    amount: Amount,
    compared: Sequence[Comparison],
    medicine: Medicine,
    situation: Situation,
) -> Fault | None:
    """What a dose that only an unnamed use allows would be without it, where it is too far off to be meant for that use."""
    if not compared or situation.facts.is_quoted:
        return None
    rated = amount.per in _RATES
    fault = (
        rate_fault(order, dose, amount, compared)
        if rated
        else _told(order, dose, amount, compared, medicine, situation)
    )
    return fault if fault is not None and fault.ratio >= threshold("above", "other_use") else None


def _told(
    order: Order, dose: Dose, amount: Amount, compared: Sequence[Comparison], medicine: Medicine, situation: Situation
) -> Fault | None:
    nearest = min(compared, key=lambda one: one.distance)
    over = max(ceilings(order, amount, medicine, situation), key=lambda one: one.ratio, default=None)
    return told_apart(Told(order, dose, amount, compared, nearest, over, is_capped(order, situation), situation))


def _too_much_for_a_child(
    order: Order,
    dose: Dose,
    amount: Amount,
    compared: Sequence[Comparison],
    fits: Sequence[Comparison],
    situation: Situation,
) -> Fault | None:
    """A dose that only a row for children of any weight allows, and that is far too much for this child's."""
    facts = situation.facts
    if not facts.is_child or facts.weight_kg is None or amount.per_kg or amount.per in _RATES:
        return None
    if any(one.regimen.per_kg or one.regimen.per_m2 or one.regimen.weight_kg for one in fits):
        return None
    sized = [one for one in compared if one.regimen.per_kg and not one.regimen.indication]
    if not sized:
        return None
    nearest = min(sized, key=lambda one: one.above)
    severity = weight(nearest.above, threshold("above", "block"), threshold("above", "child_far"))
    return None if severity is None else Fault("maximum-single", severity, order, dose, amount, nearest.above, nearest)


def _is_slow(row: Regimen) -> bool:
    """Whether the row may be of a product of slow release: it says so, or is not given more often than twice a day."""
    return bool(row.form) or row.every_hours is None or row.every_hours[0] >= _SLOW_HOURS


def _over_a_ceiling(
    order: Order, dose: Dose, amount: Amount, medicine: Medicine, fits: Sequence[Comparison], situation: Situation
) -> Fault | None:
    """A dose that is given in just this way, and in this patient, or so often, is more than anybody is given."""
    by_size = amount.per_kg or any(one.per_m2 for _, one in order.amounts())
    sized = by_size and all(one.regimen.per_kg or one.regimen.per_m2 for one in fits)
    if sized and is_capped(order, situation):
        return None
    passed = ceilings(order, amount, medicine, situation)
    by_day = amount.per != "day" and all(one.regimen.per != "dose" for one in fits)  # which says nothing of one dose
    passed = [one for one in passed if not one.row.per_m2]
    passed = [one for one in passed if not (sized and one.row.per_kg) or (by_day and one.of == "single")]
    if not passed:
        return None
    over = max(passed, key=lambda one: one.ratio)
    severity = Severity.BLOCK if over.ratio >= threshold("cap", "block") else Severity.REVIEW
    kind: Kind = "weight-cap" if sized else "maximum-single" if over.of == "single" else "maximum-daily"
    return Fault(kind, severity, order, dose, amount, over.ratio, fits[0], over)


def is_capped(order: Order, situation: Situation) -> bool:
    """Whether the text itself says how much one dose may be at most: "(capped at 2 mg)", or states the drug's own cap."""
    said = (one.is_limit and one.drug == order.drug and one.sentence == order.sentence for one in situation.orders)
    medicine = situation.medicine(order.drug)
    caps = own_caps(medicine) if medicine else frozenset()
    return any(said) or any(
        amount.high in caps for _, amount in order.amounts() if not (amount.per_kg or amount.per_m2)
    )


def _unless_unknown(situation: Situation) -> Severity:
    return Severity.REVIEW if situation.facts.conditions is None else Severity.BLOCK


def _kind_of_unit(order: Order, dose: Dose, amount: Amount, medicine: Medicine) -> Fault | None:
    """A dose in a kind of unit that the drug is not measured in."""
    kinds = {measure(row.unit)[0] for row in medicine.regimen} | set(medicine.measured_in)
    if amount.kind in kinds or ("percent" in kinds and amount.kind == "volume"):
        return None
    if amount.kind not in _MEASURED and not (amount.kind == "volume" and medicine.measured_in == ("units",)):
        return None
    if amount.kind == "mg PE" or (amount.kind == "mass" and "mg PE" in kinds):
        return Fault("salt-or-unit", Severity.REVIEW, order, dose, amount, ONE)
    return Fault("salt-or-unit", Severity.BLOCK, order, dose, amount, ONE)


def _no_way(order: Order, dose: Dose, amount: Amount, medicine: Medicine, situation: Situation) -> Fault | None:
    """No way of giving that this amount can be set beside: nothing to say of tablets and bags; else somebody must look."""
    if amount.kind not in _MEASURED or " mL" in order.said:
        return None
    passed = ceilings(order, amount, medicine, situation)
    if passed:
        worst = max(passed, key=lambda one: one.ratio)
        return Fault("maximum-single", Severity.BLOCK, order, dose, amount, worst.ratio, None, worst)
    return Fault("no-way", Severity.REVIEW, order, dose, amount, ONE)
