"""``GET /v1/documents``: what the library holds."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from cdss.api.problems import responses
from cdss.api.state import ServiceNow
from cdss.errors import NotFound
from guidelines.errors import NotFoundError
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


MAX_SHOWN = 20_000


class ShownText(BaseModel):
    """A part of a document's text: ``text`` is its ``[start:end]``, counted in code points, of ``length`` in all."""

    id: str
    title: str
    start: int
    end: int
    length: int
    text: str


@router.get("/v1/documents/{document_id}/text", responses=responses(404, 422, 503))
def get_text(
    document_id: str,
    service: ServiceNow,
    start: Annotated[int, Query(ge=0)] = 0,
    end: Annotated[int | None, Query(ge=0)] = None,
) -> ShownText:
    """What stands around a passage, at most 20,000 code points of it; also of a document that an old answer cites."""
    try:
        document = service.library.document(document_id)
    except NotFoundError:
        raise NotFound("there is no document with this id") from None
    first = min(start, len(document.text))
    last = min(len(document.text), first + MAX_SHOWN, len(document.text) if end is None else max(end, first))
    return ShownText(
        id=document.id,
        title=document.title,
        start=first,
        end=last,
        length=len(document.text),
        text=document.text[first:last],
    )
