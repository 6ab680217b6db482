"""An amount of an order beside one way of giving the drug: by how much it differs, in which direction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from math import log

from checkers.formulary.rows import Regimen
from checkers.judging.thresholds import surfaces, threshold, weights
from checkers.situation.amounts import Amount, measure
from checkers.situation.facts import Facts
from checkers.situation.orders import Order
from checkers.types import Dose

ONE = Decimal(1)
_DAY = Decimal(24)
_APART = 7
_ENDLESS = Decimal(3650)
"""Days that "indefinitely" counts for."""
_RATES = {"hour": Decimal(1), "minute": Decimal(60)}


@dataclass(frozen=True, slots=True)
class Comparison:
    """How often the amount goes into ``regimen``: every ratio is at least 1, and 1 is within.

    ``above`` and ``below`` are of the amount, ``often`` and ``seldom`` of the interval, ``mean`` of what it comes to over days
    where the interval may be short or long, ``single`` and ``daily`` of the regimen's own ceilings. ``repeats`` says that what
    is given once is ordered again and again, ``too_long`` by how much the course is. ``low`` and ``high`` are the regimen's
    range in the order's own terms.
    """

    regimen: Regimen
    dose: Dose
    amount: Amount
    above: Decimal
    below: Decimal
    often: Decimal
    seldom: Decimal
    mean: Decimal
    single: Decimal
    daily: Decimal
    repeats: bool
    too_long: Decimal
    low: Decimal
    high: Decimal
    a_day: Decimal | None

    @property
    def holds_amount(self) -> bool:
        """Whether the amount is within the range, give or take a rounding."""
        slack = self.slack
        return self.above <= slack and self.below <= slack

    @property
    def slack(self) -> Decimal:
        """What a rounding may come to: more where kilograms stand between the two."""
        same = (self.amount.per_kg, self.amount.per_m2) == (self.regimen.per_kg, self.regimen.per_m2)
        return threshold("tolerance", "amount" if same else "weight")

    @property
    def fits(self) -> bool:
        """Whether the order is given in just this way."""
        return self._fits_but_for_days and self.too_long <= threshold("tolerance", "days")

    @property
    def is_only_too_long(self) -> bool:
        """Whether it would be given in just this way, for fewer days."""
        return self._fits_but_for_days and self.too_long > threshold("tolerance", "days")

    @property
    def _fits_but_for_days(self) -> bool:
        cap, interval = threshold("tolerance", "cap"), threshold("tolerance", "interval")
        return (
            self.holds_amount
            and self.often <= interval
            and self.seldom <= threshold("often", "seldom_review")
            and self.mean < threshold("often", "mean_review")
            and self.single <= cap
            and self.daily <= cap
            and not self.repeats
        )

    @property
    def distance(self) -> float:
        """How far off it is, for finding the nearest; 0 fits."""
        ratios = (max(self.above, self.below), max(self.often, self.seldom), max(self.single, self.daily))
        weighed = zip(ratios, (1.0, 0.5, 0.6), strict=True)
        off = sum(weight * log(float(max(ratio, ONE))) for ratio, weight in weighed)
        return (
            off + 0.7 * self.repeats + 0.3 * log(float(max(self.too_long, ONE))) + 0.0001 * len(self.regimen.indication)
        )


def compare(order: Order, dose: Dose, amount: Amount, regimen: Regimen, facts: Facts) -> Comparison | None:
    """The order's amount beside ``regimen``; ``None`` if the two measure different things."""
    kind, factor = measure(regimen.unit)
    if kind != amount.kind:
        return None
    often = _often(order)
    given = _in_terms(amount, regimen, often)
    if given is None:
        return None
    amount_there, low, high = given
    ratios = _apart(amount_there, low, high, regimen, facts)
    if ratios is None:
        return None
    above, below = ratios
    repeats = regimen.every_hours is None and regimen.role in ("loading", "single") and _repeats(order)
    times = seldom = ONE
    if regimen.every_hours and often and (amount.per in ("dose", "day") or "transdermal" in regimen.route):
        times = max(ONE, often * regimen.every_hours[0] / _DAY)
        seldom = max(ONE, _DAY / regimen.every_hours[1] / often)
    a_day = own_day(order, amount)
    single = daily = ONE
    absolute = _absolute(amount, facts)
    if absolute is not None:
        if regimen.max_single is not None and amount.per == "dose":
            single = max(ONE, absolute * amount.high / (regimen.max_single * factor))
        if regimen.max_daily is not None and a_day is not None:
            daily = max(ONE, absolute * a_day / (regimen.max_daily * factor))
    too_long = ONE
    if regimen.max_days is not None and (order.days is not None or order.manner.endless):
        too_long = max(ONE, (_ENDLESS if order.manner.endless else order.days or ONE) / regimen.max_days)
    return Comparison(
        regimen, dose, amount, above, below, times, seldom, _mean(order, amount_there, regimen, low, high), single, daily,
        repeats, too_long, low, high, a_day,
    )  # fmt: skip


