"""What a run came to: the outcome of each file, and what the library holds and finds after it."""

from __future__ import annotations

from pathlib import Path

from guidelines.index import Filters
from guidelines.library import Library
from ingest.report import FileReport, Report


def outcomes(report: Report) -> dict[str, str]:
    """The outcome of each file, by its name without a folder."""
    return {Path(file.path).name: file.outcome.value for file in report.files}


def only(report: Report) -> FileReport:
    """The one file that was looked at."""
    (file,) = report.files
    return file


def titles(library: Library) -> set[str]:
    """Titles of the live documents."""
    live = library.live()
    return {head.title for head in live.heads.values()} if live else set()


def best(library: Library, question: str, **filters: tuple[str, ...]) -> str:
    """Text of the passage that comes first by meaning."""
    hits = library.search(library.embed_query(question), question, filters=Filters(**filters), limit=3)
    return library.passages([hits.dense[0][0]])[hits.dense[0][0]].text
