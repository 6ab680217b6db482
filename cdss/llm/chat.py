"""Talks to a model behind an OpenAI-compatible address: streams what it says, within limits of time and size.

No proxy, no redirect, no other address than the one in the settings, no environment variable but our own. No connection is kept
for the next question: next to the seconds of a draft a new one costs nothing, and a server that was restarted is never met on a
dead one.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import httpx2
import openai
from openai.types.chat import ChatCompletionMessageParam

from cdss.llm.backend import ModelFailed, Why
from cdss.llm.breaker import Breaker
from cdss.llm.gate import Gate
from cdss.settings import LlmSettings

log = logging.getLogger(__name__)

BYTES_A_TOKEN = 4_000
"""The envelope of one token in a stream is a few hundred bytes; whoever sends more than this is not sending tokens."""
CHARS_A_TOKEN = 32
"""The longest tokens of a vocabulary are about this long."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation. Gemma knows no system role, and its turns take turns."""

    role: Literal["user", "assistant"]
    text: str


class Chat:
    """One configured model. Of one event loop at a time."""

    def __init__(self, settings: LlmSettings) -> None:
        self.settings = settings
        self.model = settings.model or ""
        self._base_url = (settings.base_url or "").rstrip("/")
        self.longest: int | None = None
        """The server's context in tokens, as it last told with a count; forgotten when it fails."""
        self._gate = Gate(at_once=settings.at_once, queue=settings.queue)
        self._breaker = Breaker(failures=settings.failures, rest_s=settings.rest_s)
        self._http = httpx2.AsyncClient(
            transport=_Bounded(
                httpx2.AsyncHTTPTransport(limits=httpx2.Limits(max_keepalive_connections=0), trust_env=False),
                most=1_000_000 + BYTES_A_TOKEN * settings.draft_tokens,
            ),
            timeout=httpx2.Timeout(settings.first_token_s, connect=settings.connect_s),
            trust_env=False,
            follow_redirects=False,
        )
        self._client = openai.AsyncOpenAI(
            base_url=self._base_url,
            api_key=settings.api_key.get_secret_value() if settings.api_key else "none",
            organization="",
            project="",
            max_retries=settings.retries,
            http_client=self._http,
        )

    @property
    def gate(self) -> Gate:
        """Who is asking it now."""
        return self._gate

    @asynccontextmanager
    async def conversation(self) -> AsyncIterator[Conversation]:
        """A place at the model for everything that one question asks of it. Raises ``Busy`` and ``ModelFailed``.

        The time limit begins with the call, so that waiting for a place counts.
        """
        self._gate.check()
        if not self._breaker.passes():
            raise ModelFailed("resting", "it failed several times in a row")
        until = asyncio.get_running_loop().time() + self.settings.total_s
        place = self._gate.enter()
        await _in_time(place.__aenter__(), until)
        try:
            yield Conversation(self, until)
        except ModelFailed:
            self.longest = None
            self._breaker.failed()
            raise
        else:
            self._breaker.answered()
        finally:
            await place.__aexit__(None, None, None)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()


