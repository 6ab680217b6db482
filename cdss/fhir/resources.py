"""The parts of FHIR R4 resources that are read, and nothing else of them. Source: hl7.org/fhir/R4.

Lenient on purpose: a field of the wrong kind counts as missing, never as an error, for real clients send odd drafts. What is
missing is unknown; whoever reads a resource says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any, Self, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

_ROUNDS = 3


class Lenient(BaseModel):
    """A part of a resource: every field may be missing, and one that cannot be read is."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Self:
        """What ``given`` says; whatever in it is of the wrong kind is taken out, and the rest read again."""
        raw: Mapping[str, Any] = given
        for _ in range(_ROUNDS):
            try:
                return cls.model_validate(raw)
            except ValidationError as error:
                pruned = deepcopy(dict(raw))
                places = {problem["loc"] for problem in error.errors(include_input=False, include_url=False)}
                for place in sorted(places, key=_depth_first):
                    _take_out(pruned, place)
                raw = pruned
        return cls()


def _depth_first(place: tuple[int | str, ...]) -> tuple[int, list[tuple[int, str]]]:
    """Inner places before outer ones, later members of a list before earlier ones."""
    return -len(place), [(-part, "") if isinstance(part, int) else (0, part) for part in place]


def _take_out(value: Any, place: Sequence[int | str]) -> None:
    *path, last = place
    for part in path:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(value, dict):
        value.pop(last, None)
    elif isinstance(value, list) and isinstance(last, int) and last < len(value):
        del value[last]


class Coding(Lenient):
    """A code of a coding system, with what it is called."""

    system: str | None = None
    code: str | None = None
    display: str | None = None


class CodeableConcept(Lenient):
    """A concept by codes, by words or by both."""

    coding: tuple[Coding, ...] = ()
    text: str | None = None

    @property
    def words(self) -> str | None:
        """What it is called: its text, else the first display."""
        return next(
            (word for word in (self.text, *(one.display for one in self.coding)) if word and word.strip()), None
        )

    def codes(self, *systems: str) -> frozenset[str]:
        """Its codes in any of ``systems``; a coding that names no system is of none."""
        return frozenset(one.code for one in self.coding if one.code and one.system in systems)

    @property
    def all_codes(self) -> frozenset[str]:
        """Its codes, whatever their system."""
        return frozenset(one.code for one in self.coding if one.code)


class Quantity(Lenient):
    """A number with its unit; ``code`` is UCUM where ``system`` says so."""

    value: Decimal | None = None
    comparator: str | None = None
    unit: str | None = None
    code: str | None = None


class Range(Lenient):
    """From ``low`` to ``high``, both included."""

    low: Quantity | None = None
    high: Quantity | None = None


class Ratio(Lenient):
    """``numerator`` to ``denominator``."""

    numerator: Quantity | None = None
    denominator: Quantity | None = None


class Period(Lenient):
    """Two dates as they are written."""

    start: str | None = None
    end: str | None = None


class Reference(Lenient):
    """Where another resource is."""

    reference: str | None = None
    display: str | None = None


class Repeat(Lenient):
    """When something happens again and again."""

    boundsDuration: Quantity | None = None
    boundsRange: Range | None = None
    boundsPeriod: Period | None = None
    count: int | None = None
    duration: Decimal | None = None
    durationMax: Decimal | None = None
    durationUnit: str | None = None
    frequency: int | None = None
    frequencyMax: int | None = None
    period: Decimal | None = None
    periodMax: Decimal | None = None
    periodUnit: str | None = None
    dayOfWeek: tuple[str, ...] = ()
    timeOfDay: tuple[str, ...] = ()
    when: tuple[str, ...] = ()


class Timing(Lenient):
    """When: by dates, by rule or by a code such as BID."""

    event: tuple[str, ...] = ()
    repeat: Repeat | None = None
    code: CodeableConcept | None = None


class DoseAndRate(Lenient):
    """How much, and how fast."""

    doseQuantity: Quantity | None = None
    doseRange: Range | None = None
    rateQuantity: Quantity | None = None
    rateRange: Range | None = None
    rateRatio: Ratio | None = None


