"""Plain text, mostly what a PDF or a scanner left: page headers out, pages counted, structure from its layout."""

from __future__ import annotations

from ingest.readers.decode import decode
from ingest.readers.text import read_text
from ingest.types import NotAGuidelineError, Reading


def read(data: bytes, name: str) -> Reading:
    """Read plain text. Raises ``UnreadableError`` or ``NotAGuidelineError``."""
    text, notes = decode(data)
    if not text.strip():
        raise NotAGuidelineError("empty")
    return read_text(text, name, notes=notes, media_type="text/plain")
