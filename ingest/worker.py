"""Reads files in a child process. A file is a stranger's: whatever it does to a parser, it takes only that child with it."""

from __future__ import annotations

import resource
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from types import TracebackType
from typing import Self

from ingest.prepare import Prepared, Task, prepare
from ingest.types import NotAGuidelineError, UnreadableError

SECONDS = 300.0
"""For one file. A thousand pages of PDF take less than a tenth of it."""
MEMORY_BYTES = 6 * 2**30
"""Address space of the child."""

Read = Callable[[Task], Prepared]


class Worker:
    """Runs ``read`` next door. The child starts with the first file and ends with this process, however that ends."""

    def __init__(self, read: Read = prepare, seconds: float = SECONDS) -> None:
        self._read = read
        self._seconds = seconds
        self._child: SpawnProcess | None = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._stop()

    def __call__(self, task: Task) -> Prepared:
        """What ``read`` gives or raises; ``UnreadableError`` also when the child crashes, fills up or takes too long."""
        pipe = self._pipe or self._start()
        try:
            pipe.send(task)
            if not pipe.poll(self._seconds):
                self._stop()
                raise UnreadableError(
                    f"reading it took more than {self._seconds:.0f} seconds; cut it into smaller files"
                )
            result: Prepared | Exception = pipe.recv()
        except (EOFError, ConnectionError) as error:
            raise UnreadableError(f"the reader crashed on it ({self._stop()}); the file may be damaged") from error
        if isinstance(result, Exception):
            raise result
        return result

    def _start(self) -> Connection:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._child = context.Process(target=_serve, args=(theirs, self._read), daemon=True)
        self._child.start()
        theirs.close()  # so that each side notices when the other is gone
        return self._pipe

    def _stop(self) -> str:
        """End the child; return how it ended if it had done so by itself."""
        child, pipe = self._child, self._pipe
        self._child = self._pipe = None
        if child is None or pipe is None:
            return "not started"
        pipe.close()
        child.join(timeout=0.5)
        ended = "no answer" if child.exitcode is None else f"exit code {child.exitcode}"
        child.kill()
        child.join()
        child.close()
        return ended


def _serve(pipe: Connection, read: Read) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C ends
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    with ThreadPoolExecutor(max_workers=1) as thread:
        while True:
            try:
                task = pipe.recv()
            except EOFError:
                return
            reading = thread.submit(read, task)
            error = reading.exception()
            if error is None:
                pipe.send(reading.result())
            elif isinstance(error, (UnreadableError, NotAGuidelineError)):
                pipe.send(error)
            else:
                pipe.send(UnreadableError(f"the reader stopped on it ({type(error).__name__}: {error})"))
