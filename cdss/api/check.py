"""``POST /v1/check``: the rules on somebody else's text and quotes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import Field

from cdss.api.problems import responses
from cdss.clock import today
from checkers.lines import Line, LineReport, check_one

router = APIRouter(tags=["checks"])

MAX_LINES = 1000

_EXAMPLES = {
    "text": {
        "summary": "A text with the quote it rests on",
        "value": {
            "id": "1",
            "text": "Give amoxicillin 500 mg three times daily.",
            "quotes": [
                {
                    "quote": "amoxicillin 500 mg three times daily",
                    "source": "In adults give amoxicillin 500 mg three times daily for five days.",
                }
            ],
        },
    }
}


@router.post("/v1/check", response_model=LineReport | list[LineReport], responses=responses(413, 422))
def post_check(
    lines: Annotated[Line | Annotated[list[Line], Field(max_length=MAX_LINES)], Body(openapi_examples=_EXAMPLES)],
) -> LineReport | list[LineReport]:
    """One line's object, or a list of up to 1,000; the answer has the same form and order. Needs no library."""
    if isinstance(lines, Line):
        return check_one(lines, as_of=today())
    return [check_one(line, as_of=today()) for line in lines]
