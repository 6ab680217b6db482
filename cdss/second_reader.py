"""A model as second reader: asked, over the OpenAI protocol, whether quotes support a claim.

It can only tighten. When it hangs, fails, or says something else than it was asked for, it counts as silent, and the claim is
shown for review, never released. What it is sent is the claim and its quotes, without identifiers; no proxy, no redirect and
no other address than the one in the settings is used.
"""

from __future__ import annotations

import json
import logging
import re
import time
from hashlib import sha256
from importlib.resources import files
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, get_args

import httpx

from cdss.settings import SecondReaderSettings
from checkers.second_reader import Opinion, second_reader
from checkers.types import Rule

log = logging.getLogger(__name__)

MAX_ANSWER_BYTES = 100_000
MAX_ASKED_CHARS = 20_000
"""A claim with its quotes that is longer is not asked about: the reader would see a part and judge the whole."""
REST_S = 30.0
"""After a failure it is left alone so long, lest every claim wait for a reader that is down."""
_THOUGHT = re.compile(r"<unused94>.*?<unused95>|<think>.*?</think>", re.DOTALL)
_FAILURES = (httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError, TypeError, RuntimeError)
"""What asking and reading an answer may raise; ``RuntimeError`` is JSON nested too deeply."""
_SCHEMA = {
    "type": "object",
    "properties": {"opinion": {"type": "string", "enum": ["yes", "no", "unsure"]}},
    "required": ["opinion"],
    "additionalProperties": False,
}


def open_reader(settings: SecondReaderSettings) -> Rule | None:
    """The rule that asks the configured reader; ``None`` where none is configured."""
    if settings.base_url is None:
        return None
    reader = SecondReader(settings)
    return second_reader(reader.supports, version=reader.version)


class SecondReader:
    """One configured model. Safe to ask from several threads."""

    def __init__(self, settings: SecondReaderSettings) -> None:
        headers = {"Authorization": f"Bearer {settings.api_key.get_secret_value()}"} if settings.api_key else {}
        self._settings = settings
        self._url = f"{(settings.base_url or '').rstrip('/')}/chat/completions"
        self._client = httpx.Client(
            headers=headers, timeout=settings.timeout_s, trust_env=False, follow_redirects=False
        )
        self._rests_until = 0.0
        self._prompt = files("cdss").joinpath("prompts/second_reader.txt").read_text("utf-8")

    @property
    def version(self) -> int:
        """A number that is another one for another model or another prompt."""
        return int(sha256(f"{self._settings.model}\n{self._prompt}".encode()).hexdigest()[:7], 16)

    def supports(self, claim: str, quotes: tuple[str, ...]) -> Opinion:
        """What the model thinks, or "silent". Returns within the time limit, whatever the other side does."""
        asked = self._prompt.format(claim=claim, quotes="\n".join(f"- {' '.join(quote.split())}" for quote in quotes))
        if len(asked) > MAX_ASKED_CHARS or time.monotonic() < self._rests_until:
            return "silent"
        try:
            return _opinion(self._in_time(asked))
        except (Empty, httpx.HTTPError) as error:
            self._rests_until = time.monotonic() + REST_S
            return _silent(error)
        except _FAILURES as error:
            return _silent(error)

    def _in_time(self, asked: str) -> Any:
        """The answer, or ``queue.Empty`` when the time is over; a thread that still waits then holds nothing up."""
        box: SimpleQueue[Any] = SimpleQueue()

        def answer() -> None:
            try:
                box.put((self._answer(asked), None))
            except _FAILURES as error:  # raised again below, in the thread that asked
                box.put((None, error))

        Thread(target=answer, daemon=True, name="second-reader").start()
        answered, error = box.get(timeout=self._settings.timeout_s)
        if error is not None:
            raise error
        return answered

    def _answer(self, asked: str) -> Any:
        until = time.monotonic() + self._settings.timeout_s
        body = {
            "model": self._settings.model,
            "messages": [{"role": "user", "content": asked}],
            "temperature": 0,
            "max_tokens": 400,
            "response_format": {"type": "json_schema", "json_schema": {"name": "opinion", "schema": _SCHEMA}},
        }
        with self._client.stream("POST", self._url, json=body) as response:
            response.raise_for_status()
            if response.is_redirect:
                raise ValueError("redirected")
            read = b""
            for piece in response.iter_bytes():
                read += piece
                if len(read) > MAX_ANSWER_BYTES or time.monotonic() > until:
                    raise ValueError("too long")
        return json.loads(read)


def _silent(error: Exception) -> Opinion:
    """Nothing was answered; the log says why, without the words of either side."""
    log.warning("the second reader gave no opinion: %s", type(error).__name__)
    return "silent"


def _opinion(answered: Any) -> Opinion:
    """The opinion in a chat completion; whatever is not exactly one raises."""
    text = answered["choices"][0]["message"]["content"]
    said = json.loads(_THOUGHT.sub("", text).strip())["opinion"]
    if said not in get_args(Opinion) or said == "silent":
        raise ValueError("not an opinion")
    opinion: Opinion = said
    return opinion
