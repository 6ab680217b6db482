"""Ways in which reading a file goes wrong, to be run in a worker's child."""

from __future__ import annotations

import os
import signal

from ingest.prepare import Prepared, Task, prepare
from ingest.types import NotAGuidelineError, UnreadableError


def read(task: Task) -> Prepared:
    """Does what the name of the file says."""
    match task.name:
        case "segfault":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "exit":
            os._exit(7)
        case "hang":
            signal.pause()
        case "memory":
            bytearray(2**40)
        case "recursion":
            read_deeper()
        case "surprise":
            raise KeyError("a reader's own mistake")
        case "unreadable":
            raise UnreadableError("encrypted; save it without a password")
        case "nothing":
            raise NotAGuidelineError("only pictures")
    return prepare(task)


def read_deeper() -> None:
    read_deeper()
