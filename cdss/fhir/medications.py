"""The medicines that a patient takes: MedicationRequest and MedicationStatement, each as one sentence.

What was stopped in the last weeks is kept with the days since, for some medicines still act then; what was only proposed,
refused or taken back is not. Source: hl7.org/fhir/R4/medicationrequest.html, medicationstatement.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cdss.fhir import dosage, medicines
from cdss.fhir.allergies import Known
from cdss.fhir.dates import last_day
from cdss.fhir.facts import Gap
from cdss.fhir.resources import Medication, MedicationRequest, MedicationStatement, all_of
from cdss.tables import table

_GONE = frozenset(("completed", "stopped", "cancelled", "entered-in-error", "draft", "not-taken", "intended"))
_WASHED_OUT = 60
"""Days after which a stopped medicine is no longer of interest to any rule."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A medicine that the patient takes: its name, what is taken of it in one sentence, and the resource that it is from."""

    name: str
    words: str
    id: str | None


def read(given: list[Mapping[str, Any]], as_of: date) -> tuple[tuple[Taken, ...], Known]:
    """What the patient takes, or stopped lately, and what could not be read of it."""
    others = _by_address(given)
    taken: dict[str, Taken] = {}
    unreadable, none_known = 0, False
    rows = table("conditions_coded")["medications"]
    entries: list[MedicationRequest | MedicationStatement] = [
        *all_of(given, MedicationRequest),
        *all_of(given, MedicationStatement),
    ]
    for entry in entries:
        is_request = isinstance(entry, MedicationRequest)
        if isinstance(entry, MedicationRequest) and (entry.doNotPerform or entry.intent in ("proposal", "option")):
            continue
        concept = entry.medicationCodeableConcept
        if concept is not None and concept.all_codes & {*rows["none_known"], *rows["no_information"]}:
            none_known = none_known or bool(concept.all_codes & set(rows["none_known"]))
            continue
        stopped = _stopped_days(entry, as_of)
        if entry.status in _GONE and stopped is None:
            continue
        what = medicines.medicine(concept, entry.medicationReference, entry.contained, others)
        if what is None:
            unreadable += 1
            continue
        dosages = entry.dosageInstruction if isinstance(entry, MedicationRequest) else entry.dosage
        words = dosage.order(what, dosages)[:460]
        if stopped is not None:
            words = f"{what.name}, stopped {stopped} day{'s' if stopped != 1 else ''} ago"
        kind = "MedicationRequest" if is_request else "MedicationStatement"
        taken.setdefault(words.casefold(), Taken(what.name, words, f"{kind}/{entry.id}" if entry.id else None))
    gaps = (Gap("medications", f"{unreadable} recorded without a medicine that can be read"),) if unreadable else ()
    listed = tuple(one.words for one in taken.values())
    return tuple(taken.values()), Known(listed or (() if none_known and not unreadable else None), gaps)


def _stopped_days(entry: MedicationRequest | MedicationStatement, as_of: date) -> int | None:
    """Days since a medicine was stopped, if that is told and not long ago."""
    if entry.status not in ("stopped", "completed"):
        return None
    if isinstance(entry, MedicationRequest):
        period = entry.dispenseRequest.validityPeriod if entry.dispenseRequest and entry.status == "completed" else None
    else:
        period = entry.effectivePeriod
    ended = last_day(period.end if period else None)
    days = (as_of - ended).days if ended else -1
    return days if 0 <= days <= _WASHED_OUT else None


def _by_address(given: Iterable[Mapping[str, Any]]) -> dict[str, Medication]:
    return {f"Medication/{one.id}": one for one in all_of(given, Medication) if one.id}
