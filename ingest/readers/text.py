"""What plain text and Markdown share: page headers out, marked headings, pipe tables, layout, facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from guidelines.types import CELL_SEPARATOR
from ingest.readers import furniture
from ingest.readers.facts import document_title, is_file_name, stated_facts
from ingest.readers.inline import render
from ingest.readers.layout import Line, lay_out
from ingest.readers.tables import unstack
from ingest.readers.wrapping import ENDED
from ingest.types import BlockKind, NotAGuidelineError, Reading

_PIPE_ROW = re.compile(r"\s*[|│].*[|│]\s*$")
_PIPE_RULE = re.compile(r"[\s|│┌┐└┘├┤┬┴┼─═:+-]+$")
_HASH = re.compile(r"(?P<marks>#{1,6})\s+(?P<words>\S.*?)(?:\s+#+)?$")
_CAPTION = re.compile(r"\s*(?:Table|TABLE)\s+[\dA-Z][\d.]*\b.{0,200}$")
_HEAD = 25
_LONGEST_HEADING = 400
_PLAIN_LEVEL = 2
"""A "#" in plain text, where somebody pasted a piece of Markdown, heads a part of a section, not the document."""


def read_text(
    text: str,
    name: str,
    *,
    notes: Sequence[str],
    media_type: str,
    fields: Mapping[str, object] | None = None,
    shape: Callable[[Iterable[Line]], Iterable[Line]] | None = None,
) -> Reading:
    """Read decoded text.

    ``shape`` resolves the marks of a markup language, line by line; ``fields`` are metadata that were stated outright.
    """
    source = text.replace("\f", "\n\f").split("\n")
    stripped = furniture.strip_headers(source)
    told = list(notes)
    if stripped.removed:
        told.append(f"removed {stripped.removed} lines of repeated page headers and footers")
    kept = list(_without_page_gaps(source, stripped.kept))
    first = next((line for line in kept if source[line.number].strip()), None)
    named = _HASH.match(source[first.number][:_LONGEST_HEADING].rstrip()) if first is not None else None
    if first is not None and named is not None and is_file_name(named["words"], name):
        kept.remove(first)
        told.append("left out the first line, which only repeats the file's name")
    plain: Iterable[Line] = (_line(source[line.number], line, 0 if shape else _PLAIN_LEVEL) for line in kept)
    lines = _captioned(list(_pipe_tables(list(shape(plain) if shape else plain))))
    canonical, blocks, pages = lay_out(lines)
    if not blocks:
        raise NotAGuidelineError("no text in it")
    facts = stated_facts(
        title=document_title(canonical, blocks), head=[line.text for line in lines[:_HEAD]], header=stripped.header
    )
    return Reading(
        text=canonical,
        blocks=blocks,
        metadata=facts.model_copy(update=dict(fields or {})),
        pages=pages,
        notes=tuple(told),
        media_type=media_type,
    )


def _line(source: str, kept: furniture.Kept, above: int) -> Line:
    """One line of the source; a heading marked with "#" is ``above`` levels below its marks."""
    if kept.heading is not None:
        return Line(kept.heading, kept.page, BlockKind.HEADING, 1)
    text = source.replace("\f", "").rstrip()
    if text.startswith("#") and len(text) < _LONGEST_HEADING and (found := _HASH.match(text)):
        return Line(found["words"], kept.page, BlockKind.HEADING, len(found["marks"]) + above)
    return Line(text, kept.page)


def _without_page_gaps(source: Sequence[str], kept: Sequence[furniture.Kept]) -> Iterator[furniture.Kept]:
    """Leave out the blank lines around a page break, unless a sentence ended there: they belonged to the page."""
    last: furniture.Kept | None = None
    gap: list[furniture.Kept] = []
    for line in kept:
        if not source[line.number].strip():
            gap.append(line)
            continue
        turned = last is not None and last.page is not None and line.page != last.page
        if last is None or not turned or source[last.number].rstrip().endswith(ENDED):
            yield from gap
        gap = []
        last = line
        yield line


def _pipe_tables(lines: Sequence[Line]) -> Iterator[Line]:
    """Rows of tables drawn with | or │: frames go, cells are joined as everywhere.

    Such a table cannot say that a cell covers several rows: its author leaves those below empty. A row's empty first cell
    therefore means the one above.
    """
    number = 0
    table = max((line.table for line in lines if line.table is not None), default=-1)
    while number < len(lines):
        end = number
        while (
            end < len(lines) and lines[end].kind is None and _is_pipe(lines[end].text, lines[number].text, end > number)
        ):
            end += 1
        rows = [line for line in lines[number:end] if not _PIPE_RULE.fullmatch(line.text)]
        if len(rows) < 2:
            yield lines[number]
            number += 1
            continue
        table += 1
        name = ""
        for place, line in enumerate(rows):
            cells = [render(cell).strip() for cell in re.split(r"(?<!\\)[|│]", _unframed(line.text))]
            name = cells[0] = cells[0] or name
            for part in unstack(cells) if place else [cells]:
                text = CELL_SEPARATOR.join(" ".join(cell.split()) for cell in part)
                if any(part):
                    yield Line(text, line.page, BlockKind.ROW if place else BlockKind.HEADER, table=table)
        number = end


def _captioned(lines: list[Line]) -> list[Line]:
    """The title right above a table ("Table 3: Doses") becomes its caption."""
    last: Line | None = None
    for line in lines:
        begins = line.table is not None and (last is None or last.table != line.table)
        if begins and last is not None and last.kind in (None, BlockKind.HEADING) and _CAPTION.match(last.text):
            last.kind, last.level, last.table = BlockKind.CAPTION, 0, line.table
        if line.text.strip():
            last = line
    return lines


def _is_pipe(text: str, first: str, begun: bool) -> bool:
    """Whether a line belongs to a drawn table; in one, a row with a stray character behind its last | does."""
    if _PIPE_ROW.match(text):
        return True
    stray = text.lstrip()[:1] in ("|", "│") and text.count(text.lstrip()[:1]) == first.count(text.lstrip()[:1]) > 1
    return begun and bool(text.strip()) and (stray or bool(_PIPE_RULE.fullmatch(text)))


def _unframed(row: str) -> str:
    row = row.strip()
    return row[1 : -1 if row[-1] in "|│" else None]
