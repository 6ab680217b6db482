"""What goes in and what comes out: the question and the answer, as every door speaks them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from checkers.types import Dose, Finding, Missing, Patient, Verdict
from guidelines.types import Citation, Frozen, Status

MAX_QUESTION_CHARS = 2000

QuestionText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION_CHARS)]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


OneOrMore = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Filters(Frozen):
    """Only passages of documents that match are looked at; a field that is left out lets everything through.

    Within a field any of the values will do: ``{"population": ["child"], "jurisdiction": ["US", "international"]}``.
    """

    status: Annotated[tuple[Status, ...], BeforeValidator(_listed)] = ()
    population: OneOrMore = ()
    jurisdiction: OneOrMore = ()
    publisher: OneOrMore = ()


class Question(Frozen):
    """One question, for one patient or for none in particular, judged by the guidelines in force on ``as_of``."""

    question: QuestionText
    patient: Patient | None = None
    filters: Filters = Filters()
    as_of: date | None = Field(None, description="day to judge by; today when left out")


class AnswerStatus(StrEnum):
    """What became of the question."""

    ANSWERED = "answered"
    PARTLY_WITHHELD = "partly_withheld"
    WITHHELD = "withheld"
    ABSTAINED = "abstained"


class ShownQuote(Frozen):
    """Words of a stored passage: ``passage.text[start:end] == quote``, and where a reader finds them."""

    quote: str
    passage_id: str
    document: str
    title: str
    section: str
    page: int | None
    edition: str | None
    status: Status
    start: int
    end: int

    @classmethod
    def of(cls, quote: str, citation: Citation) -> ShownQuote:
        """What is shown of a citation."""
        return cls(quote=quote, **citation.model_dump(include=set(cls.model_fields) - {"quote"}))


class ShownClaim(Frozen):
    """A claim as it leaves the service. A withheld one keeps its findings and loses its text and its quotes."""

    id: str
    text: str | None
    verdict: Verdict
    quotes: tuple[ShownQuote, ...] = ()
    findings: tuple[Finding, ...] = ()
    doses: tuple[Dose, ...] = ()


class Nearest(Frozen):
    """A place in the library that comes near a question which it does not answer."""

    passage_id: str
    document: str
    title: str
    section: str
    page: int | None
    edition: str | None


class Answer(Frozen):
    """The whole answer, as it is recorded and as it is given. ``schema`` is 1 until a field changes its meaning."""

    schema_: Literal[1] = Field(1, alias="schema")
    id: str
    status: AnswerStatus
    backend: str
    model: str | None
    generation: str | None
    as_of: date
    claims: tuple[ShownClaim, ...] = ()
    conflicts: tuple[dict[str, str], ...] = ()
    not_checked: tuple[Missing, ...] = ()
    notices: tuple[str, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    timings_ms: dict[str, float] = Field(default_factory=dict)