def _mean(order: Order, amount: Amount, regimen: Regimen, low: Decimal, high: Decimal) -> Decimal:
    """By how much the order's mean day is above that of the row: its low dose at the short interval, its high at the long one.

    Only where the intervals lie far apart, so that not every dose goes with each; a short course may hold the high dose in
    parts.
    """
    alike = (amount.per_kg, amount.per_m2) == (regimen.per_kg, regimen.per_m2)
    if regimen.every_hours is None or order.often is None or regimen.per != "dose" or not alike:
        return ONE
    shortest, longest = regimen.every_hours
    if longest / shortest < _APART or longest <= _DAY or order.manner.once:
        return ONE
    if order.days is not None and amount.high * max(ONE, order.often * order.days) <= high * threshold(
        "tolerance", "amount"
    ):
        return ONE
    return max(ONE, amount.high * order.often / max(low * _DAY / shortest, high * _DAY / longest))


def _often(order: Order) -> Decimal | None:
    """Times a day; once if the amount is that of a day and goes on for days: "2 g/kg/day for 5 days"."""
    daily = order.days is not None and order.days > 1 and any(amount.per == "day" for _, amount in order.amounts())
    return order.often or (ONE if daily else None)


def _repeats(order: Order) -> bool:
    if order.manner.endless:
        return True
    return _often(order) is not None and not order.manner.once and not (order.days is not None and order.days <= 1)


def _in_terms(amount: Amount, regimen: Regimen, often: Decimal | None) -> tuple[Amount, Decimal, Decimal] | None:
    """``amount`` per what the regimen is per, or the regimen's range per what the amount is per."""
    _, factor = measure(regimen.unit)
    low, high = regimen.dose[0] * factor, regimen.dose[1] * factor
    per, wanted = amount.per, regimen.per
    if per == wanted:
        return amount, low, high
    if per == "day" and wanted == "dose" and "transdermal" in regimen.route:
        return replace(amount, per=wanted), low, high  # a patch is called by what it gives off in a day
    if per in _RATES and wanted in _RATES:
        return replace(amount.times(_RATES[per] / _RATES[wanted]), per=wanted), low, high
    if per in _RATES or wanted in _RATES:
        return None
    if often is not None:
        return replace(amount.times(often if wanted == "day" else ONE / often), per=wanted), low, high
    if regimen.every_hours is None:
        return (amount, low, high) if wanted == "day" else None
    shortest, longest = regimen.every_hours[0] / _DAY, regimen.every_hours[1] / _DAY
    if wanted == "day":
        return amount, low * shortest, high * longest
    return amount, low / longest, high / shortest


def _apart(
    amount: Amount, low: Decimal, high: Decimal, regimen: Regimen, facts: Facts
) -> tuple[Decimal, Decimal] | None:
    """How many times above ``high`` at the most lenient, and below ``low``."""
    least, most = ONE, ONE
    if (amount.per_kg, amount.per_m2) != (regimen.per_kg, regimen.per_m2):
        bodies = {(True, False): weights(facts), (False, True): surfaces(facts), (False, False): (ONE, ONE)}
        mine, theirs = bodies.get((amount.per_kg, amount.per_m2)), bodies.get((regimen.per_kg, regimen.per_m2))
        if mine is None or theirs is None:
            return None
        least, most = mine[0] / theirs[1], mine[1] / theirs[0]
    above = amount.high * least / high
    below = low / (amount.high * most) if amount.high else Decimal(1000)
    return max(ONE, above), max(ONE, below)


def _absolute(amount: Amount, facts: Facts) -> Decimal | None:
    """What the amount is to be multiplied by to be one without kilograms; ``None`` if the patient's size is not known."""
    if amount.per_kg:
        return None if facts.weight_kg is None else Decimal(str(facts.weight_kg))
    if amount.per_m2:
        return None if facts.bsa_m2 is None else Decimal(str(facts.bsa_m2))
    return ONE


def own_day(order: Order, amount: Amount) -> Decimal | None:
    """What it comes to in a day, in the amount's own terms; ``None`` if that is not stated."""
    if amount.per == "day":
        return amount.high
    if amount.per in _RATES:
        return None
    if order.often is not None:
        return order.capped(amount.high * order.times_a_day, amount)
    return amount.high if order.manner.once else None


def a_day(order: Order, amount: Amount, facts: Facts) -> Decimal | None:
    """What an order comes to in a day, absolute; ``None`` if that is not stated or the patient's size is not known."""
    absolute, total = _absolute(amount, facts), own_day(order, amount)
    return None if absolute is None or total is None else absolute * total


def a_dose(amount: Amount, facts: Facts, often: Decimal | None = None) -> Decimal | None:
    """What one dose comes to, absolute; ``None`` likewise."""
    absolute = _absolute(amount, facts)
    if absolute is None or amount.per in _RATES:
        return None
    if amount.per == "day":
        return absolute * amount.high / often if often and often > ONE else None
    return absolute * amount.high
