"""Everything that people state about the files of one run, from sidecars and manifests together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from ingest.files import Found, absolute
from ingest.metadata import MANIFEST, Manifest, MetadataError, Stated, read_manifest, read_sidecar


class Statements:
    """Reads each manifest once. ``only`` is used instead of the folders' own; ``MetadataError`` at once if it cannot be."""

    def __init__(self, only: Path | None = None) -> None:
        self._only = absolute(only) if only else None
        self._manifests: dict[Path, Manifest | MetadataError] = {}
        if self._only:
            self._manifests[self._only] = read_manifest(self._only)

    def of(self, file: Found) -> Stated:
        """What is stated about a file, the nearest statement winning; raises ``MetadataError``."""
        stated: Stated = {}
        for path in (self._only,) if self._only else file.manifests:
            manifest = self._manifest(path)
            if isinstance(manifest, MetadataError):
                raise manifest
            stated.update(manifest.stated(file.path))
        return {**stated, **read_sidecar(file.path)}

    def checked(self, files: Iterable[Found]) -> Iterator[Found]:
        """``files``, with a failed line for every manifest that cannot be used and for every file that one names in vain."""
        if self._only:
            yield from self._failures(self._only)
        for file in files:
            failures = self._failures(file.path) if file.path.name == MANIFEST and not self._only else []
            if not any(failure.path == file.path for failure in failures):
                yield file
            yield from failures

    def _failures(self, path: Path) -> list[Found]:
        manifest = self._manifest(path)
        if isinstance(manifest, MetadataError):
            return [Found(path, fail=str(manifest))]
        return [Found(gone, fail=f"{path.name} names it, and it is not there") for gone in manifest.missing()]

    def _manifest(self, path: Path) -> Manifest | MetadataError:
        if path not in self._manifests:
            try:
                self._manifests[path] = read_manifest(path)
            except MetadataError as error:
                self._manifests[path] = error
        return self._manifests[path]
