"""``/healthz`` and ``/readyz``: is the process up, and can it answer."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from cdss.api.problems import problem, responses
from cdss.api.state import State
from cdss.errors import CdssError
from guidelines.errors import LibraryError

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The process runs."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """The stores and the embedder are loaded. An empty library is ready too: asking abstains, and says how to fill it."""

    status: Literal["ready"] = "ready"
    library: Literal["empty", "loaded"]
    generation: str | None
    documents: int
    passages: int


@router.get("/healthz", response_model=Health)
def healthz() -> Health:
    """Always 200 while the process answers at all."""
    return Health()


@router.get("/readyz", response_model=Readiness, responses=responses(503))
def readyz(request: Request) -> Readiness | JSONResponse:
    """200 once questions can be answered, 503 before and when a store is lost."""
    state: State = request.app.state.cdss
    if state.service is None or not state.loaded:
        return problem(503, state.failure or "The embedder is being loaded.")
    try:
        state.service.record.check()
        live = state.service.library.live()
    except (CdssError, LibraryError) as error:
        return problem(503, str(error))
    heads = live.heads if live else {}
    return Readiness(
        library="loaded" if heads else "empty",
        generation=live.generation.id if live else None,
        documents=len(heads),
        passages=sum(head.passages for head in heads.values()),
    )