class Dosage(Lenient):
    """How a medicine is to be taken."""

    sequence: int | None = None
    text: str | None = None
    timing: Timing | None = None
    asNeededBoolean: bool | None = None
    asNeededCodeableConcept: CodeableConcept | None = None
    route: CodeableConcept | None = None
    doseAndRate: tuple[DoseAndRate, ...] = ()
    maxDosePerPeriod: Ratio | None = None
    maxDosePerAdministration: Quantity | None = None


class Ingredient(Lenient):
    """One ingredient of a medicine."""

    itemCodeableConcept: CodeableConcept | None = None
    strength: Ratio | None = None


class Resource(Lenient):
    """What every resource has."""

    resourceType: str | None = None
    id: str | None = None


class Medication(Resource):
    """A medicine as a thing of its own."""

    code: CodeableConcept | None = None
    form: CodeableConcept | None = None
    ingredient: tuple[Ingredient, ...] = ()


class SupplyRequest(Lenient):
    """How long a prescription is good for."""

    validityPeriod: Period | None = None


class MedicationRequest(Resource):
    """An order for a medicine."""

    status: str | None = None
    intent: str | None = None
    doNotPerform: bool | None = None
    medicationCodeableConcept: CodeableConcept | None = None
    medicationReference: Reference | None = None
    subject: Reference | None = None
    authoredOn: str | None = None
    priorPrescription: Reference | None = None
    dosageInstruction: tuple[Dosage, ...] = ()
    dispenseRequest: SupplyRequest | None = None
    contained: tuple[Medication, ...] = ()


class MedicationStatement(Resource):
    """A medicine that the patient is said to take."""

    status: str | None = None
    medicationCodeableConcept: CodeableConcept | None = None
    medicationReference: Reference | None = None
    subject: Reference | None = None
    effectiveDateTime: str | None = None
    effectivePeriod: Period | None = None
    dosage: tuple[Dosage, ...] = ()
    contained: tuple[Medication, ...] = ()


class Reaction(Lenient):
    """What happened."""

    substance: CodeableConcept | None = None
    manifestation: tuple[CodeableConcept, ...] = ()
    severity: str | None = None


class AllergyIntolerance(Resource):
    """What the patient does not tolerate, or that there is nothing."""

    clinicalStatus: CodeableConcept | None = None
    verificationStatus: CodeableConcept | None = None
    type: str | None = None
    criticality: str | None = None
    code: CodeableConcept | None = None
    patient: Reference | None = None
    reaction: tuple[Reaction, ...] = ()


class Condition(Resource):
    """A problem or diagnosis."""

    clinicalStatus: CodeableConcept | None = None
    verificationStatus: CodeableConcept | None = None
    code: CodeableConcept | None = None
    subject: Reference | None = None
    onsetDateTime: str | None = None
    abatementDateTime: str | None = None
    abatementPeriod: Period | None = None
    abatementString: str | None = None
    recordedDate: str | None = None


class Component(Lenient):
    """A part of an observation, such as the systolic pressure."""

    code: CodeableConcept | None = None
    valueQuantity: Quantity | None = None
    valueCodeableConcept: CodeableConcept | None = None
    valueString: str | None = None
    valueInteger: int | None = None
    valueBoolean: bool | None = None
    valueDateTime: str | None = None


class Observation(Component, Resource):
    """Something measured or asked."""

    status: str | None = None
    subject: Reference | None = None
    effectiveDateTime: str | None = None
    effectiveInstant: str | None = None
    effectivePeriod: Period | None = None
    component: tuple[Component, ...] = ()


class Extension(Lenient):
    """An addition to a resource."""

    url: str | None = None
    valueCode: str | None = None


class Person(Resource):
    """The Patient resource; ``checkers.types.Patient`` is what the rules read."""

    birthDate: str | None = None
    gender: str | None = None
    deceasedBoolean: bool | None = None
    deceasedDateTime: str | None = None
    extension: tuple[Extension, ...] = ()


AnyResource = TypeVar("AnyResource", bound=Resource)


def all_of(given: Iterable[Mapping[str, Any]], model: type[AnyResource]) -> list[AnyResource]:
    """Those of ``given`` that are of the kind of ``model``."""
    kind = "Patient" if model is Person else model.__name__
    return [model.read(one) for one in given if one.get("resourceType") == kind]
