"""Every real document there is can be read, quickly, and nothing in it falls between the blocks."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ingest.readers import READERS
from tests.ingest.readers.outline import faults

CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus"


@pytest.mark.corpus
@pytest.mark.slow
def test_all_documents() -> None:
    if not CORPUS.is_dir():
        pytest.skip("no shared corpus beside the repository")
    files = [file for file in sorted(CORPUS.rglob("*")) if file.suffix in READERS and file.name != "MANIFEST.md"]
    assert len(files) > 700
    begun = time.process_time()
    for file in files:
        reading = READERS[file.suffix](file.read_bytes(), file.name)
        assert faults(reading) == [], file
    assert time.process_time() - begun < 60
