"""The cases of ``cases.toml`` and what a reading must be equal to."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checkers.types import Dose

_SHORT = {"freq": "frequency_per_day", "days": "duration_days", "low": "dose_low", "high": "dose_high"}
FIELDS = (
    "drug",
    "dose_low",
    "dose_high",
    "unit",
    "per_kg",
    "per_m2",
    "basis",
    "frequency_per_day",
    "route",
    "duration_days",
    "role",
)


@dataclass(frozen=True)
class Case:
    text: str
    doses: tuple[dict[str, Any], ...]


def cases(part: str) -> list[Case]:
    """The cases of ``part``: "tuning" or "held"."""
    rows = tomllib.loads(Path(__file__).with_name("cases.toml").read_text("utf-8"))[part]
    return [Case(row["text"], tuple(map(_expected, row["doses"]))) for row in rows]


def fields(dose: Dose) -> dict[str, Any]:
    """A dose's fields, numbers as floats to four places."""
    return {name: _plain(getattr(dose, name)) for name in FIELDS}


def _expected(row: dict[str, Any]) -> dict[str, Any]:
    given = {_SHORT.get(name, name): value for name, value in row.items()}
    unset: dict[str, Any] = dict.fromkeys(FIELDS) | {"per_kg": False, "per_m2": False, "basis": "dose", "role": "dose"}
    whole = unset | given
    if whole["dose_high"] is None:
        whole["dose_high"] = whole["dose_low"]
    return {name: _plain(whole[name]) for name in FIELDS}


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, bool)) else round(float(value), 4)
