"""``GET /v1/documents``: what the library holds."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel, Field

from cdss.api.problems import responses
from cdss.api.state import ServiceNow
from guidelines.types import Metadata

router = APIRouter(tags=["library"])


class ShownDocument(BaseModel):
    """A document of the live generation, without its text. What is not known of it is null."""

    id: str
    work: str
    title: str
    source: str = Field(description="file name")
    passages: int
    superseded_on: date | None
    metadata: Metadata
    notes: tuple[str, ...]


class Documents(BaseModel):
    """The live generation and its documents."""

    generation: str | None
    documents: list[ShownDocument]


@router.get("/v1/documents", response_model=Documents, responses=responses(503))
def get_documents(service: ServiceNow) -> Documents:
    """Every document that answers are drawn from now."""
    live = service.library.live()
    if live is None:
        return Documents(generation=None, documents=[])
    return Documents(
        generation=live.generation.id,
        documents=[
            ShownDocument(
                id=head.id,
                work=head.work,
                title=head.title,
                source=head.source,
                passages=head.passages,
                superseded_on=head.superseded_on,
                metadata=head.metadata,
                notes=head.notes,
            )
            for head in live.heads.values()
        ],
    )
