"""``POST /v1/ask``: one question, one checked answer."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Body, Response

from cdss.api.problems import responses
from cdss.api.state import ServiceNow
from cdss.pipeline import ask
from cdss.types import Answer, Question

router = APIRouter(tags=["questions"])

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


@router.post("/v1/ask", response_model=Answer, responses=responses(413, 422, 503))
def post_ask(question: Annotated[Question, Body(openapi_examples=_EXAMPLES)], service: ServiceNow) -> Response:
    """Sentences of the guidelines that answer the question, each with its place and the verdict of the rules."""
    today = datetime.now(UTC).astimezone().date()
    return Response(ask(question, service, actor=service.settings.actor, today=today), media_type="application/json")
