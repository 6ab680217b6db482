"""One writer at a time, whatever became of the one before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from guidelines.errors import BusyError, StoreError
from guidelines.lock import is_writing, writing

HOLD = (
    "import sys\nfrom pathlib import Path\nfrom guidelines.lock import writing\n"
    "with writing(Path(sys.argv[1]), 'ward7'):\n    print('held', flush=True)\n    sys.stdin.read()"
)


def test_a_second_writer_is_told_who_holds_the_library(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert is_writing(tmp_path)
        with pytest.raises(BusyError, match=rf"process {holder.pid} of ward7.*Wait until"), writing(tmp_path, "me"):
            pytest.fail("two writers at once")
        holder.kill()
    assert not is_writing(tmp_path)
    with writing(tmp_path, "me"):
        assert (tmp_path / "writer.json").exists()
    assert not (tmp_path / "writer.json").exists()


def test_nobody_has_written_yet(tmp_path: Path) -> None:
    assert not is_writing(tmp_path)


def test_a_note_that_cannot_be_read_is_no_obstacle(tmp_path: Path) -> None:
    with writing(tmp_path, "me"):
        (tmp_path / "writer.json").write_text("[]")
        with pytest.raises(BusyError, match="Another run is writing"), writing(tmp_path, "you"):
            pytest.fail("two writers at once")


def test_a_home_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="CDSS_HOME"), writing(tmp_path / "file", "me"):
        pytest.fail("no lock without a folder")
