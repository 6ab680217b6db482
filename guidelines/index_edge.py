"""The embedded index: Qdrant's engine in this process, one folder a generation, a pointer file that names the live one.

A generation is written without a write-ahead log: it is durable once it is flushed, its points never change after that, and
any number of processes can open it side by side (the engine rewrites two small files of settings as it opens and closes
one, so a reader too needs leave to write there). Replacing the pointer file is the switch.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from uuid import UUID

from qdrant_edge import (
    Distance,
    EdgeConfig,
    EdgeOptimizersConfig,
    EdgeShard,
    EdgeSparseVectorParams,
    EdgeVectorParams,
    FieldCondition,
    Filter,
    MatchAny,
    Modifier,
    PayloadSchemaType,
    Query,
    QueryBatchRequest,
    QueryRequest,
    ScoredPoint,
    UpdateOperation,
)
from qdrant_edge import Point as EdgePoint

from guidelines.disk import ROOM_BYTES, need_room, size_of, sync, sync_folder
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

_GENERATION = re.compile(r"\d{6}-[0-9a-f]{8}")
_GONE = ".gone"


@dataclass(frozen=True, slots=True)
class _Opened:
    """An open generation, and the state of the pointer file that named it."""

    pointer: tuple[int, int, int]
    generation: str
    shard: EdgeShard


class EdgeIndex:
    """``folder/<generation>/`` holds vectors, ``folder/live`` the name of the generation that is read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pointer = folder / "live"
        self._opened: _Opened | None = None
        self._opening = threading.Lock()

    @property
    def backend(self) -> str:
        return "embedded"

    def live(self) -> str | None:
        opened = self._opened
        return opened.generation if opened and opened.pointer == self._pointer_state() else self._read_pointer()

    def build(self, generation: str, dimension: int, points: Iterable[Point]) -> int:
        home = self._home(generation)
        config = EdgeConfig(
            vectors={DENSE: EdgeVectorParams(size=dimension, distance=Distance.Cosine)},
            sparse_vectors={BM25: EdgeSparseVectorParams(modifier=Modifier.Idf)},
            optimizers=EdgeOptimizersConfig(indexing_threshold=EXACT_UP_TO_KB),
            wal_enabled=False,
        )
        count = 0
        self.drop(generation)
        with _Translated(home):
            home.parent.mkdir(parents=True, exist_ok=True)
            need_room(home.parent, ROOM_BYTES)
            shard = EdgeShard.create(str(home), config)
            try:
                for field in FILTERED:
                    shard.update(UpdateOperation.create_field_index(field, PayloadSchemaType.Keyword))
                for batch in batched(points):
                    need_room(home, ROOM_BYTES)
                    shard.update(UpdateOperation.upsert_points([_edge_point(point) for point in batch]))
                    count += len(batch)
                need_room(home, ROOM_BYTES + 2 * size_of(home))
                shard.optimize()
                shard.flush()
            finally:
                shard.close()
            sync(home)
        return count

    def switch(self, generation: str) -> None:
        beside = self._pointer.with_suffix(".next")
        with _Translated(self._pointer):
            with beside.open("w", encoding="ascii") as file:
                file.write(generation)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self._pointer)
            sync_folder(self._folder)

    def search(self, vector: Vector, text: str, *, filters: Filters, limit: int) -> Hits:
        opened = self._current()
        if opened is None:
            return Hits(None)
        words = query_words(text)
        allowed = [FieldCondition(name, match=MatchAny(list(values))) for name, values in filters.stated().items()]
        only = Filter(must=[*allowed]) if allowed else None
        with _Translated(self._home(opened.generation)):
            dense, bm25 = opened.shard.query_batch(
                QueryBatchRequest(
                    [
                        QueryRequest(limit=limit, query=Query.Nearest(vector.tolist(), using=DENSE), filter=only),
                        QueryRequest(limit=limit, query=Query.Nearest(words, using=BM25), filter=only),
                    ]
                )
            )
        return Hits(opened.generation, _scored(dense), _scored(bm25))

    def stored(self) -> frozenset[str]:
        with _Translated(self._folder):
            entries = list(self._folder.iterdir()) if self._folder.exists() else []
        return frozenset(entry.name for entry in entries if _GENERATION.fullmatch(entry.name))

    def drop(self, generation: str) -> None:
        # Out of the way first: a reader that still has it open writes into its folder when it closes it.
        home = self._home(generation)
        with _Translated(home):
            if home.exists():
                home.rename(home.with_suffix(_GONE))
        for gone in self._folder.glob(f"*{_GONE}"):
            shutil.rmtree(gone, ignore_errors=True)

    def size_bytes(self) -> int | None:
        return size_of(self._folder)

    def close(self) -> None:
        with self._opening:
            self._opened = None

    def _current(self) -> _Opened | None:
        """The live generation, opened. An older one is closed by the last search that still holds it."""
        opened = self._opened
        if opened and opened.pointer == self._pointer_state():
            return opened
        with self._opening:
            state = self._pointer_state()
            if self._opened and self._opened.pointer == state:
                return self._opened
            generation = self._read_pointer()
            if state is None or generation is None:
                self._opened = None
            else:
                with _Translated(self._home(generation)):
                    self._opened = _Opened(state, generation, EdgeShard.load(str(self._home(generation))))
            return self._opened

    def _pointer_state(self) -> tuple[int, int, int] | None:
        """Changes whenever the pointer file is replaced."""
        try:
            found = self._pointer.stat()
        except FileNotFoundError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _read_pointer(self) -> str | None:
        try:
            generation = self._pointer.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise VectorIndexError(f"{self._pointer} cannot be read ({error}).") from error
        if not _GENERATION.fullmatch(generation):
            raise VectorIndexError(
                f"{self._pointer} does not name a generation. Delete it and run cdss-ingest add again."
            )
        return generation

    def _home(self, generation: str) -> Path:
        return self._folder / generation


class _Translated:
    """Turns errors of the engine and of the disk into ours. The engine raises ``Exception`` itself, no class of its own."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if kind is Exception or isinstance(error, OSError):
            raise VectorIndexError(
                f"The index in {self._path} cannot be used: {error}. "
                "Check the space on the disk and who may write there, then run cdss-ingest add again."
            ) from error


def _edge_point(point: Point) -> EdgePoint:
    return EdgePoint(
        id=point.passage_id,
        vector={DENSE: point.vector.tolist(), BM25: document_words(point.text)},
        payload=point.payload(),
    )


def _scored(found: list[ScoredPoint]) -> Scored:
    # The engine keeps an id as a UUID; a passage's id is its 32 digits.
    return tuple((UUID(str(point.id)).hex, point.score) for point in found)
