"""PDF, through pypdfium2: words with their places, put back into headings, paragraphs, items and ruled tables."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator, Sequence

import pypdfium2

from guidelines.types import CELL_SEPARATOR, Metadata
from ingest.readers.decode import refuse_too_large, tidy
from ingest.readers.facts import document_title, is_file_name, stated_facts
from ingest.readers.furniture import Header
from ingest.readers.headings import MAX_HEADING, numbered_depth
from ingest.readers.layout import Line, lay_out
from ingest.readers.pdf_edges import (
    Removed,
    remove_dotted_lines,
    remove_furniture,
    remove_line_numbers,
    remove_repeated_lines,
)
from ingest.readers.pdf_flow import text_lines
from ingest.readers.pdf_order import in_order
from ingest.readers.pdf_page import PageText, read_page
from ingest.readers.pdf_tables import RuledTable, take_tables
from ingest.readers.tables import header_height, written_out
from ingest.readers.wrapping import ENDED
from ingest.types import BlockKind, NotAGuidelineError, Reading, UnreadableError

_HEAD = 160
_CUT = 20.0
"""A table that reaches so near to the edge of the paper (in points) was cut by the page break, not closed before it."""
_CAPTION = re.compile(r"(?:Table|TABLE)\s+[\dA-Z]{1,3}\b")


def read(data: bytes, name: str) -> Reading:
    """Read a PDF. Raises ``UnreadableError`` or ``NotAGuidelineError``."""
    refuse_too_large(data)
    if not data:
        raise NotAGuidelineError("empty")
    pages, declared = _pages(data)
    if not any(page.lines for page in pages):
        raise NotAGuidelineError("no text in it (scanned?); run OCR first")
    empty = [number for number, page in enumerate(pages, start=1) if not page.lines]
    removed = Removed()
    remove_line_numbers(pages, removed)
    remove_furniture(pages, removed)
    remove_repeated_lines(pages)
    remove_dotted_lines(pages, removed)
    heights = [line.height for page in pages for line in page.lines for _ in line.words]
    lines = _lines(pages, statistics.median(heights) if heights else 10.0)
    text, blocks, numbered = lay_out(lines)
    if not blocks:
        raise NotAGuidelineError("nothing in it but page headers")
    title = tidy(declared).strip()
    if not title or len(title) > MAX_HEADING or is_file_name(title, name):
        title = document_title(text, blocks) or ""
    header = Header(facts=list(removed.furniture.values()))
    head = [line.text for line in lines[:_HEAD]]
    metadata: Metadata = stated_facts(title=title or None, head=head, header=header)
    return Reading(
        text=text,
        blocks=blocks,
        metadata=metadata,
        pages=numbered,
        notes=tuple(_notes(pages, removed, empty)),
        media_type="application/pdf",
    )


def _pages(data: bytes) -> tuple[list[PageText], str]:
    """All pages, and the title that the file declares. Everything of pdfium is closed again."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise UnreadableError("encrypted; remove its password first") from None
        raise UnreadableError("not a PDF, or a damaged one") from None
    try:
        pages = []
        for number in range(len(document)):
            page = document[number]
            try:
                pages.append(read_page(page))
            finally:
                page.close()
        return pages, document.get_metadata_value("Title")
    except pypdfium2.PdfiumError:
        raise UnreadableError("a damaged PDF: a page cannot be read") from None
    finally:
        document.close()


def _lines(pages: Sequence[PageText], body: float) -> list[Line]:
    """The lines of all pages with their tables; a table that goes on over a page break keeps its number."""
    written: list[Line] = []
    table, last = -1, None
    for number, page in enumerate(pages, start=1):
        lines, tables = take_tables(page.lines, page.rules)
        if written and written[-1].text.endswith(ENDED):
            written.append(Line("", number))
        for place, ruled in enumerate(sorted(tables, key=lambda ruled: -ruled.y1)):
            above = [line for line in lines if line.y > ruled.y1 - 2]
            lines = [line for line in lines if line.y <= ruled.y1 - 2]
            written += text_lines(in_order(page, above), number, body)
            goes_on = last is not None and not above and not place and _same_columns(last, ruled)
            if not goes_on:
                table += 1
                _make_caption(written, table)
            rows = list(_rows(ruled, table, number, goes_on=goes_on))
            cut = goes_on and last is not None and last.y0 < _CUT and ruled.y1 > page.height - _CUT
            written += _mend_row(written, rows) if cut else rows
            last = ruled
        if lines:
            written += text_lines(in_order(page, lines), number, body)
            last = None
    return written


