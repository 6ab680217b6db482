"""What a run did with every file, and how it tells while it is under way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """Every file gets exactly one."""

    INDEXED = "indexed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file: ``why`` in words, the ``document`` made of it, and how many ``passages`` that has."""

    path: str
    outcome: Outcome
    why: str | None = None
    document: str | None = None
    passages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run did. ``generation`` is the live one at its end, ``published`` whether this run made it so."""

    generation: str | None
    published: bool
    files: tuple[FileReport, ...]
    seconds: float
    passages_embedded: int

    @property
    def counts(self) -> dict[str, int]:
        """Files by outcome, every outcome named."""
        counted = Counter(file.outcome for file in self.files)
        return {outcome.value: counted[outcome] for outcome in Outcome}


class Listener:
    """Is told how far a run has come, and tells nobody. Called from the thread of the run, often: it must be quick."""

    def on_file(self, done: int, total: int) -> None:
        """``done`` of ``total`` files are settled."""

    def on_embedded(self, done: int, total: int) -> None:
        """``done`` of ``total`` passages have vectors; called with 0 before the first."""

    def on_indexing(self, documents: int) -> None:
        """A new generation of so many documents is being written."""
