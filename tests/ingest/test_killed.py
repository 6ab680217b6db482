"""A run that is killed (``kill -9``) at any moment: what was live still answers, and the next run finishes the work."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from guidelines.library import Library
from ingest.pipeline import add
from ingest.status import status
from tests.hash_embedder import HashEmbedder

pytestmark = pytest.mark.usefixtures("read_here")

ROOT = Path(__file__).parents[2]
NEW_PASSAGES = 6


@contextmanager
def run_until(moment: str, home: Path, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A run that stands still at ``moment``, and is killed at the end of the block."""
    run = subprocess.Popen(
        [sys.executable, "-m", "tests.ingest.announcing_run", home, folder],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with run:
        assert run.stdin is not None
        assert run.stdout is not None
        try:
            for line in run.stdout:
                if line.strip() == moment:
                    break
                run.stdin.write("\n")
                run.stdin.flush()
            else:
                pytest.fail(f"the run never came to {moment!r}")
            yield run
        finally:
            os.kill(run.pid, signal.SIGKILL)
    assert run.returncode == -signal.SIGKILL


def grow(folder: Path) -> None:
    """Three more documents of two passages each."""
    for name in ("rabies", "tetanus", "snakebite"):
        first, later = f"Wash the wound of {name}. Then wait.", f"Vaccinate for {name}. Again."
        (folder / f"{name}.md").write_text(f"# Care of {name}\n\n## First\n\n{first}\n\n## Later\n\n{later}\n")


@pytest.mark.parametrize(
    ("moment", "switched", "to_embed"),
    [
        ("file 1", False, NEW_PASSAGES),
        ("file 5", False, NEW_PASSAGES),
        ("embedded 0", False, NEW_PASSAGES),
        ("embedded 4", False, NEW_PASSAGES - 4),
        ("embedded all", False, 0),
        ("build", False, 0),
        ("built", False, 0),
        ("switched", True, 0),
    ],
)
def test_killed(
    open_library: Callable[..., Library], tmp_path: Path, folder: Path, moment: str, switched: bool, to_embed: int
) -> None:
    library = open_library()
    before = add(library, [folder], actor="me").generation
    reader = open_library()
    assert "salbutamol" in best(reader)
    grow(folder)
    with run_until(moment, tmp_path, folder):
        assert "salbutamol" in best(reader)
        assert status(reader).writing
    assert "salbutamol" in best(reader)
    assert "salbutamol" in best(open_library()), "also in a process that starts now"
    live = reader.live()
    assert live is not None
    assert (live.generation.id == before) is not switched
    assert len(live.heads) == (6 if switched else 3)
    assert not status(reader).writing
    after = add(open_library(), [folder], actor="me")
    assert after.passages_embedded == to_embed
    assert after.published is not switched
    assert after.counts == {
        "indexed": 0 if switched else 3,
        "unchanged": 6 if switched else 3,
        "skipped": 0,
        "failed": 0,
    }
    found = status(reader)
    assert (found.documents, found.unfinished_documents, found.passages_to_embed) == (6, 0, 0)
    assert set(found.generations_kept) == {before, after.generation}, "nothing of the killed run is left lying about"
    assert not add(open_library(), [folder], actor="me").published


def test_what_was_left_unfinished_is_told(open_library: Callable[..., Library], tmp_path: Path, folder: Path) -> None:
    library = open_library()
    add(library, [folder], actor="me")
    grow(folder)
    with run_until("embedded 2", tmp_path, folder):
        pass
    found = status(library)
    assert (found.documents, found.unfinished_documents, found.passages_to_embed) == (3, 3, NEW_PASSAGES - 2)


def test_killed_in_the_very_first_run(open_library: Callable[..., Library], tmp_path: Path, folder: Path) -> None:
    with run_until("built", tmp_path, folder):
        assert open_library().live() is None
    library = open_library()
    assert library.live() is None
    assert library.search(library.embed_query("asthma"), "asthma").generation is None
    report = add(library, [folder], actor="me")
    assert (report.counts["indexed"], report.passages_embedded, report.published) == (3, 0, True)


def test_killed_while_old_generations_are_cleared_away(
    open_library: Callable[..., Library], tmp_path: Path, folder: Path
) -> None:
    library = open_library()
    for n in range(3):
        (folder / f"{n}.txt").write_text(f"Give {n + 2} mg of zinc. Then wait.")
        add(library, [folder], actor="me")
    grow(folder)
    oldest = min(library.index.stored())
    (tmp_path / "index" / "default" / f"{oldest}.gone").mkdir()  # of a run killed between its two steps of clearing
    with run_until("switched", tmp_path, folder):
        assert len(library.index.stored()) == 4
    assert not add(library, [folder], actor="me").published
    assert len(library.index.stored()) == 3
    assert not list((tmp_path / "index" / "default").glob("*.gone"))


def best(library: Library) -> str:
    """The passage that answers a question about the first documents."""
    assert isinstance(library.embedder, HashEmbedder)
    hits = library.search(library.embed_query("salbutamol by spacer"), "salbutamol")
    return library.passages([hits.bm25[0][0]])[hits.bm25[0][0]].text
