"""Reads ``data/formulary/*.toml`` once: medicines by ingredient, and the sources that their rows cite.

A table ``guard`` of a file holds guards of many drugs at once: the ``kind`` of guard, the ``drugs`` (ingredients, or
``class:NSAID`` for all of a class) and those ``without`` it. It is left out for a drug that has its own on the same
laboratory value.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from checkers.formulary.fields import Source
from checkers.formulary.rows import GUARDS, Guard, Medicine, medicine
from checkers.tables import DATA, table

FOLDER = DATA / "formulary"


class FormularyError(Exception):
    """A formulary file is wrong; the message names the file and the row."""


@cache
def formulary(folder: Path = FOLDER) -> Mapping[str, Medicine]:
    """Every medicine of ``folder``, by ingredient, put together from its files. Raises ``FormularyError``."""
    found: dict[str, Medicine] = {}
    for path in sorted(folder.glob("*.toml")):
        for one in read(path):
            held = found.get(one.name)
            found[one.name] = one if held is None else _both(held, one)
    own = dict(found)
    for path in sorted(folder.glob("*.toml")):
        _share(path, found, own)
    return found


def _share(path: Path, found: dict[str, Medicine], own: Mapping[str, Medicine]) -> None:
    """Give the guards that ``path`` states for many drugs to each of those that ``found`` holds; ``own`` is without any."""
    known = {f"{path.stem}/{key}" for key, _ in sources_of(path)}
    rows = placed(toml(path).get("guard", []), path)
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        given = dict(row)
        kind, drugs, without = given.pop("kind"), given.pop("drugs"), set(given.pop("without", ()))
        try:
            guard = Guard.model_validate(given)
        except ValueError as error:
            raise FormularyError(f"{path.name}: guard {number + 1} {error}") from error
        if kind not in GUARDS or (guard.source is not None and guard.source not in known):
            raise FormularyError(f"{path.name}: guard {number + 1} has an unknown kind or source")
        for name in sorted(_meant(drugs, found) - _meant(without, found)):
            if guard.lab and any(one.lab == guard.lab for one in own[name].guards(kind)):
                continue
            found[name] = found[name].model_copy(update={kind: (*found[name].guards(kind), guard)})


def _meant(drugs: Iterable[str], found: Mapping[str, Medicine]) -> set[str]:
    """The ingredients of ``found`` that ``drugs`` names, one by one or as "class:NSAID"."""
    named = [_of_class(one.removeprefix("class:")) if one.startswith("class:") else {one} for one in drugs]
    return set().union(*named) & found.keys()


@cache
def _of_class(name: str) -> frozenset[str]:
    rows = table("drugs")["drugs"].items()
    return frozenset(drug for drug, row in rows if name in row["class"])


def _both(one: Medicine, other: Medicine) -> Medicine:
    """A medicine that two files tell of: the rows of both, and of what is no row whatever is told."""
    together: dict[str, object] = {}
    for name, field in Medicine.model_fields.items():
        mine, theirs = getattr(one, name), getattr(other, name)
        if name == "measured_in":  # a file that does not say adds nothing to one that does
            said = [one_of.measured_in for one_of in (one, other) if name in one_of.model_fields_set] or [mine]
            together[name] = tuple(dict.fromkeys(kind for kinds in said for kind in kinds))
        elif isinstance(mine, tuple):
            together[name] = (*mine, *theirs)
        else:
            together[name] = theirs if mine == field.default else mine
    return one.model_copy(update=together)


@cache
def sources(folder: Path = FOLDER) -> Mapping[str, Source]:
    """Every source that a row of ``folder`` cites, as its rows name it: ``file/key``, the file without its ending."""
    return {f"{path.stem}/{key}": source for path in sorted(folder.glob("*.toml")) for key, source in sources_of(path)}


def read(path: Path) -> list[Medicine]:
    """The medicines of one file; their rows name their sources ``file/key``. Raises ``FormularyError``."""
    known = {f"{path.stem}/{key}" for key, _ in sources_of(path)}
    found = []
    for name, given in toml(path).items():
        if name in ("sources", "guard"):
            continue
        try:
            one = medicine(name, {key: placed(rows, path) for key, rows in given.items()})
        except ValueError as error:
            raise FormularyError(f"{path.name}: [{name}] {error}") from error
        for row in one.rows():
            if row.source is not None and row.source not in known:
                raise FormularyError(f"{path.name}: [{name}] cites {row.source}, which is not among its sources")
        found.append(one)
    return found


def placed(rows: object, path: Path) -> object:
    """``rows`` with the file before the key of every source; anything but rows as it is."""
    if not isinstance(rows, list):
        return rows
    return [
        {**row, "source": f"{path.stem}/{row['source']}"} if isinstance(row, dict) and row.get("source") else row
        for row in rows
    ]


def sources_of(path: Path) -> list[tuple[str, Source]]:
    """The sources of one file, by their keys. Raises ``FormularyError``."""
    try:
        return [(key, Source.model_validate(given)) for key, given in toml(path).get("sources", {}).items()]
    except ValueError as error:
        raise FormularyError(f"{path.name}: [sources] {error}") from error


@cache
def toml(path: Path) -> dict[str, dict[str, object]]:
    """A file as it stands, its numbers exact; do not change what is returned."""
    return tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
