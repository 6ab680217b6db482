"""The library as the other rooms use it: what is in force, what a search finds, what a citation says."""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import ValidationError
from pydantic_settings import SettingsError as SettingsSourceError

from guidelines.candidates import Candidate, read_candidates
from guidelines.database import Database
from guidelines.editions import DocumentHead, ranked, superseded_on
from guidelines.embedding import Embedder, PassageVectors, Vector, embedder
from guidelines.errors import EmbeddingError, LibraryError, NotFoundError, SettingsError
from guidelines.generations import Generation, Generations
from guidelines.index import Filters, Hits, Index
from guidelines.lock import writing
from guidelines.recent import Recent
from guidelines.settings import LibrarySettings, QdrantSettings
from guidelines.store import Store
from guidelines.types import DEFAULT_TENANT, Document, Passage
from guidelines.vectors import VectorCache
from guidelines.words import Counting, GenerationWords, WordCounts

_TENANT = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
"""Names a folder and a collection, so it has to be plain."""


@dataclass(frozen=True, slots=True)
class Live:
    """The live generation with the heads of its documents by id, the ones to prefer first, and how rare its words are."""

    generation: Generation
    heads: dict[str, DocumentHead]
    rank: dict[str, int]
    words: WordCounts


class _Recently:
    """What was read last of the passages of the live generation."""

    def __init__(self, library: Library, live: Live) -> None:
        self.generation = live.generation.id
        model = library.embedder.model_id
        self.passages: Recent[Passage] = Recent(lambda ids: library.store.passages(ids, prefer=live.rank))
        self.candidates: Recent[Candidate] = Recent(
            lambda ids: read_candidates(library.database, library.tenant, ids, model=model, prefer=live.rank)
        )


