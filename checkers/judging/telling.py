"""Tells the faults of an amount apart: too much, too little, too often, too long, and what slip of the pen explains it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from checkers.formulary.rows import Regimen
from checkers.judging.applies import for_patient
from checkers.judging.ceilings import Passed
from checkers.judging.compare import ONE, Comparison
from checkers.judging.fault import Fault, Kind
from checkers.judging.thresholds import threshold
from checkers.situation.amounts import Amount, measure
from checkers.situation.orders import Order
from checkers.situation.situation import Situation
from checkers.types import Dose, Severity

_DAY = Decimal(24)
_ONCE_A_DAY_HOURS = Decimal(20)
_LIGHT_KG = 2
"""Below this weight a number and the same number per kilogram are near each other."""


@dataclass(frozen=True, slots=True)
class Told:
    """An amount that fits no way of giving, with all that it was set beside; ``over`` is the ceiling that it passes most.

    ``is_capped`` says that the text itself states how much one dose may be at most.
    """

    order: Order
    dose: Dose
    amount: Amount
    compared: Sequence[Comparison]
    nearest: Comparison
    over: Passed | None
    is_capped: bool
    situation: Situation

    def fault(
        self,
        kind: Kind,
        severity: Severity | None,
        ratio: Decimal,
        *,
        upwards: bool = True,
        near: Comparison | None = None,
    ) -> Fault | None:
        """A fault of this amount, if it weighs anything."""
        if severity is None:
            return None
        over = self.over if upwards else None
        return Fault(kind, severity, self.order, self.dose, self.amount, ratio, near or self.nearest, over, upwards)

    @property
    def is_sized(self) -> bool:
        """Whether the amount is per kilogram or per square metre."""
        return self.amount.per_kg or self.amount.per_m2


def told_apart(one: Told) -> Fault | None:
    """The first fault that weighs anything; ``None`` if the order is unusual and nothing to speak of."""
    if late := [near for near in one.compared if near.is_only_too_long]:
        return _too_long(one, late)
    checks = (_lost_kg, _amount, _single, _once, _too_often, _crowded, _daily, _too_seldom)
    return next((fault for check in checks if (fault := check(one)) is not None), None)


def _lost_kg(one: Told) -> Fault | None:
    """The number of a dose per kilogram, without the kilogram."""
    dose, facts = one.dose, one.situation.facts
    if one.is_sized or dose.dose_low is None or dose.dose_high is None or (facts.weight_kg or _LIGHT_KG) < _LIGHT_KG:
        return None
    near = [
        row
        for row in one.compared
        if row.regimen.per_kg and row.regimen.unit == dose.unit and row.regimen.per in ("dose", "day")
        and row.regimen.dose[0] <= dose.dose_low and dose.dose_high <= row.regimen.dose[1]
    ]  # fmt: skip
    if not near:
        return None
    nearest = min(near, key=lambda row: row.below)
    severity = weight(nearest.below, threshold("below", "kg_review"), threshold("below", "kg_block"))
    return one.fault("per-kg", severity, nearest.below, upwards=False, near=nearest)


def _amount(one: Told) -> Fault | None:
    nearest = one.nearest
    if nearest.above > nearest.slack:
        return _too_much(one)
    return _too_little(one) if nearest.below > nearest.slack else None


def _single(one: Told) -> Fault | None:
    """Too much at once in this patient, though the amount per kilogram or square metre is right."""
    ratio = one.nearest.single
    if ratio <= threshold("tolerance", "cap") or not (one.is_sized or one.over is None or one.over.of == "single"):
        return None
    if one.is_sized and one.is_capped:
        return None
    severity = Severity.BLOCK if one.over or ratio >= threshold("cap", "block") else Severity.REVIEW
    return one.fault("weight-cap" if one.is_sized else "maximum-single", severity, ratio)


def _once(one: Told) -> Fault | None:
    """Again and again what is given once."""
    if not one.nearest.repeats:
        return None
    once = one.order.days is not None and one.order.days <= 1
    return one.fault("loading", Severity.REVIEW if once else Severity.BLOCK, ONE)


def _daily(one: Told) -> Fault | None:
    nearest, over = one.nearest, one.over
    if (over is None and nearest.daily <= threshold("tolerance", "cap")) or (one.is_sized and one.is_capped):
        return None
    ratio = max(nearest.daily, over.ratio if over else ONE)
    severity = Severity.BLOCK if over or ratio >= threshold("cap", "block") else Severity.REVIEW
    return one.fault("maximum-single" if over and over.of == "single" else "maximum-daily", severity, ratio)


def _crowded(one: Told) -> Fault | None:
    """As often as the small doses, and as much as the rare ones."""
    ratio = one.nearest.mean
    return one.fault(
        "frequency", weight(ratio, threshold("often", "mean_review"), threshold("often", "mean_block")), ratio
    )


def _too_seldom(one: Told) -> Fault | None:
    ratio = one.nearest.seldom
    weighs = weight(ratio, threshold("often", "seldom_review"), threshold("often", "seldom_block"))
    return one.fault("frequency", weighs, ratio, upwards=False)


def weight(ratio: Decimal, review: Decimal, block: Decimal) -> Severity | None:
    """How much a ratio weighs."""
    return Severity.BLOCK if ratio >= block else Severity.REVIEW if ratio >= review else None


def slip(compared: Iterable[Comparison], above: Decimal, below: Decimal) -> Kind | None:
    """Whether the amount would be right but for a thousand, or for ten."""
    upwards = above >= below
    kinds: tuple[tuple[Kind, int], ...] = (("thousandfold", 1000), ("tenfold", 10))
    for kind, factor in kinds:
        if max(above, below) < threshold(kind, "least"):
            continue
        spread = threshold(kind, "spread")
        for one in compared:
            ratio = one.above if upwards else one.below
            if ratio / factor <= spread and factor / ratio <= one.high / one.low * spread:
                return kind
    return None


def _too_long(one: Told, late: Sequence[Comparison]) -> Fault | None:
    longest = max(late, key=lambda near: near.regimen.max_days or 0)
    follows = any(near.regimen.max_days is None and near is not longest for near in one.compared)
    severity = Severity.BLOCK if longest.too_long >= threshold("duration", "block") else Severity.REVIEW
    kind: Kind = "loading" if follows and longest.regimen.role != "single" else "duration"
    return Fault(kind, severity, one.order, one.dose, one.amount, longest.too_long, longest)


def _too_much(one: Told) -> Fault | None:
    order, amount, nearest, over = one.order, one.amount, one.nearest, one.over
    ratio, interval = nearest.above, threshold("tolerance", "interval")
    kind = slip(one.compared, nearest.above, nearest.below)
    if kind == "thousandfold":
        return one.fault(kind, Severity.BLOCK, ratio)
    if kind == "tenfold":
        grave = over is not None or ratio >= threshold("above", "block")
        return one.fault(kind, Severity.BLOCK if grave else Severity.REVIEW, ratio)
    if one.is_sized and amount.per == "dose" and order.often is not None and order.often > ONE:
        for near in one.compared:
            if near.above / order.often <= near.slack and near.below <= near.slack and near.often <= interval:
                return one.fault("per-day", Severity.BLOCK, ratio)
    if amount.per_kg and any(not near.regimen.per_kg and _has_number(near.regimen, amount) for near in one.compared):
        return one.fault("per-kg", Severity.BLOCK, ratio)
    if any(near.holds_amount and near.repeats for near in one.compared):
        return one.fault("loading", Severity.BLOCK, ratio)
    if over is not None:
        of: Kind = "maximum-single" if over.of == "single" else "maximum-daily"
        return one.fault(of, Severity.BLOCK, max(ratio, over.ratio))
    return one.fault("maximum-single", _above_usual(one), ratio)


def _above_usual(one: Told) -> Severity | None:
    """How much it weighs to be above all usual doses and below every ceiling that is known."""
    medicine, ratio, row = one.situation.medicine(one.dose.drug), one.nearest.above, one.nearest.regimen
    child = one.situation.facts.is_child and row.per_kg
    sized = row.per_kg or row.per_m2
    vouched = any(
        (limit.per_kg or limit.per_m2 or not sized)
        and measure(limit.unit)[0] == one.amount.kind
        and for_patient(limit, one.situation)
        for limit in (medicine.maximum if medicine else ())
        if limit.daily is not None or limit.single is not None
    )
    prefix = "child_" if child else ""
    if vouched:
        return Severity.REVIEW if ratio >= threshold("above", f"{prefix}vouched") else None
    return weight(ratio, threshold("above", f"{prefix}review"), threshold("above", f"{prefix}block"))


def _has_number(row: Regimen, amount: Amount) -> bool:
    """Whether the number of the amount is one of the row, whatever it is per."""
    _, factor = measure(row.unit)
    return row.dose[0] * factor <= amount.high <= row.dose[1] * factor


def _too_little(one: Told) -> Fault | None:
    ratio = one.nearest.below
    kind = slip(one.compared, one.nearest.above, ratio)
    if kind == "thousandfold":
        return one.fault(kind, Severity.BLOCK, ratio, upwards=False)
    if kind == "tenfold":
        return one.fault(kind, Severity.BLOCK, ratio, upwards=False)
    severity = weight(ratio, threshold("below", "review"), threshold("below", "block"))
    return one.fault("too-low", severity, ratio, upwards=False)


def _too_often(one: Told) -> Fault | None:
    """More often than it is given: nothing if the day's amount is the usual one in smaller parts."""
    order, amount, nearest, over = one.order, one.amount, one.nearest, one.over
    row, ratio, often = nearest.regimen, nearest.often, order.often
    if row.every_hours is None or often is None or ratio <= threshold("tolerance", "interval"):
        return None
    shortest = row.every_hours[0]
    kind: Kind = "per-day" if amount.per_kg and shortest >= _ONCE_A_DAY_HOURS else "frequency"
    if shortest >= threshold("often", "long_hours"):
        grave = ratio >= threshold("often", "long_block")
        return one.fault("frequency", Severity.BLOCK if grave else Severity.REVIEW, ratio)
    if over is not None:
        small = ratio < threshold("often", "block")
        return one.fault("maximum-daily" if small else kind, Severity.BLOCK, max(ratio, over.ratio))
    usual = nearest.high * max(_DAY / shortest, ONE) if row.per == "dose" else nearest.high
    day = amount.high * often if amount.per == "dose" else amount.high
    alike = (amount.per_kg, amount.per_m2) == (row.per_kg, row.per_m2)
    if alike and day / usual <= threshold("often", "daily"):
        return _in_parts(one)
    medicine = one.situation.medicine(order.drug)
    alert = medicine is not None and medicine.high_alert
    block = threshold("often", "review" if alert else "block")
    return one.fault(kind, weight(ratio, threshold("often", "review"), block), ratio)


def _in_parts(one: Told) -> Fault | None:
    """The day's usual amount in more parts than the drug is ever given in: it lasts for a day, or is not said to be divided."""
    rows = [near for near in one.compared if near.regimen.every_hours and near.regimen.per == "dose"]
    if one.amount.per != "dose" or one.amount.kind not in ("mass", "units", "amount", "activity") or not rows:
        return None  # drops and creams do no harm by being parted
    shortest = min(near.regimen.every_hours[0] for near in rows if near.regimen.every_hours)
    near = min(rows, key=lambda row: row.often)
    name = next((name for name in ("day", "half_day", "quarter_day") if shortest >= threshold("parts", name)), None)
    if name is None:
        return None
    longest = max(near.regimen.every_hours[1] for near in rows if near.regimen.every_hours)
    block = "day_block" if name == "day" else f"{name}_daily_block" if longest >= _ONCE_A_DAY_HOURS else f"{name}_block"
    severity = weight(near.often, threshold("parts", f"{name}_review"), threshold("parts", block))
    return one.fault("frequency", severity, near.often, near=near)
