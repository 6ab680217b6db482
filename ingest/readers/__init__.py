"""One reader a format: bytes and a file name in, a ``Reading`` out.

A reader raises ``UnreadableError`` or ``NotAGuidelineError`` and nothing else, whatever the bytes.
"""

from __future__ import annotations

from collections.abc import Callable

from ingest.readers import html, markdown, openfda, pdf, plaintext
from ingest.types import Reading

VERSION = 3
"""Part of every document's id: raise it when a file would be read another way."""

READERS: dict[str, Callable[[bytes, str], Reading]] = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".txt": plaintext.read,
    ".text": plaintext.read,
    ".html": html.read,
    ".htm": html.read,
    ".xhtml": html.read,
    ".pdf": pdf.read,
    ".json": openfda.read,
}
