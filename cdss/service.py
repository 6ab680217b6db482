"""What answering needs, built once at the entry point."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import ParamSpec, TypeVar

from cdss.audit import Record
from cdss.errors import Unavailable
from cdss.llm.backend import Backend
from cdss.settings import Settings
from checkers.rules import RULES
from checkers.types import Rule
from guidelines.errors import LibraryError
from guidelines.library import Library

P = ParamSpec("P")
R = TypeVar("R")


_NICE = 5


def _workers() -> ThreadPoolExecutor:
    """As many threads as there are processors: more would only wait for each other, and keep the event loop waiting."""
    most = max(2, os.cpu_count() or 2)
    return ThreadPoolExecutor(max_workers=most, thread_name_prefix="cdss", initializer=_step_back)


def _step_back() -> None:
    """Let the event loop's thread go first where processors are short: it has little to do, and everybody waits for it."""
    if sys.platform == "linux":  # elsewhere a thread has no priority of its own
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Everything that a question meets on its way."""

    settings: Settings
    library: Library
    record: Record
    backend: Backend
    rules: tuple[Rule, ...] = RULES
    workers: ThreadPoolExecutor = field(default_factory=_workers, repr=False)

    async def work(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """``call`` in a thread: nothing that takes the processor or the disk may hold the event loop up."""
        return await asyncio.get_running_loop().run_in_executor(self.workers, lambda: call(*args, **kwargs))

    def warm_up(self, *, always: bool = False) -> None:
        """Load the embedder, which takes seconds; with an empty library only if ``always``. Raises ``Unavailable``."""
        try:
            if always or self.library.live() is not None:
                for _ in range(2):  # what makes later questions quick is made for the second
                    self.library.embed_query("warm up")
        except LibraryError as error:
            raise Unavailable(str(error)) from error

    def close(self) -> None:
        """Let go of the stores."""
        self.workers.shutdown()
        self.record.close()
        self.library.close()
