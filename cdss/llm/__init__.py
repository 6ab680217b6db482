"""The backends that draft an answer. A backend proposes; the rules decide."""

from __future__ import annotations

from collections.abc import Callable

from cdss.llm.backend import Backend
from cdss.llm.extractive import Extractive
from cdss.settings import Settings

__all__ = ["BACKENDS", "Backend"]


def _openai(settings: Settings) -> Backend:
    from cdss.llm.chat import Chat  # only here: it takes a second to import
    from cdss.llm.drafting import Model

    return Model(Chat(settings.llm))


BACKENDS: dict[str, Callable[[Settings], Backend]] = {"extractive": lambda _: Extractive(), "openai": _openai}
