"""One contract for every index, and what only the embedded one can get wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from threading import Event
from uuid import uuid4

import numpy as np
import pytest
from qdrant_client import QdrantClient

from guidelines.editions import DocumentHead
from guidelines.errors import VectorIndexError
from guidelines.index import UNKNOWN, Filters, Index, Point
from guidelines.index_edge import EdgeIndex
from guidelines.index_server import ServerIndex
from guidelines.types import Metadata, Status

# A server has payload indexes; the client's in-memory stand-in says at every one that it has none.
pytestmark = pytest.mark.filterwarnings("ignore:Payload indexes have no effect")

FIRST, SECOND, THIRD = "000001-aaaaaaaa", "000002-bbbbbbbb", "000003-cccccccc"
BACKENDS = ["edge", "memory", *(["server"] if os.environ.get("CDSS_QDRANT__URL") else [])]


@pytest.fixture(params=BACKENDS)
def open_index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Index]]:
    """Opens the same index again and again, as several processes would."""
    opened: list[Index] = []
    if request.param == "edge":

        def edge() -> Index:
            opened.append(EdgeIndex(tmp_path / "index"))
            return opened[-1]

        yield edge
        for index in opened:
            index.close()
        return
    client = QdrantClient(":memory:") if request.param == "memory" else QdrantClient(os.environ["CDSS_QDRANT__URL"])
    alias = f"test-{uuid4().hex}"
    yield lambda: ServerIndex(client, alias)
    for generation in ServerIndex(client, alias).stored():
        ServerIndex(client, alias).drop(generation)
    client.close()


@pytest.fixture
def index(open_index: Callable[[], Index]) -> Index:
    return open_index()


def head(name: str, **known: object) -> DocumentHead:
    return DocumentHead(
        id=name,
        work=f"work-{name}",
        title=name,
        source=name,
        media_type="text/plain",
        content_hash=name,
        metadata=Metadata(**known),
        notes=(),
        passages=1,
        added_at=datetime(2025, 1, 1, tzinfo=UTC),
    )


def point(number: int, direction: list[float], text: str, of: DocumentHead | None = None) -> Point:
    vector = np.array(direction, dtype=np.float32)
    return Point(f"{number:032x}", vector / np.linalg.norm(vector), text, of or head("a"))


POINTS = [
    point(1, [1, 0, 0], "Amoxicillin for the child with pneumonia"),
    point(2, [1, 1, 0], "Oxygen for the child"),
    point(3, [0, 0, 1], "Magnesium in eclampsia"),
]
NORTH = np.array([1, 0, 0], dtype=np.float32)


def ids(scored: tuple[tuple[str, float], ...]) -> list[int]:
    return [int(passage_id, 16) for passage_id, _ in scored]


def test_empty(index: Index) -> None:
    assert index.live() is None
    assert index.stored() == frozenset()
    found = index.search(NORTH, "oxygen", filters=Filters(), limit=5)
    assert (found.generation, found.dense, found.bm25) == (None, (), ())


def test_built_is_not_live_before_the_switch(index: Index, open_index: Callable[[], Index]) -> None:
    assert index.build(FIRST, 3, POINTS) == 3
    assert index.live() is None
    assert index.stored() == {FIRST}
    index.switch(FIRST)
    assert index.live() == FIRST
    assert open_index().live() == FIRST


def test_scores(index: Index) -> None:
    index.build(FIRST, 3, POINTS)
    index.switch(FIRST)
    found = index.search(NORTH, "oxygen to children", filters=Filters(), limit=2)
    assert found.generation == FIRST
    assert ids(found.dense) == [1, 2]
    assert [score for _, score in found.dense] == pytest.approx([1.0, 0.5**0.5], abs=1e-3)
    # "children" meets "child" only where the stemmer knows them as one word; "oxygen" is the rarer one.
    assert ids(found.bm25)[0] == 2
    assert all(score > 0 for _, score in found.bm25)


def test_words_that_nobody_uses_find_nothing(index: Index) -> None:
    index.build(FIRST, 3, POINTS)
    index.switch(FIRST)
    for words in ("the of and", "xylophone", ""):
        assert index.search(NORTH, words, filters=Filters(), limit=5).bm25 == ()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(), {1, 2, 3}),
        (Filters(status=("active",)), {1}),
        (Filters(status=("active", "unknown")), {1, 2, 3}),
        (Filters(population=("child",)), {1, 2}),
        (Filters(population=("child", UNKNOWN)), {1, 2, 3}),
        (Filters(population=("adult",)), {2}),
        (Filters(jurisdiction=("NG",)), {1}),
        (Filters(publisher=("WHO",)), {2}),
        (Filters(publisher=(UNKNOWN,)), {1, 3}),
        (Filters(work=("work-b", "work-c")), {2, 3}),
        (Filters(document=("c",)), {3}),
        (Filters(population=("child",), publisher=("WHO",)), {2}),
        (Filters(population=("pregnancy",)), set()),
    ],
)
def test_filters_hold_for_both_searches(index: Index, filters: Filters, expected: set[int]) -> None:
    heads = [
        head("a", status=Status.ACTIVE, population=("child",), jurisdiction="NG"),
        head("b", population=("adult", "child"), publisher="WHO"),
        head("c"),
    ]
    index.build(FIRST, 3, [point(n, [1, n, 0], "Magnesium sulfate", of) for n, of in enumerate(heads, 1)])
    index.switch(FIRST)
    found = index.search(NORTH, "magnesium", filters=filters, limit=10)
    assert set(ids(found.dense)) == expected
    assert set(ids(found.bm25)) == expected


def test_a_reader_follows_the_switch(index: Index, open_index: Callable[[], Index]) -> None:
    reader = open_index()
    index.build(FIRST, 3, POINTS[:1])
    index.switch(FIRST)
    assert ids(reader.search(NORTH, "child", filters=Filters(), limit=5).dense) == [1]
    index.build(SECOND, 3, POINTS[1:])
    assert reader.search(NORTH, "child", filters=Filters(), limit=5).generation == FIRST
    index.switch(SECOND)
    found = reader.search(NORTH, "child", filters=Filters(), limit=5)
    assert (found.generation, ids(found.dense), ids(found.bm25)) == (SECOND, [2, 3], [2])
    index.drop(FIRST)
    assert index.stored() == {SECOND}


def test_building_again_starts_anew(index: Index) -> None:
    index.build(FIRST, 3, POINTS)
    index.build(FIRST, 3, POINTS[:1])
    index.switch(FIRST)
    assert ids(index.search(NORTH, "child", filters=Filters(), limit=5).dense) == [1]


def test_an_empty_generation(index: Index) -> None:
    index.build(FIRST, 3, POINTS)
    index.switch(FIRST)
    index.build(SECOND, 3, [])
    index.switch(SECOND)
    found = index.search(NORTH, "child", filters=Filters(), limit=5)
    assert (found.generation, found.dense, found.bm25) == (SECOND, (), ())


def test_dropping_what_is_not_there(index: Index) -> None:
    index.drop(THIRD)
    assert index.stored() == frozenset()


def test_a_vector_of_another_length_is_an_error_in_our_words(index: Index) -> None:
    index.build(FIRST, 3, POINTS)
    index.switch(FIRST)
    with pytest.raises(VectorIndexError):
        index.search(np.ones(5, dtype=np.float32), "child", filters=Filters(), limit=5)


def test_a_server_that_is_not_there_is_an_error_in_our_words() -> None:
    index = ServerIndex(QdrantClient("http://127.0.0.1:9", check_compatibility=False), "cdss")
    with pytest.raises(VectorIndexError, match="CDSS_QDRANT__URL"):
        index.live()
    index.close()


def test_searches_go_on_while_generations_come_and_go(tmp_path: Path) -> None:
    """Two threads search through one index while generations are published and old ones dropped."""
    writer, reader = EdgeIndex(tmp_path), EdgeIndex(tmp_path)
    names = [f"{number:06d}-aaaaaaaa" for number in range(1, 6)]
    writer.build(names[0], 3, POINTS)
    writer.switch(names[0])
    done = Event()

    def search() -> set[str | None]:
        seen: set[str | None] = set()
        while not done.is_set():
            found = reader.search(NORTH, "child", filters=Filters(), limit=5)
            assert ids(found.dense) == [1, 2, 3]
            seen.add(found.generation)
        return seen

    with ThreadPoolExecutor(2) as threads:
        searches = [threads.submit(search) for _ in range(2)]
        try:
            for before, name in pairwise(names):
                writer.build(name, 3, POINTS)
                writer.switch(name)
                if reader.search(NORTH, "", filters=Filters(), limit=1).generation == name:
                    writer.drop(before)
        finally:
            done.set()
        seen = set().union(*(each.result(timeout=30) for each in searches))
    assert seen <= set(names)
    assert len(seen) > 1
    assert writer.stored() == {names[-1]}
    mapped = Path("/proc/self/maps")
    if mapped.exists():
        assert names[0] not in mapped.read_text(), "the files of a generation that is gone must be let go"
    reader.close()


def test_several_processes_read_the_same_generation(tmp_path: Path) -> None:
    index = EdgeIndex(tmp_path)
    index.build(FIRST, 3, POINTS)
    index.switch(FIRST)
    code = (
        "import sys, numpy as np\nfrom pathlib import Path\n"
        "from guidelines.index import Filters\nfrom guidelines.index_edge import EdgeIndex\n"
        "index = EdgeIndex(Path(sys.argv[1]))\n"
        "found = index.search(np.array([1, 0, 0], np.float32), 'child', filters=Filters(), limit=5)\n"
        "print(len(found.dense), flush=True)\nsys.stdin.read()"
    )
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", code, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    answers = [reader.stdout.readline().strip() for reader in readers if reader.stdout]
    assert len(index.search(NORTH, "child", filters=Filters(), limit=5).dense) == 3
    for reader in readers:
        reader.communicate(timeout=30)
    assert answers == ["3", "3"]


@pytest.mark.parametrize("pointer", ["", "../../etc", "garbage", "\xff"])
def test_a_damaged_pointer(tmp_path: Path, pointer: str) -> None:
    (tmp_path / "live").write_text(pointer, encoding="latin-1")
    with pytest.raises(VectorIndexError, match="live"):
        EdgeIndex(tmp_path).live()


def test_a_generation_whose_files_are_gone(tmp_path: Path) -> None:
    (tmp_path / "live").write_text(FIRST)
    with pytest.raises(VectorIndexError, match=FIRST):
        EdgeIndex(tmp_path).search(NORTH, "child", filters=Filters(), limit=5)
