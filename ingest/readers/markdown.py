"""Markdown: its headings, lists, tables and links, and the HTML that converters put into it; the words stay as they are."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from ingest.readers.compose import Composer
from ingest.readers.decode import decode, tidy
from ingest.readers.front_matter import take_front_matter
from ingest.readers.html import parse
from ingest.readers.html_flow import write_flow
from ingest.readers.layout import Line
from ingest.readers.superscripts import lowered, raised
from ingest.readers.text import read_text
from ingest.types import BlockKind, NotAGuidelineError, Reading

_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})[\w+-]*\s*$")
_RULE = re.compile(r"\s*(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$")
_UNDERLINE = re.compile(r"(?:=+|-{2,})\s*$")
_TABLE = re.compile(r"\s*<table\b", re.IGNORECASE)
_TABLE_END = re.compile(r"</table\s*>\s*$", re.IGNORECASE)
_IMAGE = re.compile(r"!\[(?P<alt>[^\]\[]{0,300})\]\([^)(]{0,1000}\)")
_LINK = re.compile(r"\[(?P<words>[^\]\[]{1,300})\]\([^)(\s]{0,1000}(?:\s+\"[^\"]{0,300}\")?\)")
_STRONG = re.compile(
    r"(?<![\w*])\*\*(?=\S)(?P<words>[^*]{1,600}?)(?<=\S)\*\*(?![\w*])|(?<![\w_])__(?=\S)(?P<also>[^_]{1,600}?)(?<=\S)__(?![\w_])"
)
_SHIFTED = re.compile(r"<(?P<tag>sup|sub)>(?P<words>[^<]{1,20})</(?P=tag)>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:b|i|u|em|strong|span|font|small|a|p|div|center)(?:\s[^<>]{0,500})?>", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")


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


def render(text: str) -> str:
    """The words of one line: links and images by their text, strong emphasis without its marks, escapes resolved.

    Single asterisks stay: in guidelines they are footnote marks.
    """
    text = _IMAGE.sub(lambda found: found["alt"], text)
    text = _LINK.sub(lambda found: found["words"], text)
    text = _STRONG.sub(lambda found: found["words"] or found["also"], text)
    text = _SHIFTED.sub(lambda found: (raised if found["tag"].lower() == "sup" else lowered)(found["words"]), text)
    text = _TAG.sub("", _BREAK.sub(" ", text))
    return _ESCAPE.sub(r"\1", tidy(html.unescape(text)).replace("\n", " ") if "&" in text else text)


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
