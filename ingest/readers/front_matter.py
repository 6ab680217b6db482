"""Metadata at the head of a Markdown file, between two lines of ``---``.

A flat subset of YAML: ``key: value``, ``key: [a, b]``, and ``- item`` lines under a key. Every value is text, so that the
jurisdiction NO is Norway and the edition 2.10 is not 2.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import ValidationError

from guidelines.types import Metadata

_BLOCK = re.compile(r"---[ \t]*\n(?P<body>.{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_PAIR = re.compile(r"(?P<key>[A-Za-z][\w -]{0,60}?)\s*:(?:\s+(?P<value>.*))?$")
_ITEM = re.compile(r"\s*-\s+(?P<value>.+)$")
_LISTS = ("population", "setting", "supersedes")


def take_front_matter(text: str) -> tuple[Mapping[str, object], str, tuple[str, ...]]:
    """The fields of ``Metadata`` that the head states, the text without the head, and notes on what was not understood."""
    block = _BLOCK.match(text)
    if block is None or not any(_PAIR.match(line) for line in block["body"].split("\n")):
        return {}, text, ()
    values, notes = _parse(block["body"])
    fields: dict[str, object] = {}
    for key, value in values.items():
        name = key.strip().casefold().replace(" ", "_").replace("-", "_")
        if name not in Metadata.model_fields:
            notes.append(f"front matter: “{key}” is no known field, left out")
            continue
        try:
            checked = Metadata.model_validate({name: _shaped(name, value)})
        except ValidationError:
            notes.append(f"front matter: the value of “{key}” cannot be used, left out")
            continue
        fields[name] = getattr(checked, name)
    return fields, text[block.end() :], tuple(notes)


def _parse(body: str) -> tuple[dict[str, str | list[str]], list[str]]:
    values: dict[str, str | list[str]] = {}
    notes: list[str] = []
    key: str | None = None
    for line in body.split("\n"):
        item, pair = _ITEM.match(line), _PAIR.match(line)
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if item is not None and key is not None:
            held = values[key]
            values[key] = [*(held if isinstance(held, list) else []), _plain(item["value"])]
        elif pair is not None:
            key = pair["key"]
            value = (pair["value"] or "").strip()
            inline = value.startswith("[") and value.endswith("]")
            values[key] = [_plain(part) for part in value[1:-1].split(",")] if inline else _plain(value)
        else:
            notes.append(f"front matter: “{line.strip()[:60]}” is not understood, left out")
    return values, notes


def _shaped(name: str, value: str | list[str]) -> object:
    """Lists stay lists, one value for a list is a list of one, nothing at all is unknown."""
    if name in _LISTS:
        parts = value if isinstance(value, list) else [value]
        return tuple(part for part in parts if part)
    return value or (None if name != "status" else "unknown")


def _plain(value: str) -> str:
    value = re.sub(r"\s+#.*$", "", value.strip())
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1].strip() if quoted else value
