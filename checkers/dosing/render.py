"""Writes a dose as a sentence that reads back to the same dose."""

from __future__ import annotations

from decimal import Decimal

from checkers.types import Dose

_BASES = {"day": " per day", "hour": " per hour", "minute": " per minute", "dose": "", None: ""}
_EXACT = {Decimal("0.1429"): "once weekly", Decimal("0.0333"): "once monthly", Decimal("0.0027"): "once yearly"}


def render(dose: Dose) -> str:
    """``dose`` in words: "vancomycin 15 to 20 mg/kg intravenous 3 times a day for 10 days".

    Reads back to an equal dose (but for the span), if the drug, unit and route are ones that the reader knows.
    """
    return " ".join(
        part for part in (_lead(dose), _amount(dose), dose.route or "", _frequency(dose), _duration(dose)) if part
    )


def _lead(dose: Dose) -> str:
    drug = dose.drug or ""
    role = {"loading": "loading dose", "maximum": "maximum", "history": "previously", "dose": ""}[dose.role]
    return (
        " ".join(part for part in (role, drug) if part)
        if dose.role == "history"
        else " ".join(p for p in (drug, role) if p)
    )


def _amount(dose: Dose) -> str:
    if dose.dose_low is None or dose.dose_high is None:
        return ""
    numbers = plain(dose.dose_low)
    if dose.dose_high != dose.dose_low:
        numbers += f" to {plain(dose.dose_high)}"
    per = "/kg" * dose.per_kg + "/m2" * dose.per_m2
    return f"{numbers} {dose.unit}{per}{_BASES[dose.basis]}"


def _frequency(dose: Dose) -> str:
    often = dose.frequency_per_day
    if often is None:
        return ""
    return _EXACT.get(often) or f"{plain(often)} times a day"


def _duration(dose: Dose) -> str:
    return "" if dose.duration_days is None else f"for {plain(dose.duration_days)} days"


def plain(number: Decimal) -> str:
    """``number`` without an exponent, trailing zeros or a naked point; groups of three from 10,000 on."""
    whole, _, part = f"{number:f}".partition(".")
    part = part.rstrip("0")
    if len(whole) > 4:
        whole = f"{int(whole):,}"
    return f"{whole}.{part}" if part else whole
