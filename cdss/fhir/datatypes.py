"""The data types of FHIR R4 that are read, and how leniently. Source: hl7.org/fhir/R4/datatypes.html.

A field of the wrong kind counts as missing, never as an error, for real clients send odd drafts. What is missing is unknown;
whoever reads a resource says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Any, Self

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
