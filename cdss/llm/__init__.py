"""The backends that draft an answer. A backend proposes; the rules decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from cdss.llm.extractive import Extractive
from cdss.retrieve import Retrieval
from checkers.types import Draft


class Backend(Protocol):
    """The seam: a question and what was retrieved for it in, claims with quotes out."""

    name: str
    model: str | None

    def draft(self, question: str, retrieval: Retrieval) -> Draft:
        """Claims that answer ``question`` from the sentences of ``retrieval``, the best first; none if none answers it."""
        ...


BACKENDS: dict[str, Callable[[], Backend]] = {"extractive": Extractive}
