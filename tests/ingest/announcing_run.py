"""A run of ``add`` that says at each step where it is and waits to be told to go on: ``announcing_run HOME FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from guidelines.database import Database
from guidelines.index_edge import EdgeIndex
from guidelines.library import Library
from ingest import pipeline, publish
from ingest.report import Listener
from tests.hash_embedder import HashEmbedder
from tests.ingest.conftest import ReadHere


def announce(where: str) -> None:
    sys.stdout.write(where + "\n")
    sys.stdout.flush()
    if not sys.stdin.readline():
        sys.exit("the test has gone")


class Announcer(Listener):
    def on_file(self, done: int, total: int) -> None:
        announce(f"file {done}")

    def on_embedded(self, done: int, total: int) -> None:
        announce(f"embedded {done}")

    def on_indexing(self, documents: int) -> None:
        announce("embedded all")


class AnnouncingIndex(EdgeIndex):
    def build(self, generation: str, dimension: int, points: object) -> int:
        announce("build")
        count = super().build(generation, dimension, points)  # type: ignore[arg-type]
        announce("built")
        return count

    def switch(self, generation: str) -> None:
        super().switch(generation)
        announce("switched")

    def drop(self, generation: str) -> None:
        super().drop(generation)
        announce("dropped")


def main() -> None:
    home, folder = Path(sys.argv[1]), Path(sys.argv[2])
    pipeline.Worker = ReadHere  # type: ignore[misc, assignment]
    publish.SAVE_AT_ONCE = 2  # type: ignore[misc]
    with Library(
        home=home,
        tenant="default",
        keep_generations=3,
        database=Database(home / "library.db"),
        index=AnnouncingIndex(home / "index" / "default"),
        model=HashEmbedder(),
    ) as library:
        pipeline.add(library, [folder], actor="victim", listener=Announcer())
    announce("ended")


if __name__ == "__main__":
    main()
