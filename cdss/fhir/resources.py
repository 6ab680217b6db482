"""The parts of FHIR R4 resources that are read, and nothing else of them. Source: hl7.org/fhir/R4."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from cdss.fhir.datatypes import CodeableConcept, Dosage, Lenient, Period, Quantity, Ratio, Reference


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
