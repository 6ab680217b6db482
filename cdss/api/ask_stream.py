"""``POST /v1/ask/stream``: one question, and what happens to it as it happens, as server-sent events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from cdss.api import problems
from cdss.api.ask import Asked
from cdss.api.problems import responses
from cdss.api.state import ServiceNow
from cdss.clock import today
from cdss.errors import CdssError
from cdss.events import Event, Whole
from cdss.stream import stream

router = APIRouter(tags=["questions"])

EVENTS = """
Each event's data is one JSON object on one line.

| event | |
| --- | --- |
| `stage` | what is done next: retrieve, draft, repair, fall back, decide |
| `passages` | what was found, at once |
| `claim` | passed the rules together with all claims before it; with conflicts; on record, never taken back |
| `finding` | what a rule found about a claim, released or withheld |
| `answer` | the whole answer, as `GET /v1/answers/{id}` gives it |
| `done` | the end: the answer is on record |
| `error` | the end without an answer: a problem document |

A stream that ends with neither `done` nor `error` was cut off, and what came before is no answer.
"""


@router.post(
    "/v1/ask/stream",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}, "description": EVENTS}, **responses(404, 413, 422, 503)},
)
async def post_ask_stream(question: Asked, service: ServiceNow) -> Response:
    """The same as `POST /v1/ask`, told as it happens."""
    events = stream(question, service, actor=service.settings.actor, today=today())
    first = await anext(events)  # what fails before anything was said is a problem document with a status of its own
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_sent(first, events), media_type="text/event-stream", headers=headers)


async def _sent(first: Event, events: AsyncGenerator[Event, None]) -> AsyncIterator[bytes]:
    """Every event as it is sent, and the end. A caller who goes away cancels this, and with it all that the question holds.

    A defect of the service cuts the stream off, which no caller takes for an answer.
    """
    async with aclosing(events):
        try:
            yield _line(first.event, _data(first))
            async for event in events:
                yield _line(event.event, _data(event))
            yield _line("done", "{}")
        except CdssError as error:
            yield _line("error", bytes(problems.of(error).body).decode())


def _data(event: Event) -> str:
    return event.text if isinstance(event, Whole) else event.model_dump_json()


def _line(name: str, data: str) -> bytes:
    """One event. JSON has no line end of its own but in white space, and ours has none."""
    return f"event: {name}\ndata: {data}\n\n".encode()
