"""What is known about one drug, as values and as lines for a terminal, each row with where it is from."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from rapidfuzz import process

from checkers.dosing.drugs import find_drugs
from checkers.dosing.names import classes, parts_of
from checkers.formulary.knowledge import Knowledge, knowledge
from checkers.formulary.rows import GUARDS

_SHOWN = ("regimen", "maximum", "need", "salt", "potency", "pace", *GUARDS)
_PLACE = ("source", "section", "verified")


def known(name: str, tables: Knowledge | None = None) -> dict[str, Any] | None:
    """``{"drug", "classes", "medicines": {ingredient: {kind: rows}}, "interactions", "allergies", "duplicates"}``.

    ``name`` is any name of the drug. ``None`` if the tables hold nothing about it.
    """
    tables = tables or knowledge()
    ingredient = _ingredient(name, tables)
    if ingredient is None:
        return None
    parts = tuple(dict.fromkeys((ingredient, *parts_of(ingredient))))
    medicines = {part: _medicine(part, tables) for part in parts if part in tables.medicines}
    kinds = classes(ingredient)
    words = {*parts, *(f"class:{kind}" for kind in kinds)}
    pairs = {
        "interactions": [_row(row, tables) for row in tables.interactions if words & {*row.a, *row.b}],
        "allergies": [_row(row, tables) for row in tables.allergies if words & {*row.to, *row.drugs}],
        "duplicates": [_row(row, tables) for row in tables.duplicates if row.drug_class in kinds],
    }
    if not medicines and not any(pairs.values()):
        return None
    return {"drug": ingredient, "classes": list(kinds), "medicines": medicines, **pairs}


def named_like(name: str, tables: Knowledge | None = None) -> list[str]:
    """Drugs whose names are written much like ``name``."""
    medicines = (tables or knowledge()).medicines
    return [found for found, score, _ in process.extract(name.lower(), list(medicines), limit=3) if score > 75]


def _ingredient(name: str, tables: Knowledge) -> str | None:
    if name.lower() in tables.medicines:
        return name.lower()
    return next((found.ingredient for found in find_drugs(name) if found.ingredient), None)


def _medicine(name: str, tables: Knowledge) -> dict[str, Any]:
    one = tables.medicines[name]
    told: dict[str, Any] = {"measured_in": list(one.measured_in)}
    told |= {key: value for key in ("high_alert", "qt_risk", "renal_measure") if (value := getattr(one, key))}
    return told | {kind: [_row(row, tables) for row in getattr(one, kind)] for kind in _SHOWN if getattr(one, kind)}


def _row(row: Any, tables: Knowledge) -> dict[str, Any]:
    """A row without what it does not state, its source written out."""
    told = {key: value for key, value in row.model_dump(by_alias=True).items() if value not in (None, (), False)}
    source = tables.sources.get(row.source) if row.source else None
    told = {key: _plain(value) for key, value in told.items() if key not in _PLACE}
    if row.verified and source is not None:
        told["source"] = (
            f"{source.title}, {source.publisher}, {source.edition}, {source.date.isoformat()}; {row.section}"
        )
    told["verified"] = row.verified
    return told


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(round(value, 6))
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if one not in (None, ())}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def lines(told: dict[str, Any]) -> Iterator[str]:
    """``known`` for a terminal: one line a row, the source under it, what is not verified marked."""
    yield f"{told['drug']} ({', '.join(told['classes'])})"
    for name, medicine in told["medicines"].items():
        yield ""
        yield name
        for kind, rows in medicine.items():
            if not isinstance(rows, list) or kind == "measured_in":
                yield f"  {kind.replace('_', ' ')}: {_words(rows)}"
                continue
            yield f"  {kind}"
            for row in rows:
                yield from _row_lines(row)
    for kind in ("interactions", "allergies", "duplicates"):
        if told[kind]:
            yield ""
            yield kind
            for row in told[kind]:
                yield from _row_lines(row)


def _row_lines(row: dict[str, Any]) -> Iterator[str]:
    said = ", ".join(
        f"{key.replace('_', ' ')} {_words(value)}" for key, value in row.items() if key not in ("source", "verified")
    )
    yield f"    - {said}"
    yield (
        f"      {row['source']}"
        if row["verified"] and "source" in row
        else "      UNVERIFIED: taken from no opened source"
    )


def _words(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key} {_words(one)}" for key, one in value.items())
    if isinstance(value, list):
        numbers = len(value) == 2 and all(isinstance(one, int | float) for one in value)
        return (
            f"{value[0]} to {value[1]}"
            if numbers and value[0] != value[1]
            else str(value[0])
            if numbers
            else ", ".join(map(str, value))
        )
    return str(value)
