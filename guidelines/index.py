"""How passages are found: by meaning (dense vectors) and by words (BM25), in the generation that is live.

A generation is built beside the live one and made live by one switch. There are two indexes, in ``index_edge`` (in process,
on disk) and ``index_server`` (a Qdrant server); one contract test runs over both. Their errors are ``VectorIndexError``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from guidelines.editions import DocumentHead
from guidelines.embedding import Vector

if TYPE_CHECKING:
    from qdrant_edge import Bm25, SparseVector

DENSE = "dense"
BM25 = "bm25"
"""Names of the two vectors of a point."""

UNKNOWN = "unknown"
"""Stands in a filter for "the document does not say"."""

EXACT_UP_TO_KB = 75_000
"""Below this size of dense vectors (50,000 of 384 dimensions) every vector is compared: exact, the same answer every time,
6 ms. Above it Qdrant builds a graph (HNSW)."""

BATCH = 1000
"""Points written at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What passages may come from: for every field the values allowed, and none given means any.

    A document that does not state its population, jurisdiction or publisher has the value ``UNKNOWN``.
    """

    status: tuple[str, ...] = ()
    population: tuple[str, ...] = ()
    jurisdiction: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    work: tuple[str, ...] = ()
    document: tuple[str, ...] = ()

    def stated(self) -> dict[str, tuple[str, ...]]:
        """The fields that restrict anything."""
        return {name: value for name in FILTERED if (value := getattr(self, name))}


FILTERED = tuple(field.name for field in fields(Filters))


@dataclass(frozen=True, slots=True)
class Point:
    """One passage to index: ``vector`` float32 ``(dim,)``, unit norm; ``text`` for BM25; ``head`` of its document."""

    passage_id: str
    vector: Vector
    text: str
    head: DocumentHead

    def payload(self) -> dict[str, list[str]]:
        """What filters look at."""
        metadata = self.head.metadata
        return {
            "status": [metadata.status.value],
            "population": list(metadata.population) or [UNKNOWN],
            "jurisdiction": [metadata.jurisdiction or UNKNOWN],
            "publisher": [metadata.publisher or UNKNOWN],
            "work": [self.head.work],
            "document": [self.head.id],
        }


Scored = tuple[tuple[str, float], ...]
"""Passage ids with their scores, the best first."""


@dataclass(frozen=True, slots=True)
class Hits:
    """What one search found in ``generation`` (``None``: the library is empty).

    ``dense`` has cosine similarities, -1 to 1; ``bm25`` has raw BM25 scores, above 0, and lists only passages that share a
    word with the question.
    """

    generation: str | None
    dense: Scored = ()
    bm25: Scored = ()


class Index(Protocol):
    """The vectors of one tenant's generations. A generation is named by 6 digits, a hyphen and 8 hexadecimal digits."""

    @property
    def backend(self) -> str:
        """What and where it is, in words for a person; no secrets."""
        ...

    def live(self) -> str | None:
        """The generation that searches read now; cheap enough to ask before every search."""
        ...

    def build(self, generation: str, dimension: int, points: Iterable[Point]) -> int:
        """Write a generation beside the live one, durably; return the number of its points. Ids must not repeat."""
        ...

    def switch(self, generation: str) -> None:
        """Make a generation live in one step: a search sees the one before or this one, whole."""
        ...

    def search(self, vector: Vector, text: str, *, filters: Filters, limit: int) -> Hits:
        """The ``limit`` best passages of the live generation by vector and by words, each under the same filters."""
        ...

    def stored(self) -> frozenset[str]:
        """All generations whose vectors are still here, whole or not."""
        ...

    def drop(self, generation: str) -> None:
        """Remove the vectors of a generation that is not live. Dropping what is not there does nothing."""
        ...

    def size_bytes(self) -> int | None:
        """Bytes on disk, or ``None`` where only the server could tell."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


@cache
def _bm25() -> Bm25:
    from qdrant_edge import Bm25, Bm25Config

    return Bm25(Bm25Config(avg_len=AVERAGE_LENGTH))


AVERAGE_LENGTH = 65.0
"""Words of a typical passage with its context, stop words left out. BM25 needs it before it has seen the passages."""


def document_words(text: str) -> SparseVector:
    """A passage's words, weighted by how often they stand in it; the engine adds how rare they are (IDF)."""
    return _bm25().embed_document(text)


def query_words(text: str) -> SparseVector:
    """A question's words, each once."""
    return _bm25().embed_query(text)


def batched(points: Iterable[Point]) -> Iterator[list[Point]]:
    """``points`` in lists of ``BATCH``."""
    rest = iter(points)
    while batch := list(islice(rest, BATCH)):
        yield batch
