"""The tables of ``cdss/data``: facts about codes and units, each file with its source."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """The table of that name; not to be changed."""
    return tomllib.loads(files("cdss").joinpath(f"data/{name}.toml").read_text("utf-8"))
