"""Which files a run is about: named ones, and everything under named folders, in the same order every time.

Nothing is left out in silence: what is not read is listed with the reason.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ingest.metadata import MANIFEST, SIDECAR_SUFFIX, manifests_above

_BACKUP = re.compile(r".*~|~\$.*|#.*#|.*\.(?:bak|swp|swo|tmp|part|crdownload)", re.IGNORECASE)
_DESCRIBES = re.compile(r"(?:README|MANIFEST|LICEN[CS]E|COPYING|NOTICE|CHANGELOG)(?![A-Za-z0-9]).*", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A file to read (both reasons ``None``), one to skip, or one that cannot be had."""

    path: Path
    skip: str | None = None
    fail: str | None = None
    manifests: tuple[Path, ...] = ()


def find(paths: Iterable[Path]) -> list[Found]:
    """Every file that ``paths`` name or hold, each once, named ones as they were named and folders sorted."""
    wanted = [absolute(path) for path in paths]
    walk = _Walk({path for path in wanted if not _is_folder(path)})
    found: dict[Path, Found] = {}
    for path in wanted:
        for one in walk.folder(path) if _is_folder(path) else [_named(path)]:
            found.setdefault(one.path, one)
    return list(found.values())


def absolute(path: Path) -> Path:
    """The one name under which a file is known: without ``..``, and with its links, whose names may say more."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.resolve() follows links


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112 - Path.is_dir() raises where it may not look


def _named(path: Path) -> Found:
    own = path.with_name(MANIFEST)
    return _regular(path, (*manifests_above(path.parent), *([own] if own.exists() else [])))


def _regular(path: Path, manifests: tuple[Path, ...]) -> Found:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        why = "the link points to nothing" if path.is_symlink() else "there is no such file; check the path"
        return Found(path, fail=why)
    except OSError as error:
        return Found(path, fail=_reason(error))
    # A pipe or a device would keep the run waiting for ever.
    return Found(path, manifests=manifests) if stat.S_ISREG(mode) else Found(path, skip="not a regular file")


@dataclass
class _Walk:
    """Goes through folders once each, also where links make a loop."""

    named: set[Path]
    visited: set[Path] = field(default_factory=set)

    def folder(self, folder: Path) -> Iterator[Found]:
        waiting = [(folder, manifests_above(folder))]
        while waiting:
            here, manifests = waiting.pop()
            real = Path(os.path.realpath(here))
            if real in self.visited:
                yield Found(here, skip="a folder that was read already")
                continue
            self.visited.add(real)
            try:
                entries = sorted(here.iterdir(), key=lambda entry: entry.name)
            except OSError as error:
                yield Found(here, fail=_reason(error))
                continue
            names = {entry.name for entry in entries}
            if MANIFEST in names:
                manifests = (*manifests, here / MANIFEST)
            folders = []
            for entry in entries:
                why = None if entry in self.named else _not_meant(entry.name, names)
                if why is not None:
                    yield Found(entry, skip=why)
                elif _is_folder(entry):
                    folders.append((entry, manifests))
                else:
                    yield _regular(entry, manifests)
            waiting.extend(reversed(folders))


def _not_meant(name: str, beside: set[str]) -> str | None:
    """Why a file in a folder is not taken for a guideline, or ``None``."""
    if name.startswith("."):
        return "hidden"
    if _BACKUP.fullmatch(name):
        return "a backup or an unfinished download"
    if name.endswith(SIDECAR_SUFFIX) and name.removesuffix(SIDECAR_SUFFIX) in beside:
        return f"describes {name.removesuffix(SIDECAR_SUFFIX)}"
    if _DESCRIBES.fullmatch(name):
        return "describes the folder; name it to index it"
    return None


def _reason(error: OSError) -> str:
    return f"cannot be read: {(error.strerror or str(error)).lower()}"