class Library:
    """One tenant's guidelines. Safe to share between threads; picks up a newly published generation by itself."""

    def __init__(
        self, *, home: Path, tenant: str, keep_generations: int, database: Database, index: Index, model: Embedder
    ):
        self.home = home
        self.tenant = tenant
        self.keep_generations = keep_generations
        self.database = database
        self.index = index
        self.embedder = model
        self.store = Store(database, tenant)
        self.vectors = VectorCache(database, tenant)
        self.generations = Generations(database, tenant)
        self.words = GenerationWords(database, tenant)
        self._live: Live | None = None
        self._recent: _Recently | None = None
        self._loading = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of files and connections."""
        self.index.close()
        self.database.close()

    def writing(self, actor: str) -> AbstractContextManager[None]:
        """Hold the library for writing; raises ``BusyError`` when another process does."""
        return writing(self.home, actor)

    def live(self) -> Live | None:
        """The generation that searches read now, or ``None`` while nothing has been published."""
        generation_id = self.index.live()
        if generation_id is None:
            return None
        known = self._live
        if known is not None and known.generation.id == generation_id:
            return known
        with self._loading:
            if self._live is None or self._live.generation.id != generation_id:
                self._live = self._load(generation_id)
            return self._live

    def embed_query(self, text: str) -> Vector:
        """Unit vector ``(dim,)`` of a question; raises ``EmbeddingError``."""
        with embedding():
            return self.embedder.embed_query(text)

    def pieces(self, words: Sequence[str]) -> list[int]:
        """Into how many pieces the embedding model cuts each word; raises ``EmbeddingError``."""
        with embedding():
            return self.embedder.pieces(words)

    def search(self, vector: Vector, text: str, *, filters: Filters | None = None, limit: int = 50) -> Hits:
        """The ``limit`` best passages by the question's vector, and by its words.

        Raises ``EmbeddingError`` when the library was embedded with another model than the one that ``vector`` is from.
        """
        live = self.live()
        if live is None:
            return Hits(None)
        if live.generation.model != self.embedder.model_id:
            raise EmbeddingError(
                f"The library was embedded with {live.generation.model}, and the settings say {self.embedder.model_id}. "
                "Set CDSS_EMBEDDING__MODEL back, or run cdss-ingest add on any document to embed everything again."
            )
        return self.index.search(vector, text, filters=filters or Filters(), limit=limit)

    def passages(self, passage_ids: Collection[str]) -> dict[str, Passage]:
        """Passages by id, of any generation, in one query; ids that are not known are left out."""
        live = self.live()
        return self._reading(live).passages.get(passage_ids) if live else self.store.passages(passage_ids, prefer={})

    def candidates(self, passage_ids: Collection[str]) -> dict[str, Candidate]:
        """What ranking reads of passages, by id, from the documents that ``passages`` takes them from.

        Ids that are not known, or have no vectors of the model that the settings name, are left out.
        """
        live = self.live()
        return self._reading(live).candidates.get(passage_ids) if live else {}

    def vectors_of(self, passages: Collection[Passage]) -> dict[str, PassageVectors]:
        """Vectors of passages and of their sentences, by passage id, of the model that the settings name."""
        return self.vectors.of(passages, self.embedder.model_id)

    def head(self, document_id: str) -> DocumentHead:
        """A document without its text, also one that has left the library; raises ``NotFoundError``."""
        live = self.live()
        if live and document_id in live.heads:
            return live.heads[document_id]
        head = self.store.heads([document_id]).get(document_id)
        if head is None:
            raise NotFoundError(f"The library has no document {document_id}. cdss-ingest list shows what it has.")
        return replace(head, superseded_on=superseded_on(head, live.heads.values() if live else ()))

    def document(self, document_id: str) -> Document:
        """A document with its text, also one that has left the library; raises ``NotFoundError``."""
        document = self.store.document(document_id)
        if document is None:
            raise NotFoundError(f"The library has no document {document_id}. cdss-ingest list shows what it has.")
        return document

    def _reading(self, live: Live) -> _Recently:
        recent = self._recent
        if recent is None or recent.generation != live.generation.id:
            recent = self._recent = _Recently(self, live)
        return recent

    def _load(self, generation_id: str) -> Live:
        generation = self.generations.get(generation_id)
        if generation is None:
            raise SettingsError(
                f"The index says that generation {generation_id} is live, and {self.database.path} does not know it: the two "
                "do not belong together. Restore the database, or give this home an index of its own "
                "(delete its index folder, or set CDSS_QDRANT__COLLECTION to another name) and ingest again."
            )
        found = self.store.heads([entry.document_id for entry in generation.entries])
        heads = ranked(replace(found[entry.document_id], path=entry.path) for entry in generation.entries)
        words = self.words.get(generation_id) or self._count(generation, heads)
        return Live(generation, {head.id: head for head in heads}, {head.id: n for n, head in enumerate(heads)}, words)

    def _count(self, generation: Generation, heads: Iterable[DocumentHead]) -> WordCounts:
        """The words of a generation whose counts were not kept: it was published before they were (0.13 ms a passage)."""
        counting, seen = Counting(), set()
        for head in heads:
            for passage in self.vectors.embedded(head.id, generation.model):
                if passage.id not in seen:
                    seen.add(passage.id)
                    counting.add(passage.text)
        return counting.counts()


def library_settings(home: Path | None = None) -> LibrarySettings:
    """The settings from the environment and ``cdss.toml``, with ``home`` over both; raises ``SettingsError``."""
    try:
        return LibrarySettings(home=home) if home else LibrarySettings()
    except (ValidationError, SettingsSourceError) as error:
        raise SettingsError(f"A CDSS_ variable cannot be used: {error}") from error
    except (OSError, ValueError) as error:
        raise SettingsError(f"cdss.toml cannot be used: {error}") from error


def open_library(settings: LibrarySettings) -> Library:
    """The library that the settings name, made if it is not there yet. No embedding model is loaded."""
    if not _TENANT.fullmatch(settings.tenant):
        raise SettingsError(
            f"CDSS_TENANT is {settings.tenant!r}; use lower-case letters, digits, hyphen and underscore."
        )
    database = Database(settings.home / "library.db")
    try:
        index = _index(settings)
    except LibraryError:
        database.close()
        raise
    return Library(
        home=settings.home,
        tenant=settings.tenant,
        keep_generations=settings.keep_generations,
        database=database,
        index=index,
        model=embedder(settings.embedding),
    )


@contextmanager
def embedding() -> Iterator[None]:
    """Errors of the embedding model, in our words."""
    try:
        yield
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        raise EmbeddingError(
            f"The embedding model cannot be used: {error}. Check CDSS_EMBEDDING__MODEL, the memory and the disk."
        ) from error


def _index(settings: LibrarySettings) -> Index:
    """A tenant's generations live in a folder, or under an alias, of their own: no filter can mix two tenants up."""
    if settings.qdrant.url is None:
        from guidelines.index_edge import EdgeIndex

        return EdgeIndex(settings.home / "index" / settings.tenant)
    return _server_index(settings.qdrant, settings.qdrant.url, settings.tenant)


def _server_index(qdrant: QdrantSettings, url: str, tenant: str) -> Index:
    from qdrant_client import QdrantClient

    from guidelines.index_server import ServerIndex

    try:
        client = QdrantClient(
            url=url,
            api_key=qdrant.api_key.get_secret_value() if qdrant.api_key else None,
            timeout=math.ceil(qdrant.timeout_s),
            check_compatibility=False,  # it would ask the server now, and only warn
        )
    except ValueError as error:
        raise SettingsError(f"CDSS_QDRANT__URL is {url!r}, which is no address of a Qdrant server: {error}.") from error
    return ServerIndex(client, qdrant.collection if tenant == DEFAULT_TENANT else f"{qdrant.collection}-{tenant}")
