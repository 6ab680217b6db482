"""What plain text and Markdown share: lines, page headers, pipe tables, layout, facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from guidelines.types import CELL_SEPARATOR, Metadata
from ingest.readers import furniture
from ingest.readers.facts import document_title, is_file_name, stated_facts
from ingest.readers.layout import Line, lay_out
from ingest.readers.wrapping import ENDED
from ingest.types import BlockKind, NotAGuidelineError, Reading

_PIPE_ROW = re.compile(r"\s*[|│].*[|│]\s*$")
_PIPE_RULE = re.compile(r"[\s|│┌┐└┘├┤┬┴┼─═:+-]+$")
_HASH = re.compile(r"(?P<marks>#{1,6})\s+(?P<words>.*?)\s*#*\s*$")
_HEAD = 25

Render = Callable[[str], str]


def read_text(
    text: str,
    name: str,
    *,
    notes: Sequence[str] = (),
    media_type: str,
    metadata: Metadata | None = None,
    render: Render = str,
    hash_level: int = 2,
) -> Reading:
    """Read decoded text. ``render`` turns one line of markup into its words; ``#`` headings start at ``hash_level`` + 1."""
    if not text.strip():
        raise NotAGuidelineError("empty")
    source = text.split("\n")
    stripped = furniture.strip_headers(source)
    told = list(notes)
    if stripped.removed:
        told.append(f"removed {stripped.removed} lines of repeated page headers and footers")
    lines: list[Line] = []
    for kept in _without_page_gaps(source, stripped.kept):
        words = source[kept.number].replace("\f", "").rstrip()
        found = _HASH.match(words)
        if found and kept.number == 0 and is_file_name(found["words"], name):
            told.append("left out the first line, which only repeats the file's name")
        elif kept.heading is not None:
            lines.append(Line(kept.heading, kept.page, BlockKind.HEADING, 1))
        elif found:
            lines.append(Line(render(found["words"]), kept.page, BlockKind.HEADING, len(found["marks"]) + hash_level))
        else:
            lines.append(Line(words if _PIPE_ROW.match(words) else render(words), kept.page))
    lines = list(_pipe_tables(lines))
    canonical, blocks, pages = lay_out(lines)
    if not blocks:
        raise NotAGuidelineError("no text in it")
    title = document_title(canonical, blocks)
    head = [line.text for line in lines[:_HEAD]]
    return Reading(
        text=canonical,
        blocks=blocks,
        metadata=metadata or stated_facts(title=title, head=head, header=stripped.header),
        pages=pages,
        notes=tuple(told),
        media_type=media_type,
    )


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
    """Rows of tables drawn with | or │: frames go, cells are joined as everywhere."""
    table = -1
    number = 0
    while number < len(lines):
        end = number
        while end < len(lines) and (
            _PIPE_ROW.match(lines[end].text) or (end > number and _PIPE_RULE.fullmatch(lines[end].text))
        ):
            end += 1
        rows = [line for line in lines[number:end] if not _PIPE_RULE.fullmatch(line.text)]
        if len(rows) < 2:
            yield lines[number]
            number += 1
            continue
        table += 1
        for first, line in enumerate(rows):
            cells = [cell.strip() for cell in re.split(r"(?<!\\)[|│]", line.text.strip()[1:-1])]
            kind = BlockKind.ROW if first else BlockKind.HEADER
            if any(cells):
                yield Line(CELL_SEPARATOR.join(cells), line.page, kind, table=table)
        number = end
