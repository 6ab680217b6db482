"""The real service over the bundled guidelines, with a model behind the OpenAI protocol that follows a script."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any

import pytest

from cdss.events import Event, Whole
from cdss.llm.chat import Chat
from cdss.llm.drafting import Model
from cdss.service import Service
from cdss.settings import LlmSettings
from cdss.stream import stream
from cdss.types import Answer, Question
from tests.cdss.llm.scripted_server import Script, Server, serving

TODAY = date(2026, 11, 28)
OTITIS = "What dose of amoxicillin for a 3-year-old child weighing 14 kg with acute otitis media?"
QUICK = {"connect_s": 1, "first_token_s": 2, "total_s": 8, "retries": 0}
Asking = Callable[..., tuple[Service, Server]]


@pytest.fixture
def asking(recording: Callable[..., Service]) -> Iterator[Asking]:
    """Starts a server for a script and gives the service that asks it."""
    with ExitStack() as servers:

        def start(script: Script, *, counts: bool = True, **llm: Any) -> tuple[Service, Server]:
            server = servers.enter_context(serving(script, counts=counts))
            return recording(backend=model(server.url, **llm)), server

        yield start


def model(url: str, **llm: Any) -> Model:
    """The backend for the model at ``url``, impatient."""
    return Model(Chat(LlmSettings.model_validate({"base_url": url, **QUICK, **llm})))


def happens(question: str, service: Service, *, live: bool = True, **more: Any) -> tuple[list[Event], Answer]:
    """Everything that happens to a question, and its answer."""

    async def collect() -> list[Event]:
        asked = Question.model_validate({"question": question, **more})
        return [event async for event in stream(asked, service, actor="tests", today=TODAY, live=live)]

    events = asyncio.run(collect())
    last = events[-1]
    assert isinstance(last, Whole)
    return events, Answer.model_validate_json(last.text)


def ask(question: str, service: Service, **more: Any) -> Answer:
    """The answer alone."""
    return happens(question, service, **more)[1]
