"""Harm: the guideline's loading dose, or that of the first day, is carried on day after day.

Source: ISMP reports of loading doses that were continued; labels of doxycycline, azithromycin and fluconazole, which begin
with twice the later dose.

Example: the quote says "doxycycline 200 mg on the first day, then 100 mg daily". The claim "doxycycline 200 mg on day 1, then
100 mg daily" passes; "doxycycline 200 mg daily" is blocked.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.dosing import read_doses
from checkers.grounds import grounds
from checkers.situation.amounts import Amount, amount_of
from checkers.types import Dose, Finding, Rule, Severity, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every dose that the claim repeats and its quotes give only to begin with."""
    ground = grounds(subject)
    if ground is None:
        return
    claimed = [dose for dose in read_doses(ground.claim) if _is_carried_on(dose)]
    if not claimed:
        return
    quoted = [dose for text in ground.quotes for dose in read_doses(text)]
    for dose in claimed:
        same = [other for other in quoted if other.drug == dose.drug and _worth(other) == _worth(dose)]
        later = [other for other in quoted if other.drug == dose.drug and other.role == "dose" and other not in same]
        if same and later and all(other.role == "loading" for other in same):
            start, end = dose.span
            words = ground.claim[start:end]
            message = f'"{words}" is what the quote begins with; it carries on with {_written(later[0])}.'
            yield ground.finding(RULE.id, Severity.BLOCK, message, dose.span, claim=words, source=_written(later[0]))


def _is_carried_on(dose: Dose) -> bool:
    once = dose.duration_days is not None and dose.duration_days <= 1
    return dose.drug is not None and dose.role == "dose" and dose.frequency_per_day is not None and not once


def _worth(dose: Dose) -> Amount | None:
    return amount_of(dose.model_copy(update={"basis": "dose"}))


def _written(dose: Dose) -> str:
    upto = "" if dose.dose_low == dose.dose_high else f" to {dose.dose_high:f}"
    return f"{dose.dose_low:f}{upto} {dose.unit}"


RULE = Rule.documented(__doc__, id="grounding-loading", version=1, check=check)
