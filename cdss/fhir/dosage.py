"""A FHIR Dosage in the words that the rules read: "2 tablets by mouth every 6 hours as needed, at most 4 g in 24 hours".

Structured fields come first; the instruction in words takes their place where they tell no amount or no frequency. Nothing
is added that the order does not say. Source of codes: ``data/dosage.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction

from cdss.fhir.datatypes import CodeableConcept, Dosage, DoseAndRate, Quantity, Range, Ratio, Repeat, Timing
from cdss.fhir.dates import span
from cdss.fhir.medicines import Medicine
from cdss.fhir.words import cleaned
from cdss.tables import table

_COUNTED = (
    "tablet",
    "capsule",
    "puff",
    "spray",
    "patch",
    "drop",
    "suppository",
    "lozenge",
    "sachet",
    "vial",
    "ampoule",
)
_DAY = 86_400


def order(medicine: Medicine, dosages: Sequence[Dosage]) -> str:
    """What is ordered, in one sentence without a full stop; only the name where nothing is said of how."""
    ordered = sorted(dosages, key=lambda one: one.sequence if one.sequence is not None else 0)
    said = [(dosage, words) for dosage in ordered if (words := _instruction(dosage, medicine))]
    if not said:
        return medicine.without_strength
    text, before = "", None
    for dosage, words in said:
        if text:
            one_after_another = dosage.sequence is not None and dosage.sequence != before
            text += ", then " if one_after_another else ", and "
        text += words
        before = dosage.sequence
    counted = any(f" {form}" in f" {text}" for form in _COUNTED) or not re.search(r"\d", text)
    return f"{medicine.with_strength if counted else medicine.without_strength} {text}"


def _instruction(dosage: Dosage, medicine: Medicine) -> str:
    amount, often = _amount(dosage.doseAndRate, medicine), _timing(dosage.timing)
    if (not amount or not often) and dosage.text and cleaned(dosage.text):
        return cleaned(dosage.text).rstrip(" .")
    as_needed = dosage.asNeededBoolean or dosage.asNeededCodeableConcept is not None
    parts = (amount, _route(dosage.route), often, "as needed" if as_needed else "", _how_long(dosage.timing))
    words = " ".join(filter(None, parts))
    return ", ".join(filter(None, (words, *_limits(dosage, medicine), _over(dosage.timing))))


def _amount(given: Iterable[DoseAndRate], medicine: Medicine) -> str:
    for one in given:
        amount = _quantity(one.doseQuantity, medicine) or _range(one.doseRange, medicine)
        rate = _quantity(one.rateQuantity, medicine) or _range(one.rateRange, medicine) or _ratio(one.rateRatio)
        if amount or rate:
            is_volume = rate.split(" ")[-1].startswith(("mL", "L/"))
            return f"{amount} at {rate}" if amount and rate and not is_volume else amount or rate
    return ""


def _quantity(quantity: Quantity | None, medicine: Medicine) -> str:
    if quantity is None or quantity.value is None or not (unit := _unit(quantity)):
        return ""
    number, unit = _in_mass(quantity.value, unit, medicine)
    return f"{_plain(number)} {_plural(unit, number)}".strip()


def _range(given: Range | None, medicine: Medicine) -> str:
    if given is None:
        return ""
    low, high = given.low, given.high
    if low is None or high is None or low.value is None or high.value is None:
        return _quantity(high if high is not None and high.value is not None else low, medicine)
    unit = _unit(high) or _unit(low)
    if not unit:
        return ""
    lowest, _ = _in_mass(low.value, _unit(low) or unit, medicine)
    highest, unit = _in_mass(high.value, unit, medicine)
    return f"{_plain(lowest)} to {_plain(highest)} {_plural(unit, highest)}".strip()


def _ratio(ratio: Ratio | None) -> str:
    """A rate for one hour: 100 mL in 30 minutes is 200 mL/hour."""
    if ratio is None or ratio.numerator is None or ratio.denominator is None:
        return ""
    top, below = ratio.numerator, ratio.denominator
    seconds = table("dosage")["periods"].get(below.code or below.unit or "")
    if top.value is None or not below.value or seconds is None:
        return ""
    hours = Fraction(below.value) * seconds / 3600
    value = Fraction(top.value) / hours
    return f"{_plain(Decimal(value.numerator) / Decimal(value.denominator))} {_unit(top)}/hour"


def _unit(quantity: Quantity) -> str:
    units = table("dosage")["units"]
    for written in (quantity.code, quantity.unit):
        if written and (found := units.get(written.strip().casefold())):
            return str(found)
    bare = re.sub(r"\{([^{}]*)\}", r"\1", cleaned(quantity.unit or quantity.code or ""))
    return bare[:40]


def is_counted(unit: str) -> bool:
    """Whether ``unit`` (a code or a word) is a tablet, a puff or another thing that is counted and not measured."""
    return table("dosage")["units"].get(unit.strip().casefold()) in _COUNTED


def _in_mass(value: Decimal, unit: str, medicine: Medicine) -> tuple[Decimal, str]:
    """A volume of one ingredient as what it holds: 5 mL of 50 mg/mL is 250 mg."""
    if unit == "mL" and len(medicine.strengths) == 1:
        strength = medicine.strengths[0]
        if strength.per == "mL" and strength.unit != "%":
            return value * strength.value, strength.unit
    return value, unit


def _plain(number: Decimal) -> str:
    text = f"{number:.4f}" if number != number.to_integral_value() else f"{number:.0f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plural(unit: str, number: Decimal) -> str:
    if unit not in _COUNTED or number <= 1:
        return unit
    return {"patch": "patches", "suppository": "suppositories"}.get(unit, f"{unit}s")


def _route(route: CodeableConcept | None) -> str:
    if route is None:
        return ""
    rows = table("dosage")["routes"]
    words = (*sorted(route.all_codes), *(one.display or "" for one in route.coding), route.text or "")
    return next((str(rows[key]) for word in words if (key := word.strip().casefold()) in rows), "")


def _timing(timing: Timing | None) -> str:
    if timing is None:
        return ""
    if timing.repeat is not None and (words := _repeat(timing.repeat)):
        return words
    if timing.code is not None:
        rows = table("dosage")["codes"]
        if found := next((rows[code] for code in sorted(timing.code.all_codes) if code in rows), None):
            return str(found)
        words = cleaned(timing.code.text or timing.code.words)
        return str(rows.get(words.upper(), words))
    return "once" if len(timing.event) == 1 else ""


def _repeat(repeat: Repeat) -> str:
    times = repeat.frequency if repeat.frequency and repeat.frequency > 0 else None
    most = repeat.frequencyMax if times and repeat.frequencyMax and repeat.frequencyMax > times else None
    seconds = table("dosage")["periods"].get(repeat.periodUnit or "")
    if repeat.period and repeat.period > 0 and seconds:
        if repeat.dayOfWeek and repeat.period == 1 and repeat.periodUnit == "d":
            return _on_days(repeat, times or 1)
        words = _every(times or 1, most, repeat.period, repeat.periodMax, str(repeat.periodUnit), seconds)
        return words + (f" on {_names(repeat.dayOfWeek)}" if repeat.dayOfWeek else "")
    if repeat.dayOfWeek:
        return _on_days(repeat, times or len(repeat.timeOfDay) or 1)
    if repeat.timeOfDay:
        return _times(len(repeat.timeOfDay), None, "day")
    if repeat.when:
        rows = table("dosage")["times"]
        known = [rows.get(event) for event in repeat.when]
        return _times(sum(known), None, "day") if all(known) else ""
    if repeat.count == 1:
        return "once"
    return f"{repeat.count} times" if repeat.count and repeat.count > 1 else ""


def _on_days(repeat: Repeat, times: int) -> str:
    return f"{_times(times * len(repeat.dayOfWeek), None, 'week')} on {_names(repeat.dayOfWeek)}"


def _names(days: Iterable[str]) -> str:
    return ", ".join(table("dosage")["days"].get(day, cleaned(day)) for day in days)


def _every(times: int, most: int | None, period: Decimal, longest: Decimal | None, unit: str, seconds: int) -> str:
    if period == 1 and longest is None and unit in ("d", "wk", "mo", "a"):
        return _times(times, most, {"d": "day", "wk": "week", "mo": "month", "a": "year"}[unit])
    if unit == "h" and period == 24 and longest is None:
        return _times(times, most, "day")
    words = {"min": "minutes", "h": "hours", "d": "days", "wk": "weeks", "mo": "months", "a": "years", "s": "seconds"}
    if times == 1 and most is None:
        until = f" to {_plain(longest)}" if longest and longest > period else ""
        unit_words = words[unit] if (longest or period) != 1 else words[unit][:-1]
        return f"every {_plain(period)}{until} {unit_words}"
    hours = Fraction(period) * seconds / 3600 / (most or times)
    return f"every {_plain(Decimal(hours.numerator) / Decimal(hours.denominator))} hours"


def _times(times: int, most: int | None, period: str) -> str:
    if most is not None:
        return f"{times} to {most} times a {period}"
    return {1: "once daily" if period == "day" else f"once a {period}", 2: f"twice a {period}"}.get(
        times, f"{times} times a {period}"
    )


def _how_long(timing: Timing | None) -> str:
    repeat = timing.repeat if timing else None
    if repeat is None:
        return ""
    bounds = repeat.boundsDuration or (repeat.boundsRange.high if repeat.boundsRange else None)
    if bounds is not None and bounds.value:
        seconds = table("dosage")["periods"].get(bounds.code or bounds.unit or "")
        return f"for {_plain(bounds.value * seconds / _DAY)} days" if seconds else ""
    period = repeat.boundsPeriod
    first, last = span(period.start if period else None), span(period.end if period else None)
    if first and last and last[1] >= first[0]:
        days = (last[1] - first[0]).days + 1
        return f"for {days} day{'s' if days > 1 else ''}"
    if repeat.count and repeat.count > 1 and (repeat.period or repeat.timeOfDay or repeat.when):
        return f"for {repeat.count} doses"
    return ""


def _limits(dosage: Dosage, medicine: Medicine) -> Iterator[str]:
    most = dosage.maxDosePerPeriod
    if most is not None and most.numerator is not None and most.denominator is not None:
        amount = _quantity(most.numerator, medicine)
        seconds = table("dosage")["periods"].get(most.denominator.code or most.denominator.unit or "")
        if amount and seconds and most.denominator.value:
            yield f"at most {amount} in {_plain(most.denominator.value * seconds / 3600)} hours"
    if amount := _quantity(dosage.maxDosePerAdministration, medicine):
        yield f"at most {amount} a dose"


def _over(timing: Timing | None) -> str:
    """How long one administration takes."""
    repeat = timing.repeat if timing else None
    if repeat is None or not (repeat.durationMax or repeat.duration):
        return ""
    words = {"s": "seconds", "min": "minutes", "h": "hours"}.get(repeat.durationUnit or "")
    return f"over {_plain(repeat.durationMax or repeat.duration or Decimal(0))} {words}" if words else ""


def of(dosages: Sequence[Dosage]) -> Iterator[str]:
    """What the instructions say in words, where they say it beside structured fields: the two ought to agree."""
    for dosage in dosages:
        if dosage.text and _timing(dosage.timing) and dosage.doseAndRate:
            yield cleaned(dosage.text)
