"""A library on disk with the small embedder, and one of the bundled guidelines with the real one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cdss.settings import Settings
from guidelines.database import Database
from guidelines.index_edge import EdgeIndex
from guidelines.library import Library
from guidelines.library import open_library as opened_library
from ingest.pipeline import add
from tests.hash_embedder import HashEmbedder

DOCUMENTS = Path(__file__).parents[1] / "guidelines" / "documents"


@pytest.fixture(scope="session")
def bundled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose library holds the bundled guidelines."""
    home = tmp_path_factory.mktemp("bundled")
    with opened_library(Settings(home=home)) as library:
        report = add(library, [DOCUMENTS], actor="tests")
    assert report.published
    return home


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
