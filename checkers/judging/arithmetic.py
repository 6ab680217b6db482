"""Whether the amounts that an order states say the same: 15 mg/kg of 20 kg is 300 mg, and 5 mL of 2% is 100 mg."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from checkers.calculators import carboplatin_mg
from checkers.frequencies import frequencies
from checkers.judging.thresholds import threshold
from checkers.situation.amounts import Amount, amount_of, concentrations, figure, shown
from checkers.situation.orders import Order
from checkers.situation.situation import Situation
from checkers.situation.told import told
from checkers.types import Dose, Severity

_AROUND = 240
"""Code points around an amount in which the weight that it is worked out for may stand."""
_BEHIND = 32
"""Code points behind an amount in which it may be said how often it is given."""
_AREA = re.compile(r"\bAUC\s*(?:of\s*|=\s*)?(?P<n>[1-9](?:\.\d)?)\b", re.IGNORECASE)
_MINUTES = {"minute": Decimal(1), "hour": Decimal(60)}
_NOT_THE_SAME = re.compile(
    r"\b(?:base|salt|elemental|equivalent|component|of the|max\w*|cap\w*|up to|at most|total|each|half"
    r"|per (?:site|side|thigh|buttock))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Miscount:
    """``dose`` is stated, ``expected`` is what it should come to by ``sum_``; ``ratio`` is how far off, at least 1."""

    dose: Dose
    ratio: Decimal
    expected: str
    sum_: str
    severity: Severity


def miscounts(order: Order, situation: Situation) -> tuple[Miscount, ...]:
    """Every amount of an order that its other amounts contradict."""
    return situation.once(("miscounts", *order.which), lambda: tuple(_miscounts(order, situation)))


def _miscounts(order: Order, situation: Situation) -> Iterator[Miscount]:
    read = [(dose, amount) for dose in order.doses if (amount := amount_of(dose)) is not None]
    absolute = [(dose, amount) for dose, amount in read if not (amount.per_kg or amount.per_m2)]
    for dose, amount in read:
        if amount.per_kg or amount.per_m2:
            size = _size(amount, order, situation)
            if size is None:
                continue
            number, unit = size
            for other, stated in absolute:
                if stated.kind == amount.kind and not _is_capped(stated, order, situation):
                    upto = "" if dose.dose_low == dose.dose_high else f" to {dose.dose_high:f}"
                    words = f"{dose.dose_low:f}{upto} {dose.unit} × {number.normalize():f} {unit}"
                    each = _is_of_each_dose(other, situation.text)
                    yield from _beside(other, stated, amount.times(number), order, words, is_each=each)
    yield from _calvert(order, absolute, situation)
    yield from _volumes(order, absolute)
    yield from _again(order, absolute, situation)


def _calvert(order: Order, absolute: list[tuple[Dose, Amount]], situation: Situation) -> Iterator[Miscount]:
    """Milligrams of carboplatin beside the area under the curve that they are meant for."""
    area, rate = _AREA.search(situation.text), situation.facts.crcl_ml_min
    if order.drug != "carboplatin" or area is None or not rate:
        return
    expected = Decimal(str(round(carboplatin_mg(auc_mg_min_ml=float(area["n"]), gfr_ml_min=rate), 1)))
    for dose, amount in absolute:
        if amount.kind == "mass" and amount.per == "dose":
            words = f"AUC {area['n']} at a clearance of {rate:.0f} mL/min"
            yield from _beside(dose, amount, Amount(expected, expected, "mass", "dose"), order, words)


def _volumes(order: Order, absolute: list[tuple[Dose, Amount]]) -> Iterator[Miscount]:
    """A volume of a stated concentration beside the amount in it."""
    stated = concentrations(order.said)
    if len(stated) != 1:
        return
    for volume_dose, volume in absolute:
        if volume.kind != "volume" or volume.per not in ("dose", "day"):
            continue
        held = Amount(volume.low * stated[0].low, volume.high * stated[0].low, stated[0].kind, volume.per)
        for other, amount in absolute:
            if amount.kind == held.kind and amount.kind != "volume":
                words = f"{volume_dose.dose_high:f} {volume_dose.unit} of {shown(stated[0].low, stated[0].kind)}/mL"
                yield from _beside(other, amount, held, order, words)


def _again(order: Order, absolute: list[tuple[Dose, Amount]], situation: Situation) -> Iterator[Miscount]:
    """One amount stated twice in units of one kind."""
    if len(absolute) < 2 or _NOT_THE_SAME.search(order.said) or len(order.doses) > 2:
        return
    (first, mine), (second, theirs) = absolute[:2]
    between = situation.text[first.span[1] : second.span[0]]
    if re.match(r"\s*(?:if|for|when|in|with)\b", situation.text[second.span[1] :]):
        return
    if re.search(r"\b(?:or|if|for|when|in|then|to|and|after)\b", between):
        return
    if mine.kind == theirs.kind and mine.kind in ("mass", "units") and first.span != second.span:
        a_day = " a day" if mine.per == "day" else ""
        yield from _beside(second, theirs, mine, order, f"{first.dose_high:f} {first.unit}{a_day}", is_whole=True)


def _is_of_each_dose(dose: Dose, text: str) -> bool:
    """Whether "twice daily" stands right behind the amount, so that it cannot be what a day comes to."""
    behind, _ = frequencies(text[dose.span[1] : dose.span[1] + _BEHIND])
    return bool(behind) and behind[0].high > 1 and not text[dose.span[1] : dose.span[1] + behind[0].start].strip()


def _beside(
    dose: Dose,
    stated: Amount,
    expected: Amount,
    order: Order,
    words: str,
    *,
    is_whole: bool = False,
    is_each: bool = False,
) -> Iterator[Miscount]:
    """``stated`` beside ``expected`` as a dose, as a day, by the minute: whichever it meets best.

    ``is_whole`` says that both are absolute, so that a dose cannot be the whole of a divided day said again; ``is_each`` that
    the amount is that of every dose.
    """
    times = {Decimal(1)}
    divided = order.often is not None and order.often > 1 and (expected.per, stated.per) == ("day", "dose")
    if order.often and divided and (is_whole or is_each):
        times = {1 / order.often}
    elif (order.often and {stated.per, expected.per} == {"dose", "day"}) or (
        order.often and order.often > 1 and expected.per != stated.per
    ):
        times |= {order.often, 1 / order.often}
    if order.often and order.often > 1 and expected.per == "day" and not is_whole and not is_each:
        times.add(1 / order.often)
    if stated.per in _MINUTES and expected.per in _MINUTES:
        times = {_MINUTES[stated.per] / _MINUTES[expected.per]}
    elif stated.per in _MINUTES or expected.per in _MINUTES:
        return
    ratio, best = min(((_off(stated, expected.times(n)), n) for n in times), key=lambda pair: pair[0])
    severity = Severity.BLOCK if ratio >= threshold("arithmetic", "block") else Severity.REVIEW
    if ratio >= threshold("arithmetic", "review"):
        right = expected.times(best)
        if best < 1 and stated.per == "dose":
            words = f"{words} in {figure(1 / best)} doses"
        numbers = (
            shown(right.low, right.kind)
            if right.low == right.high
            else f"{shown(right.low, right.kind)} to {shown(right.high, right.kind)}"
        )
        yield Miscount(dose, ratio, numbers, words, severity)


def _off(stated: Amount, expected: Amount) -> Decimal:
    over = stated.high / expected.high if expected.high else Decimal(1000)
    under = expected.low / stated.low if stated.low else Decimal(1000)
    return max(over, under, Decimal(1))


def _size(amount: Amount, order: Order, situation: Situation) -> tuple[Decimal, str] | None:
    """The kilograms or square metres that the order's own sentence states, else the patient's."""
    fact, unit, known = (
        ("weight_kg", "kg", situation.facts.weight_kg) if amount.per_kg else ("bsa_m2", "m²", situation.facts.bsa_m2)
    )
    text, at = situation.text, order.span[0]
    start = max(text.rfind("\n", 0, at) + 1, at - _AROUND)
    end = text.find("\n", order.span[1])
    line = text[start : min(end if end >= 0 else len(text), order.span[1] + _AROUND)]
    stated = [one for one in told(line) if one.fact == fact]
    if stated:
        nearest = min(stated, key=lambda one: abs(one.span[0] + start - at))
        return Decimal(str(round(float(nearest.value), 3))), unit
    return None if known is None else (Decimal(str(round(known, 3))), unit)


def _is_capped(stated: Amount, order: Order, situation: Situation) -> bool:
    """Whether the amount is a ceiling and not the product: the text says so, or it is the drug's own cap."""
    if re.search(r"\b(?:capped|cap|max(?:imum)?|not (?:to )?exceed\w*|up to|at most)\b", order.said, re.IGNORECASE):
        return True
    medicine = situation.medicine(order.drug)
    caps = (
        {row.max_single for row in medicine.regimen if row.max_single}
        | {row.single for row in medicine.maximum if row.single}
        if medicine
        else set()
    )
    return stated.kind == "mass" and stated.high in caps