def _make_caption(written: list[Line], table: int) -> None:
    """The title right above a table ("Table 1. Dose by weight") becomes its caption, wherever the page ended."""
    place = len(written)
    while place and len(written) - place < 8:
        place -= 1
        line = written[place]
        if line.kind not in (None, BlockKind.HEADING) or (
            line.text and line.kind is None and not _CAPTION.match(line.text)
        ):
            return
        if _CAPTION.match(line.text):
            text = " ".join(part.text for part in written[place:] if part.text)
            written[place:] = [Line(text, line.page, BlockKind.CAPTION, table=table)]
            return


def _rows(ruled: RuledTable, table: int, page: int, *, goes_on: bool) -> Iterator[Line]:
    header = 0 if goes_on else header_height(ruled.rows)
    yield Line("", page)
    for number, (cells, row) in enumerate(zip(written_out(ruled.rows), ruled.rows, strict=True)):
        if len(row) == 1:
            yield from _full_width(row[0].text, page)
            continue
        if not header and not goes_on:
            cells = [cell for place, cell in enumerate(cells) if not place or cell != cells[place - 1]]
        if any(cells):
            kind = BlockKind.HEADER if number < header else BlockKind.ROW
            yield Line(CELL_SEPARATOR.join(cells), page, kind, table=table)
    yield Line("", page)


def _mend_row(written: list[Line], rows: list[Line]) -> list[Line]:
    """Rows of a table that begins where the page before cut it: the two halves of the cut row become one."""
    first = next((place for place, line in enumerate(rows) if line.kind is BlockKind.ROW), None)
    last = next((place for place in range(len(written) - 1, -1, -1) if written[place].kind is BlockKind.ROW), None)
    if first is None or last is None or any(line.text for line in written[last + 1 :]):
        return rows
    above, below = (line.text.split(CELL_SEPARATOR) for line in (written[last], rows[first]))
    if len(above) == len(below):
        cells = [one if one == two else f"{one} {two}".strip() for one, two in zip(above, below, strict=True)]
        written[last].text = CELL_SEPARATOR.join(cells)
        del rows[: first + 1], written[last + 1 :]
    return rows


def _full_width(text: str, page: int) -> Iterator[Line]:
    """A row of one cell: a heading among the rows, or a note."""
    if text and len(text) <= MAX_HEADING and not text.endswith((".", ";")):
        depth = numbered_depth(text)
        yield Line(text, page, BlockKind.HEADING, 5 if depth is None else depth + 1)
    elif text:
        yield from (Line("", page), Line(text, page), Line("", page))


def _same_columns(one: RuledTable, other: RuledTable) -> bool:
    return len(one.columns) == len(other.columns) and all(
        abs(a - b) < 4 for a, b in zip(one.columns, other.columns, strict=True)
    )


def _notes(pages: Sequence[PageText], removed: Removed, empty: Sequence[int]) -> Iterator[str]:
    if removed.furniture:
        shown = [f"“{text[:80]}”" for text in removed.furniture.values() if any(map(str.isalpha, text))][:2]
        examples = f", such as {'; '.join(shown)}" if shown else ""
        yield f"removed {removed.furniture_lines} lines of repeated page headers and footers{examples}"
    if removed.dotted_lines:
        yield f"left out {removed.dotted_lines} entries of contents or index"
    if removed.line_numbers:
        yield f"removed {removed.line_numbers} line numbers from the margin"
    if sum(page.watermark for page in pages) > 0.8 * len(pages):
        yield "every page carries a drawn watermark that cannot be read; it may say DRAFT: look at it and state the status"
    if empty:
        yield f"no text on page{'s' if len(empty) > 1 else ''} {', '.join(map(str, empty[:20]))}"
