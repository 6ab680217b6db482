"""Bytes to text, and nothing read into it.

Words, digits and symbols stay as they are: NFC only, never NFKC, which would turn 10⁹ into 109 and ½ into 1⁄2.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from ingest.types import UnreadableError

MAX_BYTES = 64 * 1024 * 1024
"""Larger files are refused: a reader holds a file several times over in memory, and no guideline is that long."""

MAX_LINES = 1_000_000
"""A text of more lines is no guideline either."""

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Soft hyphens and zero-width breaks: hints to a typesetter, which would cut words in two for a search."""
_LINE_ENDS = re.compile("\r\n?|[\x0b\x85\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BINARY_SHARE = 0.02
"""Above this share of control characters a file is no text: prose has none, a damaged export a few."""


def refuse_too_large(data: bytes) -> None:
    """Raise ``UnreadableError`` for more than ``MAX_BYTES``."""
    if len(data) > MAX_BYTES:
        raise UnreadableError(f"larger than {MAX_BYTES // (1024 * 1024)} MB; split it")


def decode(data: bytes, *, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of ``data``, and notes on what had to be assumed or dropped.

    A byte-order mark decides, then UTF-8 if it fits, then the encoding that the file ``declared`` of itself, then
    Windows-1252. Raises ``UnreadableError`` for anything that is no text.
    """
    refuse_too_large(data)
    text, encoding = _decode(data, declared)
    notes: list[str] = []
    if encoding == "cp1252":
        notes.append("not UTF-8: read as Windows-1252")
    text = _LINE_ENDS.sub("\n", text)
    text, dropped = _CONTROL.subn("", text)
    if dropped > max(8, _BINARY_SHARE * (len(text) + dropped)):
        raise UnreadableError("not text: it holds binary data")
    if dropped:
        notes.append(f"dropped {dropped} control character{'s' if dropped > 1 else ''}")
    if text.count("\n") > MAX_LINES:
        raise UnreadableError(f"more than {MAX_LINES:,} lines; split it")
    return tidy(text), tuple(notes)


def tidy(text: str) -> str:
    """NFC with ``\\n`` line ends and without characters that nobody sees; a lone surrogate, which cannot be stored, is �."""
    text = _INVISIBLE.sub("", _CONTROL.sub("", _LINE_ENDS.sub("\n", text)))
    return unicodedata.normalize("NFC", _SURROGATES.sub("\ufffd", text))


def _decode(data: bytes, declared: str | None) -> tuple[str, str]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError:
                raise UnreadableError(f"marked as {encoding.upper()}, but it is not; save it as UTF-8") from None
    for candidate in ("utf-8", declared, "cp1252"):
        if candidate is None:
            continue
        try:
            return data.decode(candidate), candidate
        except (UnicodeError, LookupError):
            continue
    raise UnreadableError("neither UTF-8 nor Windows-1252 text; save it as UTF-8")
