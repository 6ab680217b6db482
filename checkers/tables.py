"""The rule tables in ``checkers/data``: facts with their source, edition and date, read once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


@cache
def table(name: str) -> dict[str, Any]:
    """``checkers/data/<name>.toml`` as it stands; do not change what is returned."""
    return tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))


def any_of(phrases: Iterable[str]) -> str:
    """A pattern for any of ``phrases``, the longest first, any white space or hyphen between their words."""
    ordered = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    return "(?:" + "|".join(_phrase(phrase) for phrase in ordered) + ")"


def _phrase(phrase: str) -> str:
    return r"[\s-]+".join(re.escape(word) for word in phrase.split())
