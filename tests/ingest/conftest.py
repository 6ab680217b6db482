"""A folder of small documents, and reading in this process, which starts faster than a child."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import pytest

from ingest import pipeline
from ingest.prepare import Prepared, Task, prepare


class ReadHere:
    """Stands in for ``Worker`` where the isolation is not what is tested. ``read`` counts."""

    read = 0

    def __enter__(self) -> ReadHere:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        return

    def __call__(self, task: Task) -> Prepared:
        type(self).read += 1
        return prepare(task)


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> type[ReadHere]:
    """Reads in this process and counts the files read."""
    counting = type("Counting", (ReadHere,), {"read": 0})
    monkeypatch.setattr(pipeline, "Worker", counting)
    return counting


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three guidelines; ``tmp_path`` itself is the home of the library."""
    files = tmp_path / "files"
    files.mkdir()
    (files / "asthma.md").write_text(
        "# Asthma in children\n\n## Treatment\n\nGive salbutamol by spacer. Repeat every 20 minutes.\n\n"
        "## Oxygen\n\nGive oxygen when saturation is below 92 %.\n",
        encoding="utf-8",
    )
    (files / "malaria.txt").write_text(
        "MALARIA\n\nTreat with artemether-lumefantrine. Give six doses over three days.\n"
    )
    (files / "zinc.html").write_text(
        "<html><head><title>Zinc in diarrhoea</title></head><body><h1>Zinc in diarrhoea</h1>"
        "<p>Give zinc 20 mg once daily. Go on for ten to fourteen days.</p></body></html>"
    )
    return files
