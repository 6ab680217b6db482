"""PDF, through pypdfium2."""

from __future__ import annotations

import pypdfium2

from ingest.readers.decode import refuse_too_large, tidy
from ingest.readers.facts import stated_facts
from ingest.readers.furniture import form, repeated_edges
from ingest.readers.layout import Line, lay_out
from ingest.types import BlockKind, NotAGuidelineError, Reading, UnreadableError


def read(data: bytes, name: str) -> Reading:
    """Read a PDF. Raises ``UnreadableError`` or ``NotAGuidelineError``."""
    refuse_too_large(data)
    if not data:
        raise NotAGuidelineError("empty")
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise UnreadableError("encrypted; remove its password first") from None
        raise UnreadableError("not a PDF, or a damaged one") from None
    pages: list[list[str]] = []
    try:
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            pages.append(tidy(text.get_text_range()).split("\n"))
            text.close()
            page.close()
    except pypdfium2.PdfiumError:
        raise UnreadableError("a damaged PDF") from None
    finally:
        document.close()
    common = repeated_edges(pages)
    lines = [
        Line(line.rstrip(), number)
        for number, page in enumerate(pages, start=1)
        for line in page
        if form(line) not in common
    ]
    text, blocks, numbered = lay_out(lines)
    if not blocks:
        raise NotAGuidelineError("no text in it (scanned?); run OCR first")
    title = next((text[b.start : b.end] for b in blocks if b.kind is BlockKind.HEADING), None)
    return Reading(
        text=text,
        blocks=blocks,
        metadata=stated_facts(title=title, head=[line.text for line in lines[:25]]),
        pages=numbered,
        media_type="application/pdf",
    )
