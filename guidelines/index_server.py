"""The index on a Qdrant server: one collection a generation, and an alias that names the live one.

The alias has the name that the settings give; the collections are called ``<alias>-<generation>``. One request moves the
alias, which is the switch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from qdrant_client import QdrantClient
from qdrant_client.common.client_exceptions import QdrantException
from qdrant_client.http.exceptions import ApiException
from qdrant_client.models import (
    CreateAlias,
    CreateAliasOperation,
    DeleteAlias,
    DeleteAliasOperation,
    Distance,
    FieldCondition,
    Filter,
    MatchAny,
    Modifier,
    OptimizersConfigDiff,
    PayloadSchemaType,
    PointStruct,
    QueryRequest,
    ScoredPoint,
    SparseVector,
    SparseVectorParams,
    VectorParams,
)

from guidelines.embedding import Vector
from guidelines.errors import VectorIndexError
from guidelines.index import (
    BM25,
    DENSE,
    EXACT_UP_TO_KB,
    FILTERED,
    Filters,
    Hits,
    Point,
    Scored,
    batched,
    document_words,
    query_words,
)


class ServerIndex:
    """``client`` speaks to the server; nobody else may create collections whose names begin with ``alias``."""

    def __init__(self, client: QdrantClient, alias: str) -> None:
        self._client = client
        self._alias = alias

    @property
    def backend(self) -> str:
        return f"Qdrant server, alias {self._alias}"

    def live(self) -> str | None:
        with _translated():
            for known in self._client.get_aliases().aliases:
                if known.alias_name == self._alias:
                    return known.collection_name.removeprefix(f"{self._alias}-")
        return None

    def build(self, generation: str, dimension: int, points: Iterable[Point]) -> int:
        name = self._collection(generation)
        count = 0
        with _translated():
            self._client.delete_collection(name)
            self._client.create_collection(
                name,
                vectors_config={DENSE: VectorParams(size=dimension, distance=Distance.COSINE)},
                sparse_vectors_config={BM25: SparseVectorParams(modifier=Modifier.IDF)},
                optimizers_config=OptimizersConfigDiff(indexing_threshold=EXACT_UP_TO_KB),
            )
            for field in FILTERED:
                self._client.create_payload_index(name, field, PayloadSchemaType.KEYWORD, wait=True)
        for batch in batched(points):
            with _translated():
                self._client.upsert(name, [_point_struct(point) for point in batch], wait=True)
            count += len(batch)
        return count

    def switch(self, generation: str) -> None:
        create = CreateAlias(collection_name=self._collection(generation), alias_name=self._alias)
        operations: list[DeleteAliasOperation | CreateAliasOperation] = [CreateAliasOperation(create_alias=create)]
        if self.live() is not None:
            operations.insert(0, DeleteAliasOperation(delete_alias=DeleteAlias(alias_name=self._alias)))
        with _translated():
            self._client.update_collection_aliases(operations)

    def search(self, vector: Vector, text: str, *, filters: Filters, limit: int) -> Hits:
        generation = self.live()
        if generation is None:
            return Hits(None)
        words = query_words(text)
        allowed = [FieldCondition(key=name, match=MatchAny(any=list(v))) for name, v in filters.stated().items()]
        only = Filter(must=[*allowed]) if allowed else None
        sparse = SparseVector(indices=words.indices, values=words.values)
        with _translated():
            dense, bm25 = self._client.query_batch_points(
                self._collection(generation),
                [
                    QueryRequest(query=vector.tolist(), using=DENSE, filter=only, limit=limit),
                    QueryRequest(query=sparse, using=BM25, filter=only, limit=limit),
                ],
            )
        return Hits(generation, _scored(dense.points), _scored(bm25.points))

    def stored(self) -> frozenset[str]:
        with _translated():
            names = [known.name for known in self._client.get_collections().collections]
        prefix = f"{self._alias}-"
        return frozenset(name.removeprefix(prefix) for name in names if name.startswith(prefix))

    def drop(self, generation: str) -> None:
        with _translated():
            self._client.delete_collection(self._collection(generation))

    def size_bytes(self) -> int | None:
        return None

    def close(self) -> None:
        with _translated():
            self._client.close()

    def _collection(self, generation: str) -> str:
        return f"{self._alias}-{generation}"


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (ApiException, QdrantException, OSError, ValueError) as error:
        raise VectorIndexError(
            f"The Qdrant server did not do what was asked: {error}. "
            "Check that it runs and that CDSS_QDRANT__URL and CDSS_QDRANT__API_KEY are right, then try again."
        ) from error


def _point_struct(point: Point) -> PointStruct:
    words = document_words(point.text)
    return PointStruct(
        id=point.passage_id,
        vector={DENSE: point.vector.tolist(), BM25: SparseVector(indices=words.indices, values=words.values)},
        payload=dict(point.payload()),
    )


def _scored(found: list[ScoredPoint]) -> Scored:
    # A server writes an id with the hyphens of a UUID; a passage's id is its 32 digits.
    return tuple((str(point.id).replace("-", ""), point.score) for point in found)
