"""A real HTTP server on loopback that speaks OpenAI's chat protocol, well or as badly as its script says.

A script is a coroutine over one ``Exchange``. It can say what a real server will not on demand: nothing, too much, the wrong
thing, half of it, or all of it at a fixed pace.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any

Script = Callable[["Exchange"], Awaitable[None]]

_LINE = re.compile(r'^(s\d+) (".*")$', re.MULTILINE)


@dataclass
class Exchange:
    """One request and what may be answered to it: when it had ``arrived``, and when each piece of words was ``sent``."""

    body: dict[str, Any]
    headers: dict[str, str]
    number: int
    _writer: asyncio.StreamWriter
    gone: asyncio.Event
    arrived: float = field(default_factory=time.perf_counter)
    sent: list[float] = field(default_factory=list)

    @property
    def prompt(self) -> str:
        """What the model was told."""
        return "\n".join(message["content"] for message in self.body["messages"])

    @property
    def sentences(self) -> dict[str, str]:
        """The sentences that were offered, by id."""
        return {name: json.loads(text) for name, text in _LINE.findall(self.prompt)}

    @property
    def is_repair(self) -> bool:
        """Whether it is a second try."""
        return self.body["response_format"]["json_schema"]["name"] == "repair"

    async def status(self, code: int, body: bytes = b"{}", **headers: str) -> None:
        """A whole response that is no stream."""
        lines = [f"HTTP/1.1 {code} X", f"content-length: {len(body)}", "connection: close"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.raw("\r\n".join([*lines, "", ""]).encode() + body)

    async def begin(self) -> None:
        """The head of a stream."""
        await self.raw(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n")

    async def piece(self, text: str | None, finish: str | None = None) -> None:
        """One token, or several."""
        choice = {"index": 0, "delta": {} if text is None else {"content": text}, "finish_reason": finish}
        chunk = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        self.sent.append(time.perf_counter())
        await self.raw(f"data: {json.dumps(chunk)}\n\n".encode())

    async def end(self, finish: str = "stop") -> None:
        """The end of a stream."""
        await self.piece(None, finish)
        await self.raw(b"data: [DONE]\n\n")

    async def raw(self, data: bytes) -> None:
        """Any bytes."""
        self._writer.write(data)
        await self._writer.drain()

    def cut(self) -> None:
        """End the connection as a crash would."""
        transport = self._writer.transport
        transport.abort()

    async def wait(self) -> None:
        """Until the caller has gone."""
        await self.gone.wait()


class Server:
    """The running server: what it was asked, and how many it serves now."""

    def __init__(self, script: Script, *, counts: bool) -> None:
        self.script = script
        self.counts = counts
        self.exchanges: list[Exchange] = []
        self.open = 0
        self.most_open = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._up = Event()
        self._over = asyncio.Event()
        self._thread = Thread(target=self._run, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def start(self) -> None:
        self._thread.start()
        self._up.wait()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._handle, "127.0.0.1", 0, backlog=512)
        self.port = server.sockets[0].getsockname()[1]
        self._up.set()
        await self._over.wait()
        server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *lines = head.split("\r\n")
            headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines if line)}
            body = json.loads(await reader.readexactly(int(headers.get("content-length", 0))) or b"{}")
            exchange = Exchange(body, headers, len(self.exchanges), writer, asyncio.Event())
            if first.split()[1].endswith("/tokenize"):
                await self._count(exchange)
                return
            self.exchanges.append(exchange)
            self.open += 1
            self.most_open = max(self.most_open, self.open)
            watching = asyncio.create_task(self._watch(reader, exchange))
            try:
                await self.script(exchange)
            finally:
                watching.cancel()
                self.open -= 1
        except (ConnectionError, asyncio.IncompleteReadError, RuntimeError):
            pass
        finally:
            writer.close()

    async def _count(self, exchange: Exchange) -> None:
        if self.counts:
            counted = {"count": len(exchange.prompt) // 4, "max_model_len": 8192, "tokens": []}
            await exchange.status(200, json.dumps(counted).encode())
        else:
            await exchange.status(404)

    async def _watch(self, reader: asyncio.StreamReader, exchange: Exchange) -> None:
        await reader.read(1)
        exchange.gone.set()


@contextmanager
def serving(script: Script, *, counts: bool = True) -> Iterator[Server]:
    """The server, until the end of the block."""
    server = Server(script, counts=counts)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def reply(*claims: dict[str, Any], answerable: str = "yes", **more: Any) -> str:
    """A reply as the schema wants it."""
    if answerable == "none":
        return json.dumps({"answerable": "none", "ask": [], **more})
    used = list(dict.fromkeys(name for claim in claims for name in claim["evidence"])) or ["s1"]
    head = {"evidence": [{"id": name, "role": "recommendation"} for name in used[:10]], "conflicts": [], "ask": []}
    return json.dumps({**head, "answerable": answerable, **more, "claims": list(claims)}, ensure_ascii=False)


def claim(text: str, *ids: str, **more: Any) -> dict[str, Any]:
    """One claim of a reply."""
    return {"evidence": list(ids), "quantities": [], "text": text, **more}


def saying(
    make: Callable[[Exchange], str] | str, *, pace_s: float = 0.0, size: int = 12, finish: str = "stop"
) -> Script:
    """Answers in pieces of ``size`` characters, one every ``pace_s`` seconds."""

    async def script(exchange: Exchange) -> None:
        text = make if isinstance(make, str) else make(exchange)
        await exchange.begin()
        for at in range(0, len(text), size):
            if pace_s:
                await asyncio.sleep(pace_s)
            await exchange.piece(text[at : at + size])
        await exchange.end(finish)

    return script


def honest(exchange: Exchange) -> str:
    """The first sentences that hold a figure, word by word."""
    told = [(name, text) for name, text in exchange.sentences.items() if any(map(str.isdigit, text))][:3]
    told = told or list(exchange.sentences.items())[:2]
    return reply(*(claim(text, name) for name, text in told))
