"""Markdown: its headings, lists, tables and links; the words stay as they are."""

from __future__ import annotations

import re

from ingest.readers.decode import decode
from ingest.readers.text import read_text
from ingest.types import Reading

_IMAGE = re.compile(r"!\[(?P<alt>[^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[(?P<words>[^\]]+)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_STRONG = re.compile(
    r"(?<![\w*])\*\*(?=\S)(?P<words>[^*]+?)(?<=\S)\*\*(?![\w*])|(?<![\w_])__(?=\S)(?P<also>[^_]+?)(?<=\S)__(?![\w_])"
)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")


def read(data: bytes, name: str) -> Reading:
    """Read Markdown. Raises ``UnreadableError`` or ``NotAGuidelineError``."""
    text, notes = decode(data)
    return read_text(text, name, notes=notes, media_type="text/markdown", render=render, hash_level=0)


def render(line: str) -> str:
    """The words of one line: links and images by their text, strong emphasis without its marks, escapes resolved.

    Single asterisks stay: in guidelines they are footnote marks.
    """
    line = _IMAGE.sub(lambda found: found["alt"], line)
    line = _LINK.sub(lambda found: found["words"], line)
    line = _STRONG.sub(lambda found: found["words"] or found["also"], line)
    return _ESCAPE.sub(r"\1", line)
