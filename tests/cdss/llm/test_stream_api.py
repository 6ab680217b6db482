"""``/v1/ask`` and ``/v1/ask/stream`` over real HTTP: events as they happen, clients that go away, too many at once."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from sqlalchemy import create_engine, text

from cdss.api.app import create_app
from cdss.llm.chat import Chat
from cdss.llm.extractive import Extractive
from cdss.retrieve import Retrieval
from cdss.service import Service
from checkers.types import Draft
from tests.cdss.conftest import lend
from tests.cdss.llm.conftest import OTITIS, Asking
from tests.cdss.llm.scripted_server import Exchange, claim, honest, reply, saying

BODY = {"question": OTITIS}


@contextmanager
def serving_http(service: Service) -> Iterator[str]:
    """The application on a free loopback port."""
    config = uvicorn.Config(create_app(lambda: lend(service)), port=0, log_level="error", access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    while httpx.get(f"{url}/readyz", trust_env=False).status_code != 200:
        time.sleep(0.01)
    try:
        yield url
    finally:
        server.should_exit = True
        thread.join()


def events_of(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    """Server-sent events as name and data."""
    name = ""
    for line in lines:
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)


def told(url: str, body: dict[str, Any]) -> list[tuple[str, Any]]:
    """Everything that a stream says."""
    with httpx.stream("POST", f"{url}/v1/ask/stream", json=body, timeout=30, trust_env=False) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        return list(events_of(response.iter_lines()))


def test_a_stream_tells_passages_then_claims_then_the_whole_and_is_done(asking: Asking) -> None:
    def mixed(exchange: Exchange) -> str:
        name, text = next((n, t) for n, t in exchange.sentences.items() if "80 to 90 mg/kg/day" in t)
        if exchange.is_repair:
            return reply(claim("Give 8000 mg.", name, repairs="c2"))
        return reply(claim(text, name), claim(text.replace("80 to 90", "70 to 95"), name))

    service, _ = asking(saying(mixed))
    with serving_http(service) as url:
        events = told(url, BODY)
        names = [name for name, _ in events]
        assert names[:3] == ["stage", "passages", "stage"]
        assert names[-2:] == ["answer", "done"]
        assert names.index("passages") < names.index("claim") < names.index("finding") < names.index("answer")
        answer = events[-2][1]
        kept = httpx.get(f"{url}/v1/answers/{answer['id']}", trust_env=False)
        assert kept.json() == answer
        assert {data["id"] for name, data in events if name == "stage"} == {answer["id"]}
        shown = [data["claim"] for name, data in events if name == "claim"]
        assert shown == [one for one in answer["claims"] if one["text"]]
        assert "8000" not in json.dumps([data for name, data in events if name != "finding" and name != "answer"])
        whole = httpx.post(f"{url}/v1/ask", json=BODY, timeout=30, trust_env=False).json()
        assert [one["text"] for one in whole["claims"]] == [one["text"] for one in answer["claims"]]


def test_without_a_model_the_stream_is_the_same(recording: Callable[..., Service]) -> None:
    with serving_http(recording()) as url:
        events = told(url, BODY)
        assert [name for name, _ in events][-1] == "done"
        assert sum(name == "claim" for name, _ in events) == len(events[-2][1]["claims"])
        assert told(url, {"question": "How do I bake sourdough bread?"})[-2][1]["status"] == "abstained"


@pytest.mark.parametrize("body", [{}, {"question": ""}, {"question": "x", "follows": "no id"}])
def test_what_cannot_be_asked_is_a_problem_document(recording: Callable[..., Service], body: dict[str, Any]) -> None:
    with serving_http(recording()) as url:
        got = httpx.post(f"{url}/v1/ask/stream", json=body, trust_env=False)
        assert got.status_code == 422
        assert got.headers["content-type"] == "application/problem+json"
        unknown = httpx.post(f"{url}/v1/ask/stream", json={"question": "x", "follows": "0" * 32}, trust_env=False)
        assert unknown.status_code == 404


async def waits(exchange: Exchange) -> None:
    await exchange.begin()
    await exchange.piece("{")
    await exchange.wait()


def until(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    """Whether ``condition`` comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("path", ["/v1/ask/stream", "/v1/ask"])
def test_a_client_that_goes_away_frees_its_place_at_once(asking: Asking, path: str) -> None:
    service, server = asking(waits, first_token_s=30, total_s=60)
    chat: Chat = service.backend.chat
    with serving_http(service) as url:

        async def leave() -> None:
            async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
                asked = asyncio.create_task(client.post(f"{url}{path}", json=BODY))
                while not server.open:
                    await asyncio.sleep(0.01)
                asked.cancel()

        asyncio.run(leave())
        assert until(lambda: server.exchanges[0].gone.is_set())
        assert until(lambda: chat.gate.inside == (16, 0))


