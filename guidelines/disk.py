"""Room on the disk, and getting onto it for good."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path

ROOM_BYTES = 64 * 2**20
"""Has to be free before a vector is written. The engine writes through memory maps, and where the disk is full the system does
not report an error to it but ends the process."""


def size_of(home: Path) -> int:
    """Bytes on disk of everything under ``home``."""
    total = 0
    for folder, _, names in os.walk(home):
        for name in names:
            with suppress(FileNotFoundError):  # a writer may be clearing away an old generation
                total += (Path(folder) / name).stat().st_blocks * 512
    return total


def need_room(home: Path, size: int) -> None:
    """Raise ``OSError`` when the disk that ``home`` is on has fewer than ``size`` bytes left."""
    if shutil.disk_usage(home).free < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def sync(home: Path) -> None:
    """Everything under ``home`` onto the disk, and its name in the folder above."""
    for folder, _, names in os.walk(home):
        for name in names:
            with (Path(folder) / name).open("rb") as file:
                os.fsync(file.fileno())
        sync_folder(Path(folder))
    sync_folder(home.parent)


def sync_folder(folder: Path) -> None:
    """The names in ``folder`` onto the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