class Conversation:
    """What is asked of the model about one question, until a point in time of the event loop's clock."""

    def __init__(self, chat: Chat, until: float) -> None:
        self._chat = chat
        self._until = until

    @property
    def longest(self) -> int | None:
        """The server's context in tokens, if it told it with an earlier count."""
        return self._chat.longest

    async def said(
        self, turns: Sequence[Turn], *, schema: Mapping[str, Any], name: str, most_tokens: int
    ) -> AsyncGenerator[str, None]:
        """The model's words as they come, JSON that is to obey ``schema``. Raises ``ModelFailed``; close it when done."""
        messages: list[ChatCompletionMessageParam] = [
            {"role": "user", "content": turn.text}
            if turn.role == "user"
            else {"role": "assistant", "content": turn.text}
            for turn in turns
        ]
        finished, length = None, 0
        manager = self._chat._client.chat.completions.with_streaming_response.create(
            model=self._chat.model,
            messages=messages,
            temperature=0,
            max_tokens=most_tokens,
            stream=True,
            response_format={
                "type": "json_schema",
                "json_schema": {"name": name, "schema": dict(schema), "strict": True},
            },
        )
        try:
            response = await self._soon(manager.__aenter__())
            try:
                async with aclosing(response.iter_bytes()) as pieces, aclosing(_server_sent(pieces)) as events:
                    while (event := await self._soon(anext(events, None))) is not None:
                        delta, finished = _delta(json.loads(event), finished)
                        length += len(delta)
                        if length > CHARS_A_TOKEN * most_tokens:
                            raise ModelFailed("nonsense", "more text than its tokens can hold")
                        if delta:
                            yield delta
            finally:
                await manager.__aexit__(None, None, None)
        except (openai.OpenAIError, httpx2.HTTPError, httpx2.InvalidURL, TimeoutError) as error:
            raise _failed(error) from error
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise ModelFailed("nonsense", type(error).__name__) from error
        if finished != "stop":
            raise ModelFailed("cut short", str(finished)[:40])

    async def count_tokens(self, turns: Sequence[Turn]) -> tuple[int, int] | None:
        """Tokens of ``turns`` with the chat template around them, and the longest context; ``None`` if it does not count.

        vLLM's own ``POST /tokenize``, beside ``/v1``.
        """
        body = {"model": self._chat.model, "messages": [{"role": t.role, "content": t.text} for t in turns]}
        key = self._chat.settings.api_key
        headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key else {}
        try:
            url = f"{self._chat._base_url.removesuffix('/v1')}/tokenize"
            answered = await self._soon(self._chat._http.post(url, json=body, headers=headers))
            if answered.status_code != 200:
                return None
            counted = answered.json()
            count, longest = counted["count"], counted["max_model_len"]
        except (httpx2.HTTPError, TimeoutError, ValueError, LookupError, TypeError, RecursionError):
            return None
        if not (type(count) is type(longest) is int and count > 0 and longest > 0):
            return None
        self._chat.longest = longest
        return count, longest

    async def _soon(self, waiting: Any) -> Any:
        first = asyncio.get_running_loop().time() + self._chat.settings.first_token_s
        return await _in_time(waiting, min(self._until, first))


async def _in_time(waiting: Any, until: float) -> Any:
    try:
        async with asyncio.timeout_at(until):
            return await waiting
    except TimeoutError as error:
        raise ModelFailed("slow", "over its time") from error


async def _server_sent(pieces: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """The data of each server-sent event until ``[DONE]``, one line each, as every server of this protocol sends them.

    The client library's own stream holds itself in a circle: closed early, it is left to the garbage collector, which may come
    in another thread while the event loop still closes it.
    """
    rest = bytearray()
    async for piece in pieces:
        seen = len(rest)
        rest += piece
        while (end := rest.find(b"\n", seen)) >= 0:
            line = bytes(rest[:end])
            del rest[: end + 1]
            seen = 0
            if line.startswith(b"data:"):
                data = line[5:].strip()
                if data == b"[DONE]":
                    return
                yield data


def _delta(chunk: Any, finished: str | None) -> tuple[str, str | None]:
    """The words of a chunk and how the answer ended; whatever is no chunk raises."""
    if not chunk["choices"]:  # usage, at the end
        return "", finished
    choice = chunk["choices"][0]
    text = choice["delta"].get("content")
    if text is not None and not isinstance(text, str):
        raise TypeError("not text")
    return text or "", choice.get("finish_reason") or finished


def _failed(error: Exception) -> ModelFailed:
    """What kind of failure it is; its words may repeat what was sent, and are left out."""
    name = type(error).__name__
    if isinstance(error, TimeoutError | openai.APITimeoutError | httpx2.TimeoutException):
        return ModelFailed("slow", name)
    if isinstance(error, openai.APIStatusError):
        why: Why = (
            "down" if error.status_code in (401, 403, 404, 408, 409, 429) or error.status_code >= 500 else "nonsense"
        )
        return ModelFailed(why, f"{name} {error.status_code}")
    if isinstance(error, openai.APIConnectionError):
        return ModelFailed("down", name)
    if isinstance(error, httpx2.TransportError):
        return ModelFailed("cut short", name)
    return ModelFailed("nonsense", name)


class _Bounded(httpx2.AsyncBaseTransport):
    """A transport that ends a response after ``most`` bytes, so that no server can fill the memory."""

    def __init__(self, inner: httpx2.AsyncBaseTransport, *, most: int) -> None:
        self._inner = inner
        self._most = most

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._inner.handle_async_request(request)
        response.stream = _Counted(response.stream, self._most)  # type: ignore[arg-type]
        return response

    async def aclose(self) -> None:
        await self._inner.aclose()


class _Counted(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream, most: int) -> None:
        self._stream = stream
        self._left = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._stream:
            self._left -= len(piece)
            if self._left < 0:
                raise httpx2.DecodingError("the response is too long")
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()
