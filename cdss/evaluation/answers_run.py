"""Files of cases, from their documents to their figures, with progress on standard error."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from cdss.errors import InvalidInput
from cdss.evaluation.answers import ask_all
from cdss.evaluation.cases import read_cases
from cdss.evaluation.report import AnswerReport
from cdss.evaluation.thresholds import Thresholds
from cdss.settings import Settings
from ingest.progress import progress


def run(
    files: Sequence[Path], settings: Settings, *, home: Path | None, thresholds: Thresholds | None = None
) -> AnswerReport:
    """Ask the cases of every file. Raises ``InvalidInput``, ``CdssError`` and ``LibraryError``."""
    sets = [(path, read_cases(path)) for path in files]
    names = [cases.name for _, cases in sets]
    if len(set(names)) < len(names):
        raise InvalidInput("Two of the files have the same name.", field="name")
    asked = []
    for path, cases in sets:
        with tempfile.TemporaryDirectory(prefix="cdss-eval-") as scratch:
            asked.append(
                ask_all(
                    cases,
                    folder=path.parent,
                    settings=settings,
                    home=home,
                    scratch=Path(scratch),
                    reading=progress,
                    asking=_bar,
                )
            )
        if not asked[-1].judged:
            raise InvalidInput(f"No case of {path.name} is about a document of the library.", field="documents")
    return AnswerReport(sets=tuple(asked), thresholds=thresholds)


@contextmanager
def _bar(total: int) -> Iterator[Callable[[], None]]:
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("Asking", total=total)
        yield lambda: bar.advance(task)
