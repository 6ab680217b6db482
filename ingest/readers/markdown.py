"""Markdown: its headings, lists, tables and links, and the HTML that converters put into it; the words stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ingest.readers.compose import Composer
from ingest.readers.decode import decode
from ingest.readers.front_matter import take_front_matter
from ingest.readers.html import parse
from ingest.readers.html_flow import write_flow
from ingest.readers.inline import render
from ingest.readers.layout import Line
from ingest.readers.text import read_text
from ingest.types import BlockKind, NotAGuidelineError, Reading

_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})[\w+-]*\s*$")
_RULE = re.compile(r"\s*(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
_UNDERLINE = re.compile(r"(?:=+|-{2,})\s*$")
_TABLE = re.compile(r"\s*<table\b", re.IGNORECASE)
_TABLE_END = re.compile(r"</table\s*>\s*$", re.IGNORECASE)


def read(data: bytes, name: str) -> Reading:
    """Read Markdown. Raises ``UnreadableError`` or ``NotAGuidelineError``."""
    text, notes = decode(data)
    if not text.strip():
        raise NotAGuidelineError("empty")
    fields, text, remarks = take_front_matter(text)
    text, comments = _without_comments(text)
    if comments:
        remarks += (f"left out {comments} comments",)
    return read_text(text, name, notes=(*notes, *remarks), media_type="text/markdown", fields=fields, shape=shape)


def _without_comments(text: str) -> tuple[str, int]:
    """The text without ``<!-- … -->``, and how many there were; one that is never closed is text."""
    kept, start = [], 0
    while (begin := text.find("<!--", start)) >= 0 and (end := text.find("-->", begin + 4)) >= 0:
        kept.append(text[start:begin])
        start = end + 3
    return "".join([*kept, text[start:]]), len(kept)


def shape(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines without the marks of Markdown: underlined headings, rules, fences, HTML tables, and what stands inside a line."""
    waiting: Line | None = None
    html_lines: list[Line] = []
    tables = 0
    for line in lines:
        if html_lines or _TABLE.match(line.text):
            html_lines.append(line)
            if _TABLE_END.search(line.text):
                rows = list(_html_table(html_lines, tables))
                tables += 1 + max((row.table - tables for row in rows if row.table is not None), default=0)
                yield from (part for part in (waiting, *rows) if part is not None)
                waiting, html_lines = None, []
            continue
        if waiting is not None and waiting.kind is None and waiting.text.strip() and _UNDERLINE.fullmatch(line.text):
            yield Line(waiting.text.strip(), waiting.page, BlockKind.HEADING, 1 if line.text[0] == "=" else 2)
            waiting = None
        elif not (_FENCE.fullmatch(line.text) or _RULE.fullmatch(line.text)):
            if waiting is not None:
                yield waiting
            line.text = render(line.text)
            waiting = line
    yield from (part for part in (waiting, *html_lines) if part is not None)


def _html_table(lines: list[Line], number: int) -> Iterator[Line]:
    """The rows of an HTML table that stands among the lines."""
    root = parse("\n".join(line.text for line in lines))
    composer = Composer()
    if root is not None:
        write_flow(composer, root)
    yield Line("", lines[0].page)
    for block in composer.blocks:
        text = " ".join(composer.text[block.start : block.end].split("\n"))
        table = None if block.table is None else block.table + number
        kind = None if block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM) else block.kind
        yield Line(text, lines[0].page, kind, block.level, table)
    yield Line("", lines[0].page)
