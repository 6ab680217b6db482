"""The seam between the pipeline and what drafts: a question with its passages in, claims one after the other out."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Literal, Protocol

from cdss.retrieve import Retrieval
from checkers.types import Claim, Draft, Finding, Missing, Patient

Why = Literal["down", "slow", "nonsense", "cut short", "resting"]


class ModelFailed(Exception):
    """The model gave no draft, or not all of one: the pipeline falls back. ``why`` is a word, ``detail`` is for the log."""

    def __init__(self, why: Why, detail: str) -> None:
        super().__init__(f"{why}: {detail}")
        self.why = why
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Task:
    """One question, without identifiers and understood alone, and what was found for it."""

    question: str
    retrieval: Retrieval
    patient: Patient | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """A claim, and what the backend itself has against it. ``repairs`` names the withheld claim that it is written for.

    ``by_model``: its words are a model's, and not those of a source.
    """

    claim: Claim
    by_model: bool = False
    findings: tuple[Finding, ...] = ()
    repairs: str | None = None


@dataclass(frozen=True, slots=True)
class Withheld:
    """A claim that the rules held back, and why."""

    claim: Claim
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class Notes:
    """What is to be known of a draft beside its claims; filled while it is drafted.

    ``prompts`` are hashes by name; ``sentences`` were offered, ``dropped`` passages had no room; ``replies`` is what the model
    said, word by word, for the record only.
    """

    prompts: dict[str, str] = field(default_factory=dict)
    sentences: int = 0
    dropped: int = 0
    answerable: Literal["yes", "in part", "none"] = "yes"
    missing: tuple[Missing, ...] = ()
    replies: list[str] = field(default_factory=list)
    model_s: float = 0.0
    """Seconds that were spent waiting for the model."""


class Drafting(Protocol):
    """One question at one backend. Every iterator raises ``ModelFailed``, and is closed by whoever opened it."""

    notes: Notes

    def claims(self) -> AsyncGenerator[Drafted, None]:
        """Claims that answer the question, each as soon as it is there, the best first; none if none answers it."""
        ...

    def repair(self, withheld: Sequence[Withheld], told: Sequence[str]) -> AsyncGenerator[Drafted, None]:
        """What was withheld, written anew; ``told`` is what was released."""
        ...


class Backend(Protocol):
    """What drafts."""

    name: str
    model: str | None

    def admit(self) -> None:
        """Raise ``cdss.errors.Busy`` when it cannot take one more question now."""
        ...

    def begin(self, task: Task) -> AbstractAsyncContextManager[Drafting]:
        """A place for one question, held to the end of the block. Raises ``Busy`` and ``ModelFailed``."""
        ...

    async def standalone(self, question: str, turns: Sequence[tuple[str, Sequence[str]]]) -> tuple[str, str] | None:
        """``question`` as it reads without ``turns`` (question, released claims), and the hash of the prompt that did it.

        ``None`` where no model can say.
        """
        ...

    async def close(self) -> None:
        """Let go of what it holds."""
        ...


class AtOnce(ABC):
    """A backend whose draft is there all at once, and that knows no second try."""

    name: str
    model: str | None = None

    @abstractmethod
    def draft(self, question: str, retrieval: Retrieval) -> Draft:
        """Claims that answer ``question`` from the sentences of ``retrieval``, the best first; none if none answers it."""

    def admit(self) -> None:
        """Always."""
        return

    @asynccontextmanager
    async def begin(self, task: Task) -> AsyncIterator[Drafting]:
        """The draft, made in a thread."""
        yield _Once(await asyncio.to_thread(self.draft, task.question, task.retrieval))

    async def standalone(self, question: str, turns: Sequence[tuple[str, Sequence[str]]]) -> None:
        """It does not."""
        del question, turns

    async def close(self) -> None:
        """Nothing is held."""
        return


class _Once:
    def __init__(self, draft: Draft) -> None:
        self.notes = Notes()
        self._draft = draft

    async def claims(self) -> AsyncGenerator[Drafted, None]:
        for claim in self._draft.claims:
            yield Drafted(claim)

    async def repair(self, withheld: Sequence[Withheld], told: Sequence[str]) -> AsyncGenerator[Drafted, None]:
        del withheld, told
        for _ in ():
            yield _
