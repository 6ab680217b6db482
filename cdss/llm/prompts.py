"""Prompts are files, and their hash is on record with every answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A text with named places, ``{question}``."""

    name: str
    text: str

    @property
    def hash(self) -> str:
        """Sixteen hexadecimal digits that are others for another text."""
        return sha256(self.text.encode()).hexdigest()[:16]

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with ``values`` in their places, once: a place in a value stays as it is. Raises ``KeyError``."""
        return _PLACE.sub(lambda place: values[place[1]], self.text)


@cache
def prompt(name: str) -> Prompt:
    """The prompt in ``cdss/prompts/<name>.md``."""
    return Prompt(name, files("cdss").joinpath(f"prompts/{name}.md").read_text("utf-8"))
