"""``GET /v1/passages/{id}``: what a quote was cut from."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field

from cdss.api.problems import responses
from cdss.api.state import ServiceNow
from cdss.errors import NotFound
from cdss.sources import SECTION_SEPARATOR

router = APIRouter(tags=["library"])


class ShownSentence(BaseModel):
    """A numbered sentence: ``text[start:end]`` of its passage, counted in code points."""

    number: int
    start: int
    end: int
    kind: str


class ShownPassage(BaseModel):
    """A stored passage. ``text`` is ``document_text[start:end]``; the offsets of its sentences count in ``text``."""

    id: str
    document: str
    title: str
    section: str = Field(description='headings, joined by " > "')
    page: int | None
    edition: str | None
    start: int
    end: int
    text: str
    sentences: list[ShownSentence]


@router.get("/v1/passages/{passage_id}", response_model=ShownPassage, responses=responses(404, 503))
def get_passage(passage_id: str, service: ServiceNow) -> ShownPassage:
    """A passage by its id, also one that is no longer in the live index but was cited when it was."""
    passage = service.library.passages([passage_id]).get(passage_id)
    if passage is None:
        raise NotFound("there is no passage with this id")
    head = service.library.head(passage.document_id)
    return ShownPassage(
        id=passage.id,
        document=passage.document_id,
        title=head.title,
        section=SECTION_SEPARATOR.join(passage.section),
        page=passage.page,
        edition=head.metadata.edition,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        sentences=[
            ShownSentence(number=number, start=sentence.start, end=sentence.end, kind=sentence.kind)
            for number, sentence in enumerate(passage.sentences)
        ],
    )
