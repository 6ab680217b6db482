"""Every passage of every document is a slice of its document, and everything that can be quoted is a slice of a passage."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

import pytest

from guidelines.types import DEFAULT_TENANT
from ingest.metadata import Stated
from ingest.prepare import Prepared, Task, prepare
from ingest.readers import READERS

ROOT = Path(__file__).parents[2]
BUNDLED = ROOT / "guidelines" / "documents"
CORPUS = ROOT.parent / "shared" / "corpus"


def documents(folder: Path) -> list[Path]:
    """The files of ``folder`` that there is a reader for and that do not describe the folder."""
    files = [file for file in sorted(folder.rglob("*")) if file.suffix.lower() in READERS]
    return [file for file in files if file.stem.upper() not in ("README", "MANIFEST")]


def prepared(file: Path) -> Prepared:
    data = file.read_bytes()
    return prepare(
        Task(
            data=data,
            name=file.name,
            content_hash=sha256(data).hexdigest(),
            stated=Stated(),
            work_before=None,
            tenant=DEFAULT_TENANT,
        )
    )


def check(files: Iterable[Path]) -> int:
    """Rebuild every passage of ``files``; return how many there were."""
    count = 0
    for file in files:
        made = prepared(file)
        document, passages = made.document, {passage.id: passage for passage in made.passages}
        assert len(passages) == len(made.passages), file
        end = 0
        for passage in made.passages:
            assert passage.start >= end, file
            end = passage.end
            rebuilt = document.text[passage.start : passage.end]
            assert rebuilt.encode() == passage.text.encode(), file
            assert passage.sentences, file
            at = 0
            for sentence in passage.sentences:
                assert at <= sentence.start < sentence.end <= len(passage.text), file
                at = sentence.end
                assert passage.text[sentence.start : sentence.end].strip(), file
                for lead in sentence.leads:
                    home = passages[lead.passage_id] if lead.passage_id else passage
                    assert lead.end <= len(home.text), file
                    assert home.text[lead.start : lead.end].strip(), file
        count += len(passages)
    return count


def test_bundled_documents() -> None:
    assert check(documents(BUNDLED)) > 400


@pytest.mark.corpus
@pytest.mark.slow
def test_the_whole_corpus() -> None:
    if not CORPUS.is_dir():
        pytest.skip("no shared corpus beside the repository")
    files = documents(CORPUS)
    assert len(files) > 700
    assert check(files) > 20_000
