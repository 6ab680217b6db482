"""A file takes only the child with it, and the next file is read all the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from ingest.types import NotAGuidelineError, UnreadableError
from ingest.worker import Worker
from tests.ingest import faults
from tests.ingest.test_prepare import task


def test_every_fault_is_one_file_s() -> None:
    with Worker(read=faults.read, seconds=60) as worker:
        assert worker(task()).document.title == "Fever in children"
        for name, message in {
            "segfault": r"the reader crashed on it \(exit code -11\)",
            "exit": r"the reader crashed on it \(exit code 7\)",
            "memory": "MemoryError",
            "recursion": "RecursionError",
            "surprise": "KeyError: .*own mistake",
            "unreadable": "^encrypted; save it without a password$",
        }.items():
            with pytest.raises(UnreadableError, match=message):
                worker(task(name=name))
        with pytest.raises(NotAGuidelineError, match=r"^only pictures$"):
            worker(task(name="nothing"))
        assert worker(task()).document.title == "Fever in children"


def test_a_file_that_never_ends() -> None:
    with Worker(read=faults.read, seconds=0.2) as worker, pytest.raises(UnreadableError, match="more than 0 seconds"):
        worker(task(name="hang"))


def test_the_child_ends_with_its_parent(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys\nfrom ingest.worker import Worker\nfrom tests.ingest.test_prepare import task\n"
        "if __name__ == '__main__':\n"
        "    worker = Worker()\n    worker(task())\n"
        "    print(worker._child.pid, flush=True)\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    (tmp_path / "parent.py").write_text(code)
    parent = subprocess.Popen(
        [sys.executable, tmp_path / "parent.py"],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": ""},
    )
    # The child holds the same standard output: it comes to its end only when both are gone.
    output, _ = parent.communicate(timeout=60)
    assert int(output) > 0
    assert parent.returncode == -9
