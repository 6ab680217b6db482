"""How far a run has come, on standard error: bars on a terminal, else a line now and then."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from ingest.report import Listener

EVERY_S = 15.0
"""Between two lines where there is no terminal."""


@contextmanager
def progress() -> Iterator[Listener]:
    """A listener that tells standard error."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines()
        return
    rate = TextColumn("{task.fields[rate]}")
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        rate,
        TimeRemainingColumn(),
        console=console,
    ) as bars:
        yield _Bars(bars)


class _Bars(Listener):
    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._reading: TaskID | None = None
        self._embedding: TaskID | None = None
        self._rate = _Rate()

    def on_file(self, done: int, total: int) -> None:
        if self._reading is None:
            self._reading = self._bars.add_task("Reading files", total=total, rate="")
        self._bars.update(self._reading, completed=done)

    def on_embedded(self, done: int, total: int) -> None:
        if self._embedding is None:
            self._embedding = self._bars.add_task("Embedding passages", total=total, rate="")
        self._bars.update(self._embedding, completed=done, rate=f"{self._rate(done):.0f}/s")

    def on_indexing(self, documents: int) -> None:
        self._bars.add_task(f"Writing the index of {documents} documents", total=None, rate="")


class _Lines(Listener):
    def __init__(self) -> None:
        self._last = monotonic()
        self._rate = _Rate()

    def on_file(self, done: int, total: int) -> None:
        self._now_and_then(f"read {done} of {total} files")

    def on_embedded(self, done: int, total: int) -> None:
        rate = self._rate(done)
        left = f", about {(total - done) / rate / 60:.0f} min left" if rate else ""
        self._now_and_then(f"embedded {done} of {total} passages, {rate:.0f}/s{left}")

    def _now_and_then(self, line: str) -> None:
        if monotonic() - self._last >= EVERY_S:
            self._last = monotonic()
            sys.stderr.write(line + "\n")
            sys.stderr.flush()


class _Rate:
    """How many a second since the first call."""

    def __init__(self) -> None:
        self._since: float | None = None

    def __call__(self, done: int) -> float:
        if self._since is None:
            self._since = monotonic()
        elapsed = monotonic() - self._since
        return done / elapsed if elapsed else 0.0
