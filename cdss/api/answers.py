"""``GET /v1/answers/{id}``: an answer from the record."""

from __future__ import annotations

from fastapi import APIRouter, Response

from cdss.api.problems import responses
from cdss.api.state import ServiceNow
from cdss.types import Answer

router = APIRouter(tags=["answers"])


@router.get("/v1/answers/{answer_id}", response_model=Answer, responses=responses(404, 503))
def get_answer(answer_id: str, service: ServiceNow) -> Response:
    """The answer as it was given, to the byte."""
    return Response(service.record.read(answer_id), media_type="application/json")
