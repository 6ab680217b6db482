"""A library on disk with the small embedder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guidelines.database import Database
from guidelines.index_edge import EdgeIndex
from guidelines.library import Library
from tests.hash_embedder import HashEmbedder


@pytest.fixture
def open_library(tmp_path: Path) -> Iterator[Callable[..., Library]]:
    """Opens the library under ``tmp_path`` again and again, as several processes would."""
    opened: list[Library] = []

    def open_one(model: str = "hash#1", tenant: str = "default") -> Library:
        opened.append(
            Library(
                home=tmp_path,
                tenant=tenant,
                keep_generations=3,
                database=Database(tmp_path / "library.db"),
                index=EdgeIndex(tmp_path / "index" / tenant),
                model=HashEmbedder(model),
            )
        )
        return opened[-1]

    yield open_one
    for library in opened:
        library.close()


@pytest.fixture
def library(open_library: Callable[..., Library]) -> Library:
    return open_library()
