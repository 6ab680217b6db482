"""Small documents for the tests of the library."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from guidelines.editions import DocumentHead
from guidelines.generations import Entry, Generation
from guidelines.index import Point
from guidelines.library import Library
from guidelines.types import Document, Lead, Metadata, Passage, Sentence, SentenceKind, Status, passage_id

PARAGRAPHS = (
    "Give amoxicillin 40 mg/kg twice daily. Treat for five days.",
    "Start oxygen when saturation is below 90 %.",
    "Refer a child with severe pneumonia to hospital.",
)


def document(
    name: str = "pneumonia",
    paragraphs: Sequence[str] = PARAGRAPHS,
    *,
    work: str | None = None,
    edition: str | None = None,
    effective: date | None = None,
    status: Status = Status.ACTIVE,
    supersedes: tuple[str, ...] = (),
    tenant: str = "default",
    **known: object,
) -> tuple[Document, tuple[Passage, ...]]:
    """A document of one passage a paragraph; the second sentence of a passage leans on its first."""
    text = "\n\n".join(paragraphs)
    metadata = Metadata(edition=edition, effective_date=effective, status=status, supersedes=supersedes, **known)
    digest = sha256(f"{name}{text}{metadata.model_dump_json()}".encode()).hexdigest()
    made = Document(
        id=f"{name}-{digest[:10]}",
        work=work or name,
        title=f"Care of {name}",
        source=f"{name}.txt",
        media_type="text/plain",
        content_hash=digest,
        metadata=metadata,
        text=text,
        notes=("a note",),
        tenant=tenant,
    )
    parts, start = [], 0
    for paragraph in paragraphs:
        parts.append(_passage(made, paragraph, start))
        start += len(paragraph) + 2
    return made, tuple(parts)


def _passage(made: Document, paragraph: str, start: int) -> Passage:
    section = ("Treatment", made.title)
    first = paragraph.index(".") + 1
    sentences = [Sentence(0, first)]
    if len(paragraph) > first + 1:
        sentences.append(Sentence(first + 1, len(paragraph), SentenceKind.ITEM, (Lead(start=0, end=first),)))
    return Passage(
        id=passage_id(work=made.work, edition=made.metadata.edition, section=section, text=paragraph, occurrence=0),
        document_id=made.id,
        section=section,
        page=2,
        start=start,
        end=start + len(paragraph),
        text=paragraph,
        sentences=tuple(sentences),
    )


def publish(library: Library, *samples: tuple[Document, tuple[Passage, ...]]) -> Generation:
    """Store and publish these documents as they are, without the rooms above the library."""
    for made, parts in samples:
        if library.store.document(made.id) is None:
            library.store.add(made, parts, reading_key=made.id, actor="test")
        inputs = library.vectors.inputs(made.id, library.embedder.model_id)
        vectors = dict(library.embedder.embed_passages([item for _, item in inputs]))
        library.vectors.save(library.embedder.model_id, [(key, vectors[n]) for n, (key, _) in enumerate(inputs)])
    entries = [Entry(made.id, f"/files/{made.source}") for made, _ in samples]
    generation = library.generations.begin(entries, model=library.embedder.model_id, actor="test")
    heads = library.store.heads([made.id for made, _ in samples])
    points = {p.passage_id: p for head in heads.values() for p in points_of(library, head)}
    library.index.build(generation.id, library.embedder.dimension, points.values())
    library.index.switch(generation.id)
    return generation


def points_of(library: Library, head: DocumentHead) -> list[Point]:
    """The points of a stored, embedded document."""
    return [
        Point(part.id, part.vector, part.text, head)
        for part in library.vectors.embedded(head.id, library.embedder.model_id)
    ]
