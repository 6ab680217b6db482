"""What a person states about a file: in a sidecar beside it, or in the folder's manifest.

``guideline.pdf.toml`` holds keys of ``guidelines.types.Metadata`` for ``guideline.pdf``. ``manifest.toml`` speaks for its
folder and the folders below::

    [defaults]                # for every file there
    publisher = "County EMS"

    [[document]]              # for one file; paths are relative to the manifest
    file = "protocols/1203.md"
    status = "superseded"

A sidecar wins over a manifest, a nearer manifest over one further up, and all of them over what the file says of itself.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path, PurePosixPath

from pydantic import ValidationError

from guidelines.types import Metadata

MANIFEST = "manifest.toml"
SIDECAR_SUFFIX = ".toml"

POPULATIONS = ("adult", "child", "neonate", "pregnancy")

Stated = dict[str, object]
"""Keys of ``Metadata`` that a person gave, with values that ``Metadata`` accepts."""


class MetadataError(Exception):
    """A sidecar or manifest cannot be used; the message names the file and the key."""


@dataclass(frozen=True)
class Manifest:
    """A manifest, read. ``documents`` has the absolute path of each file that it names."""

    path: Path
    defaults: Stated = field(default_factory=dict)
    documents: dict[Path, Stated] = field(default_factory=dict)
    wrong: dict[Path, str] = field(default_factory=dict)

    def missing(self) -> list[Path]:
        """The files that it names and that are not there."""
        return [path for path in (*self.documents, *self.wrong) if not os.path.exists(path)]  # noqa: PTH110 - Path.exists() raises on a name that is too long

    def stated(self, path: Path) -> Stated:
        """What it says of the file at ``path``; raises ``MetadataError`` when that cannot be used."""
        if path in self.wrong:
            raise MetadataError(self.wrong[path])
        return {**self.defaults, **self.documents.get(path, {})}


def read_manifest(path: Path) -> Manifest:
    """Read a manifest; raises ``MetadataError`` when it says nothing usable for the folder as a whole."""
    data = _read_toml(path)
    unknown = sorted(set(data) - {"defaults", "document"})
    if unknown:
        raise MetadataError(f"{path.name}: {unknown[0]} is not known here; use [defaults] and [[document]]")
    defaults, entries = data.get("defaults", {}), data.get("document", [])
    if not isinstance(defaults, dict) or not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise MetadataError(f"{path.name}: write [defaults] once, and [[document]] with two brackets for every file")
    manifest = Manifest(path, _checked(defaults, f"{path.name}, [defaults]"))
    for entry in entries:
        name = entry.pop("file", None)
        if not isinstance(name, str) or not name.strip():
            raise MetadataError(f'{path.name}: a [[document]] has no file; write file = "name"')
        relative = PurePosixPath(name)
        if relative.is_absolute() or ".." in relative.parts:
            raise MetadataError(f"{path.name}: file = {name!r} has to lie in the manifest's folder")
        file = path.parent / relative
        if file in manifest.documents or file in manifest.wrong:
            raise MetadataError(f"{path.name}: file = {name!r} stands there twice")
        try:
            manifest.documents[file] = _checked(entry, f"{path.name}, {name}")
        except MetadataError as error:
            manifest.wrong[file] = str(error)
    return manifest


def manifests_above(folder: Path) -> tuple[Path, ...]:
    """The manifests of the folders that ``folder`` lies in, the furthest first, so that a part of a collection is taken in
    as the whole would be. A file of that name with neither of our tables in it is somebody else's."""
    above = []
    for parent in reversed(folder.parents):
        try:
            if {"defaults", "document"} & _read_toml(parent / MANIFEST).keys():
                above.append(parent / MANIFEST)
        except MetadataError:
            continue
    return tuple(above)


def sidecar(path: Path) -> Path:
    """Where the sidecar of the file at ``path`` would be."""
    return path.with_name(path.name + SIDECAR_SUFFIX)


def read_sidecar(path: Path) -> Stated:
    """What the sidecar of the file at ``path`` states; nothing when there is none. Raises ``MetadataError``."""
    beside = sidecar(path)
    return _checked(_read_toml(beside), beside.name) if beside.exists() else {}


def merged(found: Metadata, stated: Stated) -> Metadata:
    """What a file says of itself, overruled by what a person states."""
    return Metadata.model_validate({**found.model_dump(exclude_unset=True), **stated})


def _read_toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise MetadataError(f"{path.name} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise MetadataError(f"{path.name} is not UTF-8 text; save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise MetadataError(f"{path.name} is not valid TOML: {error}") from error


def _checked(stated: dict[str, object], where: str) -> Stated:
    """``stated`` if every key and value is one that ``Metadata`` knows."""
    for key in stated:
        if key not in Metadata.model_fields:
            near = get_close_matches(key, Metadata.model_fields, 1)
            hint = f"did you mean {near[0]}?" if near else f"keys are {', '.join(Metadata.model_fields)}"
            raise MetadataError(f"{where}: {key} is not a known key; {hint}")
    try:
        metadata = Metadata.model_validate(stated)
    except ValidationError as error:
        first = error.errors()[0]
        raise MetadataError(f"{where}: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
    for population in metadata.population:
        if population not in POPULATIONS:
            raise MetadataError(f"{where}: population: {population!r} is not one of {', '.join(POPULATIONS)}")
    return {key: getattr(metadata, key) for key in stated}
