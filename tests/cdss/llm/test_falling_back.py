"""The model's server fails in every way it can: there is an answer in time, and it says what happened."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from cdss import notices
from cdss.events import Released
from cdss.types import AnswerStatus
from tests.cdss.llm.conftest import OTITIS, Asking, ask, happens
from tests.cdss.llm.scripted_server import Exchange, honest, reply, saying


async def nothing(exchange: Exchange) -> None:
    await exchange.wait()


async def slow_head(exchange: Exchange) -> None:
    await exchange.begin()
    await exchange.wait()


async def pings(exchange: Exchange) -> None:
    """Alive, and says nothing."""
    await exchange.begin()
    while not exchange.gone.is_set():
        await exchange.raw(b": ping\n\n")
        await asyncio.sleep(0.05)


async def drips(exchange: Exchange) -> None:
    """A word now and then, without end."""
    await exchange.begin()
    await exchange.piece('{"answerable": "yes", "evidence": [')
    while not exchange.gone.is_set():
        await exchange.piece(" ")
        await asyncio.sleep(0.1)


async def floods(exchange: Exchange) -> None:
    await exchange.begin()
    while not exchange.gone.is_set():
        await exchange.raw(b"data: " + b"x" * 100_000)


async def cut(exchange: Exchange) -> None:
    await exchange.begin()
    await exchange.piece(honest(exchange)[:80])
    exchange.cut()


def status(code: int, **headers: str) -> Callable[[Exchange], Any]:
    async def script(exchange: Exchange) -> None:
        await exchange.status(code, b'{"error": {"message": "Give 5 g."}}', **headers)

    return script


def raw(data: bytes) -> Callable[[Exchange], Any]:
    async def script(exchange: Exchange) -> None:
        await exchange.begin()
        await exchange.raw(data)

    return script


FAULTS: dict[str, tuple[Any, set[str]]] = {
    "500": (status(500), {"down"}),
    "429": (status(429), {"down"}),
    "429, come back in an hour": (status(429, retry_after="3600"), {"down", "slow"}),
    "401": (status(401), {"down"}),
    "404": (status(404), {"down"}),
    "400": (status(400), {"nonsense"}),
    "redirect": (status(307, location="http://127.0.0.1:1/v1/chat/completions"), {"nonsense", "down"}),
    "no answer": (nothing, {"slow"}),
    "no first word": (slow_head, {"slow"}),
    "signs of life only": (pings, {"slow"}),
    "one word at a time": (drips, {"slow"}),
    "a line without end": (floods, {"nonsense", "cut short", "slow", "down"}),
    "cut in the middle": (cut, {"cut short", "down"}),
    "no stream": (status(200), {"cut short", "nonsense"}),
    "no JSON in the stream": (raw(b"data: {nonsense\n\n"), {"nonsense"}),
    "no chunk": (raw(b'data: {"choices": [{"delta": "x"}]}\n\n'), {"nonsense", "cut short"}),
    "a number for a chunk": (raw(b"data: 7\n\ndata: [1]\n\ndata: null\n\n"), {"nonsense", "cut short"}),
    "content that is no text": (raw(b'data: {"choices": [{"delta": {"content": {"a": 1}}}]}\n\n'), {"nonsense"}),
    "an error in the stream": (raw(b'data: {"error": {"message": "out of memory"}}\n\n'), {"nonsense", "down"}),
    "an empty stream": (raw(b"data: [DONE]\n\n"), {"cut short"}),
    "prose": (saying("Give amoxicillin 5 g at once."), {"nonsense"}),
    "half a reply": (saying(lambda e: honest(e)[:-30]), {"nonsense"}),
    "the length ran out": (saying(lambda e: honest(e)[:-30], finish="length"), {"cut short"}),
    "nesting without end": (saying("[" * 50_000, size=5000), {"nonsense"}),
    "white space without end": (saying(" " * 200_000, size=5000), {"nonsense", "cut short"}),
    "a thought without end": (saying("<unused94>" + "x" * 39_000, size=1000), {"nonsense", "cut short"}),
    "a wrong head": (saying('{"answerable": "perhaps", "claims": []}'), {"nonsense"}),
    "no claims": (saying(reply()), {"nonsense"}),
    "claims, and no answer": (saying(lambda e: honest(e).replace('"yes"', '"none"')), {"nonsense"}),
    "words after the end": (saying(lambda e: honest(e) + " Give 5 g."), {"nonsense"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_the_server_does_there_is_an_answer_in_time_that_says_so(asking: Asking, fault: str) -> None:
    script, whys = FAULTS[fault]
    service, server = asking(script, first_token_s=0.5, total_s=2, draft_tokens=1024)
    began = time.perf_counter()
    events, answer = happens(OTITIS, service)
    assert time.perf_counter() - began < 2 + 2
    assert answer.drafting.fallback in whys
    assert answer.status in (AnswerStatus.ANSWERED, AnswerStatus.PARTLY_WITHHELD)
    assert any(notice.startswith(notices.FALLBACK[answer.drafting.fallback]) for notice in answer.notices)
    assert "5 g" not in answer.model_dump_json()
    kept = [event.claim for event in events if isinstance(event, Released)]
    assert [shown for shown in answer.claims if shown.text is not None] == kept
    if all(shown.id.startswith("e") for shown in kept):
        assert (answer.backend, answer.model) == ("extractive", None)
    assert server.exchanges


def test_a_fall_back_keeps_what_was_released_and_does_not_say_it_again(asking: Asking) -> None:
    async def half(exchange: Exchange) -> None:
        text = honest(exchange)
        await exchange.begin()
        await exchange.piece(text[: text.index("}, {", text.index("claims")) + 1])
        await asyncio.sleep(0.3)
        exchange.cut()

    service, _ = asking(half)
    events, answer = happens(OTITIS, service)
    released = [event.claim for event in events if isinstance(event, Released)]
    assert released[0].id == "c1"
    assert [shown.id for shown in released[1:]] == [shown.id for shown in answer.claims[1:]]
    assert all(shown.id.startswith("e") for shown in released[1:])
    assert answer.backend == "openai"
    assert any("The first 1 of the claims are the model's" in notice for notice in answer.notices)
    texts = [shown.text for shown in answer.claims]
    assert len(set(texts)) == len(texts)


def test_an_error_that_passes_is_tried_again(asking: Asking) -> None:
    async def second_time(exchange: Exchange) -> None:
        if exchange.number == 0:
            await exchange.status(503)
        else:
            await saying(honest)(exchange)

    service, server = asking(second_time, retries=2)
    assert ask(OTITIS, service).drafting.fallback is None
    assert len(server.exchanges) == 2


def test_a_model_that_keeps_failing_is_left_alone_and_then_tried_again(asking: Asking) -> None:
    scripts = [status(500), status(500), saying(honest)]

    async def one_after_the_other(exchange: Exchange) -> None:
        await scripts[exchange.number](exchange)

    service, server = asking(one_after_the_other, failures=2, rest_s=4)
    whys = [ask(OTITIS, service).drafting.fallback for _ in range(3)]
    assert whys == ["down", "down", "resting"]
    assert len(server.exchanges) == 2
    time.sleep(4)
    assert ask(OTITIS, service).drafting.fallback is None


def test_a_server_that_is_not_there(asking: Asking) -> None:
    service, server = asking(saying(honest))
    server.stop()
    assert ask(OTITIS, service).drafting.fallback == "down"
    server.stop = lambda: None  # type: ignore[method-assign]
