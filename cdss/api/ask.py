"""``POST /v1/ask``: one question, one checked answer."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response

from cdss.api.problems import responses
from cdss.api.state import ServiceNow
from cdss.clock import today
from cdss.pipeline import answer
from cdss.types import Answer, Question

router = APIRouter(tags=["questions"])

GONE = 499
"""What nobody is left to read, for the log."""

_EXAMPLES = {
    "question": {
        "summary": "A question",
        "value": {"question": "How long should a child with acute otitis media take amoxicillin?"},
    },
    "patient": {
        "summary": "For one patient, from one country's guidelines",
        "value": {
            "question": "What dose of amoxicillin for acute otitis media?",
            "patient": {"age_years": 3, "weight_kg": 14, "allergies": []},
            "filters": {"jurisdiction": ["US", "international"]},
            "as_of": "2026-01-31",
        },
    },
}


Asked = Annotated[Question, Body(openapi_examples=_EXAMPLES)]


@router.post("/v1/ask", response_model=Answer, responses=responses(404, 413, 422, 503))
async def post_ask(question: Asked, service: ServiceNow, request: Request) -> Response:
    """Sentences of the guidelines that answer the question, each with its place and the verdict of the rules."""
    waiting = answer(question, service, actor=service.settings.actor, today=today())
    text = await unless_gone(request, waiting)
    return Response(status_code=GONE) if text is None else Response(text, media_type="application/json")


async def unless_gone(request: Request, waiting: Coroutine[Any, Any, str]) -> str | None:
    """What ``waiting`` gives; ``None`` when the caller has gone away, and then it is cancelled and gives up all it holds."""
    work = asyncio.create_task(waiting)
    gone = asyncio.create_task(_gone(request))
    try:
        await asyncio.wait({work, gone}, return_when=asyncio.FIRST_COMPLETED)
        return work.result() if work.done() else None
    finally:
        for task in (work, gone):
            task.cancel()
        await asyncio.gather(work, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