def test_too_many_are_told_to_come_back_and_those_who_wait_get_their_turn(asking: Asking) -> None:
    go = threading.Event()

    async def held(exchange: Exchange) -> None:
        while not go.is_set():
            await asyncio.sleep(0.01)
        await saying(honest)(exchange)

    service, server = asking(held, at_once=2, queue=1, first_token_s=30, total_s=60)
    chat: Chat = service.backend.chat
    with serving_http(service) as url:

        async def crowd() -> list[httpx.Response]:
            async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
                first = [asyncio.create_task(client.post(f"{url}/v1/ask", json=BODY)) for _ in range(3)]
                while chat.gate.inside != (0, 1):
                    await asyncio.sleep(0.01)
                refused = [await client.post(f"{url}{path}", json=BODY) for path in ("/v1/ask", "/v1/ask/stream")]
                go.set()
                return [*(await asyncio.gather(*first)), *refused]

        *served, one, other = asyncio.run(crowd())
        assert [got.status_code for got in served] == [200, 200, 200]
        assert all(got.json()["drafting"]["fallback"] is None for got in served)
        assert server.most_open == 2
        for got in (one, other):
            assert got.status_code == 503
            assert got.headers["retry-after"] == "5"
            assert got.headers["content-type"] == "application/problem+json"
        assert until(lambda: chat.gate.inside == (2, 0))


class Broken(Extractive):
    """A backend with a defect."""

    def draft(self, question: str, retrieval: Retrieval) -> Draft:
        raise RuntimeError(f"a defect in {question}, {retrieval}")


def test_a_defect_cuts_the_stream_off_and_nobody_takes_it_for_an_answer(recording: Callable[..., Service]) -> None:
    names: list[str] = []
    with (
        serving_http(recording(backend=Broken())) as url,
        httpx.stream("POST", f"{url}/v1/ask/stream", json=BODY, timeout=30, trust_env=False) as response,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        names.extend(name for name, _ in events_of(response.iter_lines()))
    assert not {"answer", "done"} & set(names)


def test_a_record_that_is_lost_in_mid_stream_ends_it_with_an_error(asking: Asking) -> None:
    go = threading.Event()

    async def held(exchange: Exchange) -> None:
        while not go.is_set():
            await asyncio.sleep(0.01)
        await saying(honest)(exchange)

    service, _ = asking(held, first_token_s=30, total_s=60)
    with (
        serving_http(service) as url,
        httpx.stream("POST", f"{url}/v1/ask/stream", json=BODY, timeout=30, trust_env=False) as response,
    ):
        lines = events_of(response.iter_lines())
        assert [next(lines)[0] for _ in range(3)] == ["stage", "passages", "stage"]
        with create_engine(f"sqlite:///{service.record.location}").begin() as connection:
            connection.execute(text("drop table steps"))
        go.set()
        rest = list(lines)
    assert [name for name, _ in rest] == ["error"]
    assert rest[0][1]["status"] == 503
