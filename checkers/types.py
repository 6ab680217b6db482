"""What the rules read and what they say.

A ``Draft`` is what somebody (a model, a person, another system) wants to tell a clinician: claims, each with the quotes that
are to carry it. ``checkers.run.run`` shows every claim to every rule, one ``Subject`` at a time, and returns a ``Report``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, PlainSerializer, StringConstraints

from guidelines.types import Citation, Frozen, Passage

if TYPE_CHECKING:
    from checkers.formulary.knowledge import Knowledge

ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


Number = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
"""Exact inside, a plain JSON number outside."""


class Severity(StrEnum):
    """How much a finding weighs. The worst one decides the claim's verdict."""

    INFO = "info"
    REVIEW = "review"
    BLOCK = "block"


class Verdict(StrEnum):
    """What may happen to a claim: shown, shown and marked, or not shown."""

    RELEASE = "release"
    REVIEW = "review"
    WITHHOLD = "withhold"


VERDICT_OF = {Severity.INFO: Verdict.RELEASE, Severity.REVIEW: Verdict.REVIEW, Severity.BLOCK: Verdict.WITHHOLD}
_RANK = {Severity.INFO: 0, Severity.REVIEW: 1, Severity.BLOCK: 2}


class Finding(Frozen):
    """One thing a rule saw. ``span`` counts code points of the claim's text; ``evidence`` names the words on both sides.

    ``evidence`` keys that mean the same everywhere: ``claim`` (words of the claim), ``source`` (words of the source),
    ``quote`` (number of the quote, from 0). A message says what to do next where there is something to do.
    """

    rule: str
    severity: Severity
    message: str
    span: tuple[int, int] | None = None
    evidence: dict[str, str | int | float | None] = Field(default_factory=dict)


def verdict(findings: Iterable[Finding]) -> Verdict:
    """The verdict that the worst finding asks for; no findings release."""
    worst = max((finding.severity for finding in findings), key=_RANK.__getitem__, default=Severity.INFO)
    return VERDICT_OF[worst]


class Patient(Frozen):
    """Facts about one patient. ``None`` is unknown; an empty tuple is *known to be none*.

    Units stand in the names; ``egfr`` is mL/min/1.73 m², ``crcl_ml_min`` Cockcroft-Gault. ``labs`` names are in docs.
    """

    age_years: float | None = Field(None, ge=0, le=130)
    weight_kg: float | None = Field(None, gt=0, le=700)
    height_cm: float | None = Field(None, gt=0, le=280)
    sex: Literal["female", "male"] | None = None
    creatinine_mg_dl: float | None = Field(None, gt=0, le=50)
    crcl_ml_min: float | None = Field(None, ge=0, le=400)
    egfr: float | None = Field(None, ge=0, le=250)
    pregnant: bool | None = None
    gestation_weeks: float | None = Field(None, ge=0, le=45)
    lactating: bool | None = None
    child_pugh: Literal["A", "B", "C"] | None = None
    dialysis: bool | None = None
    allergies: tuple[ShortText, ...] | None = None
    conditions: tuple[ShortText, ...] | None = None
    medications: tuple[ShortText, ...] | None = None
    labs: dict[ShortText, float] | None = None


class Quote(Frozen):
    """Words that a claim says stand in a source.

    ``source`` is the text they claim to come from (the passage, a page, a whole document); ``None`` when it was not given,
    and then no quote rule can run. ``citation`` is set when the words come from the library.
    """

    quote: str
    source: str | None = None
    citation: Citation | None = None


class Claim(Frozen):
    """One thing that would be told to a clinician. ``quotes`` is ``None`` when none were asked for, empty when none came."""

    id: str
    text: str
    quotes: tuple[Quote, ...] | None = None


class Draft(Frozen):
    """Claims that answer one question, none of them checked yet."""

    claims: tuple[Claim, ...]
    backend: str = "given"
    model: str | None = None


class Missing(Frozen):
    """A patient fact that would have been checked had it been known, and the question that would get it."""

    fact: str
    question: str


class Dose(Frozen):
    """A dose read out of prose. ``None`` where the text does not say; ``basis`` tells what the number refers to."""

    drug: str | None = None
    dose_low: Number | None = None
    dose_high: Number | None = None
    unit: str | None = None
    per_kg: bool = False
    per_m2: bool = False
    basis: Literal["dose", "day", "hour", "minute"] | None = None
    frequency_per_day: Number | None = None
    route: str | None = None
    duration_days: Number | None = None
    role: Literal["dose", "loading", "maximum", "history"] = "dose"
    span: tuple[int, int]
    for_patient: dict[str, str | float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """All that a rule may know: one claim and what it is judged against. A rule sees no clock and no network.

    ``as_of`` is the day to judge by; ``passages`` are those that were retrieved for the question, by id (``None`` when there
    was no retrieval, as in ``cdss check``); ``released`` are the claims that went out before this one; ``known`` is what the
    rules know about drugs, the tables that come with them where it is ``None``.
    """

    claim: Claim
    as_of: date | None = None
    question: str | None = None
    patient: Patient | None = None
    passages: Mapping[str, Passage] | None = None
    released: tuple[Claim, ...] = ()
    known: Knowledge | None = None


Outcome = Finding | Missing | Dose
"""What a rule may return: what it saw, what it could not judge for want of a patient fact, a dose that it read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. Its module's docstring opens with the harm it prevents, then its source, then an example.

    ``check`` is pure: the same subject gives the same outcomes. It says nothing about what was not given.
    """

    id: str
    version: int
    harm: str
    source: str
    example: str
    check: Callable[[Subject], Iterable[Outcome]] = field(repr=False)

    @classmethod
    def documented(
        cls, docstring: str | None, *, id: str, version: int, check: Callable[[Subject], Iterable[Outcome]]
    ) -> Self:
        """The rule whose harm, source and example stand in its module's ``docstring``, a paragraph each."""
        said = dict.fromkeys(("harm", "source", "example"), "")
        for paragraph in (docstring or "").split("\n\n"):
            name, colon, text = " ".join(paragraph.split()).partition(": ")
            if colon and name.lower() in said:
                said[name.lower()] = text
        return cls(id=id, version=version, check=check, **said)


class ClaimReport(Frozen):
    """What all rules together say of one claim."""

    claim_id: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    not_checked: tuple[Missing, ...] = ()
    doses: tuple[Dose, ...] = ()


class Report(Frozen):
    """What the rules say of a draft, claim by claim in its order, and which rules, in which version, were asked."""

    claims: tuple[ClaimReport, ...]
    rules: dict[str, int]
