"""Drafted orders against the chart: what the rules say of each, beside what the patient takes and what else is drafted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from cdss.fhir import dosage, medicines
from cdss.fhir.resources import Medication, MedicationRequest, all_of
from cdss.patient import Chart
from checkers.dosing import read_doses
from checkers.run import judge
from checkers.types import Claim, ClaimReport, Finding, Patient, Severity, Subject

_NOT_GIVEN = frozenset(("cancelled", "stopped", "completed", "entered-in-error"))
MAX_WORDS = 500


@dataclass(frozen=True, slots=True)
class Drafted:
    """An order that is about to be placed, in words. ``id`` is that of its resource, if it has one.

    ``spoken`` is what its one instruction says in words beside the fields that say the same.
    """

    words: str
    name: str
    resource: Mapping[str, Any]
    id: str | None
    spoken: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """What a reader sees of it."""
        return self.words[:1].upper() + self.words[1:]


@dataclass(frozen=True, slots=True)
class JudgedOrder:
    """An order with what the rules say of it."""

    order: Drafted
    report: ClaimReport


def drafted(resources: Sequence[Mapping[str, Any]], others: Iterable[Mapping[str, Any]] = ()) -> tuple[Drafted, ...]:
    """The medication orders among ``resources`` that name a medicine; whatever else is drafted is passed over."""
    known = {f"Medication/{one.id}": one for one in all_of([*others, *resources], Medication) if one.id}
    found = []
    for resource in resources:
        if resource.get("resourceType") == "MedicationRequest":
            order = read_order(resource, known)
            if order is not None:
                found.append(order)
    return tuple(found)


def read_order(resource: Mapping[str, Any], known: Mapping[str, Medication]) -> Drafted | None:
    """One order in words; ``None`` if it names no medicine, or is not to be given."""
    request = MedicationRequest.read(resource)
    if request.doNotPerform or request.status in _NOT_GIVEN:
        return None
    what = medicines.medicine(request.medicationCodeableConcept, request.medicationReference, request.contained, known)
    if what is None:
        return None
    words = dosage.order(what, request.dosageInstruction)[:MAX_WORDS]
    instructions = request.dosageInstruction
    spoken = tuple(dosage.of(instructions)) if len(instructions) == 1 else ()
    return Drafted(words, what.name, resource, request.id, spoken)


def in_context(order: Drafted, chart: Chart, before: Iterable[Drafted]) -> Patient:
    """The patient with what else they take: the chart without this order's own copy and the one it renews, and other drafts.

    A copy has the order's id and its medicine: test systems give one id to two medicines, and then both count.
    """
    prior = order.resource.get("priorPrescription")
    renewed = prior.get("reference") if isinstance(prior, Mapping) else None
    own = f"MedicationRequest/{order.id}" if order.id else None
    taken = [
        one.words
        for one in chart.taken
        if (renewed is None or one.id != renewed)
        and not (own is not None and one.id == own and one.name.casefold() == order.name.casefold())
    ]
    taken += [other.words for other in before]
    if not taken and chart.patient.medications is None:
        return chart.patient
    return chart.patient.model_copy(update={"medications": tuple(word[:MAX_WORDS] for word in taken)})


def judge_order(order: Drafted, patient: Patient, *, as_of: date) -> JudgedOrder:
    """What the rules say. The same order for the same facts is worked out once."""
    report = _judged(_Asked(f"Give {order.words}", patient.model_dump_json(), as_of, patient))
    said = (*report.findings, *_two_doses(order))
    return JudgedOrder(order, report.model_copy(update={"findings": said}))


@dataclass(frozen=True, slots=True)
class _Asked:
    """An order and the facts that it is judged by; ``written`` are the facts as one text, by which they are told apart."""

    text: str
    written: str
    as_of: date
    patient: Patient = field(compare=False)


@lru_cache(maxsize=512)
def _judged(asked: _Asked) -> ClaimReport:
    claim = Claim(id="order", text=asked.text)
    return judge(Subject(claim=claim, patient=asked.patient, as_of=asked.as_of))


def _two_doses(order: Drafted) -> Iterator[Finding]:
    """The instruction in words says another dose than the structured fields: the pharmacist reads one, the nurse the other."""
    for words in order.spoken:
        structured, spoken = _amounts(order.words), _amounts(f"{order.name} {words}")
        if structured and spoken and structured.isdisjoint(spoken):
            message = (
                f"The order says one dose in its fields and another in its words ({words}). Make them say the same."
            )
            yield Finding(rule="order-two-doses", severity=Severity.REVIEW, message=message)


def _amounts(text: str) -> set[tuple[object, ...]]:
    return {
        (dose.dose_high, dose.unit)
        for dose in read_doses(f"Give {text}")
        if dose.role == "dose" and dose.dose_high is not None
    }
