"""``POST /v1/notices``: what has to be said about a question at once, before anything is looked up."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel

from cdss import notices
from cdss.api.problems import responses
from cdss.types import QuestionText

router = APIRouter(tags=["questions"])


class Asked(BaseModel):
    """A question."""

    question: QuestionText


class Notices(BaseModel):
    """What must be said first: to call for help, if the question describes an emergency."""

    notices: list[str]


@router.post("/v1/notices", responses=responses(413, 422))
def post_notices(asked: Asked) -> Notices:
    """Needs no library and answers at once."""
    found = notices.emergency(asked.question)
    return Notices(notices=[found] if found else [])
