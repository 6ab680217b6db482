"""What goes in and what comes out: the question and the answer, as every door speaks them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from checkers.types import Dose, Finding, Missing, Patient, Verdict
from guidelines.types import Citation, Frozen, Status

MAX_QUESTION_CHARS = 2000
MAX_LEFT_OUT = 8

QuestionText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION_CHARS)]


AnswerId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


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
    follows: AnswerId | None = Field(
        None,
        description='id of the answer that this question goes on from ("and in children?"), given to the same user',
    )


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


class Statement(Frozen):
    """One side of a conflict: the sentence ``passage.text[start:end]``, the ``figure`` in it, and where and of whom it is said.

    ``status`` is that of the edition on the day to judge by.
    """

    text: str
    figure: str
    passage_id: str
    document: str
    title: str
    section: str
    page: int | None
    edition: str | None
    effective_date: date | None
    population: tuple[str, ...]
    status: Status
    start: int
    end: int

    @classmethod
    def of(cls, text: str, figure: str, citation: Citation) -> Statement:
        """What is shown of a cited sentence."""
        shared = set(cls.model_fields) & set(Citation.model_fields)
        return cls(text=text, figure=figure, **citation.model_dump(include=shared))


class Conflict(Frozen):
    """Sources that disagree about ``drug``, side by side; the first statement is the one that the claims quote.

    ``kind`` is "sources", or "editions" where one is a later edition of the other. ``claims`` are the claims concerned.
    """

    kind: Literal["sources", "editions"]
    drug: str
    parameter: str
    claims: tuple[str, ...]
    statements: Annotated[tuple[Statement, ...], Field(min_length=2)]


class Nearest(Frozen):
    """A place in the library that comes near a question which it does not answer."""

    passage_id: str
    document: str
    title: str
    section: str
    page: int | None
    edition: str | None


class LeftOut(Nearest):
    """A passage that came near enough to be read and lost its place, for it is meant for others: never silently.

    ``effect`` "left out" was not quoted from; "moved down" came after what fits better, and may be quoted.
    """

    effect: Literal["left out", "moved down"]
    reason: str = Field(description="whom or where it is for, and who was asked about")


class FollowUp(Frozen):
    """A question that goes on from an earlier answer: which one, and how it was understood alone.

    ``by`` is "model", or "words" where the earlier questions were put before it as they are.
    """

    follows: str
    question: str
    by: Literal["model", "words"]


class Drafting(Frozen):
    """How the claims came about. ``prompts`` are hashes, by name; without a model there are none.

    ``fallback`` is why sentences of the guidelines stand where the model failed: "down", "slow", "nonsense", "cut short",
    "resting", or "withheld" when nothing that it drafted passed the rules.
    """

    prompts: dict[str, str] = Field(default_factory=dict)
    sentences: int = Field(0, description="offered to the model")
    dropped: int = Field(0, description="retrieved passages that the model had no room for")
    repaired: int = Field(0, description="withheld claims that were written anew and passed")
    repeated: int = Field(0, description="claims that the model had made already")
    fallback: Literal["down", "slow", "nonsense", "cut short", "resting", "withheld"] | None = None
    follow_up: FollowUp | None = None


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
    conflicts: tuple[Conflict, ...] = ()
    not_checked: tuple[Missing, ...] = ()
    notices: tuple[str, ...] = ()
    nearest: tuple[Nearest, ...] = ()
    left_out: tuple[LeftOut, ...] = Field((), max_length=MAX_LEFT_OUT, description="the best of them, at most eight")
    drafting: Drafting = Drafting()
    timings_ms: dict[str, float] = Field(default_factory=dict)

    @property
    def is_released(self) -> bool:
        """Whether there is an answer and every claim of it was released."""
        released = all(claim.verdict is Verdict.RELEASE for claim in self.claims)
        return self.status is AnswerStatus.ANSWERED and released
