"""The doors to one question: ``ask`` for whoever waits for the answer, ``answer`` for whoever waits in an event loop.

There is one way through, ``cdss.stream``; these only wait for its end.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from datetime import date

from cdss.events import Whole
from cdss.service import Service
from cdss.stream import stream
from cdss.types import Question

__all__ = ["Service", "answer", "ask"]


def ask(question: Question, service: Service, *, actor: str, today: date) -> str:
    """The answer as JSON text, the very text that is on record. Raises what ``answer`` does.

    Where an event loop runs in this thread already (a notebook), another thread waits for it.
    """

    def wait() -> str:
        return asyncio.run(answer(question, service, actor=actor, today=today))

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return wait()
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(wait).result()


async def answer(question: Question, service: Service, *, actor: str, today: date) -> str:
    """The answer as JSON text. Raises ``Busy``, ``NotFound``, ``NotRecorded`` and ``Unavailable``."""
    async with aclosing(stream(question, service, actor=actor, today=today, live=False)) as events:
        async for event in events:
            if isinstance(event, Whole):
                return event.text
    raise RuntimeError("a question ended without an answer")
