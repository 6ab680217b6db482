"""How the library stands: what is live, what it takes up, and what a run that ended early left to do."""

from __future__ import annotations

from dataclasses import dataclass

from guidelines.library import Library
from guidelines.lock import is_writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """``unfinished_documents`` were read and never published; ``passages_to_embed`` of them have no vectors yet.

    ``model`` is the one that the live generation was embedded with, ``model_set`` the one that the settings name.
    """

    home: str
    backend: str
    tenant: str
    generation: str | None
    created_at: str | None
    documents: int
    passages: int
    model: str | None
    model_set: str
    size_mb: float
    generations_kept: tuple[str, ...]
    writing: bool
    unfinished_documents: int
    passages_to_embed: int


def status(library: Library) -> Status:
    """Look, and change nothing."""
    live = library.live()
    model = library.embedder.model_id
    added = library.store.added_since(live.generation.created_at if live else None)
    unfinished = [document_id for document_id in added if live is None or document_id not in live.heads]
    database = sum(path.stat().st_size for path in library.home.glob("library.db*"))
    return Status(
        home=str(library.home),
        backend=library.index.backend,
        tenant=library.tenant,
        generation=live.generation.id if live else None,
        created_at=live.generation.created_at.isoformat() if live else None,
        documents=len(live.heads) if live else 0,
        passages=sum(head.passages for head in live.heads.values()) if live else 0,
        model=live.generation.model if live else None,
        model_set=model,
        size_mb=round((database + (library.index.size_bytes() or 0)) / 2**20, 1),
        generations_kept=tuple(sorted(library.index.stored())),
        writing=is_writing(library.home),
        unfinished_documents=len(unfinished),
        passages_to_embed=library.vectors.missing(unfinished, model),
    )
