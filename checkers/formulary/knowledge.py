"""All that the rules know about drugs, in one place: medicines, pairs, and the documents that their rows cite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from checkers.formulary.fields import Source
from checkers.formulary.load import FOLDER, FormularyError, formulary, placed, sources, sources_of, toml
from checkers.formulary.pairs import Allergy, Duplicate, Interaction
from checkers.formulary.rows import Medicine
from checkers.tables import DATA

PAIRS = DATA / "pairs"

Row = TypeVar("Row", Interaction, Allergy, Duplicate)


@dataclass(frozen=True, eq=False)
class Knowledge:
    """``medicines`` by ingredient, ``sources`` as the rows name them, and what is known of two drugs together.

    ``reactions`` are words by kind ("mild", "severe", "intolerance") that tell how bad a recorded allergy was.
    """

    medicines: Mapping[str, Medicine]
    sources: Mapping[str, Source]
    interactions: tuple[Interaction, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    reactions: Mapping[str, tuple[str, ...]] | None = None


@cache
def knowledge(medicines: Path = FOLDER, pairs: Path = PAIRS) -> Knowledge:
    """What stands in two folders, by default those of the tables that come with the rules. Raises ``FormularyError``."""
    words = _reactions(pairs / "reactions.toml")
    return Knowledge(
        medicines=formulary(medicines),
        sources={**sources(medicines), **_sources(pairs)},
        interactions=_rows(pairs / "interactions.toml", "interaction", Interaction),
        allergies=_rows(pairs / "allergies.toml", "allergy", Allergy),
        duplicates=_rows(pairs / "duplicates.toml", "duplicate", Duplicate),
        reactions=words,
    )


def _rows(path: Path, key: str, kind: type[Row]) -> tuple[Row, ...]:
    if not path.is_file():
        return ()
    known = {f"{path.stem}/{name}" for name, _ in sources_of(path)}
    found = []
    rows = placed(toml(path).get(key, []), path)
    for number, row in enumerate(rows if isinstance(rows, list) else ()):
        try:
            one = kind.model_validate(row)
        except ValueError as error:
            raise FormularyError(f"{path.name}: {key} {number + 1} {error}") from error
        if one.source is not None and one.source not in known:
            raise FormularyError(f"{path.name}: {key} {number + 1} cites {one.source}, which is not among its sources")
        found.append(one)
    return tuple(found)


def _sources(folder: Path) -> dict[str, Source]:
    return {f"{path.stem}/{key}": source for path in sorted(folder.glob("*.toml")) for key, source in sources_of(path)}


def _reactions(path: Path) -> dict[str, tuple[str, ...]]:
    rows: dict[str, object] = dict(toml(path)) if path.is_file() else {}
    return {kind: tuple(map(str, words)) for kind, words in rows.items() if isinstance(words, list)}
