"""From an HTML tree to blocks: one pass in document order, without recursion, so that no nesting can exhaust the stack."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from ingest.readers.compose import Composer, squeeze
from ingest.readers.decode import tidy
from ingest.readers.html_marks import Context, alternative, declared, is_bold, is_hidden, shifted
from ingest.readers.lists import Nesting, marker
from ingest.readers.tables import Cell, is_table, write_table
from ingest.types import BlockKind

_DROPPED: Final = frozenset(
    "script style template noscript head nav iframe object embed canvas svg audio video select option button input"
    " textarea datalist dialog".split()
)
_BLOCKS: Final = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer footnote form"
    " h1 h2 h3 h4 h5 h6 header hr html item legend li list main menu ol p paragraph pre section summary table tbody td tfoot"
    " th thead tr ul".split()
)
_LISTS: Final = frozenset(("ul", "ol", "menu", "list"))
_ITEMS: Final = frozenset(("li", "item"))


_CAPTION = re.compile(r"(?:Table|TABLE|Tab\.)\s*[\dA-Z]+\b")
_BREAK: Final = "\ue000"
"""Stands for <br> until white space is squeezed; private use, and removed from what the source says."""
_MAX_HEADING: Final = 200


def write_flow(composer: Composer, root: etree._Element, *, tables: bool = True) -> set[str]:
    """Append everything that ``root`` shows to ``composer``; the names of the elements left out are returned.

    Without ``tables``, those inside ``root`` are read cell by cell as paragraphs.
    """
    flow = _Flow(composer, tables)
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            flow.close(element)
            if element is not root:
                flow.say(element.tail)
        elif not flow.open(element):
            walk.skip_subtree()
    flow.finish()
    return flow.dropped


def cell_text(cell: etree._Element) -> str:
    """The paragraphs of one table cell, a line each; what a browser would show as list items begin with a bullet."""
    inner = Composer(keep_signs=True)
    write_flow(inner, cell, tables=False)
    text = inner.text
    parts = []
    for block in inner.blocks:
        words = " ".join(text[block.start : block.end].split("\n"))
        parts.append(f"• {words}" if block.kind is BlockKind.ITEM and not marker(words) else words)
    return "\n".join(parts)


def table_rows(table: etree._Element) -> list[list[Cell]]:
    """The cells of a table. A one-row table inside a cell that spans as many columns stands for those columns."""
    rows: list[list[Cell]] = []
    for row in sorted(_own(table, "tr"), key=lambda row: row.getparent().tag == "tfoot"):
        cells: list[Cell] = []
        head = row.getparent() is not None and row.getparent().tag == "thead"
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            across = _number(cell, "colspan")
            inner = [one for one in cell.iterdescendants("tr") if across > 1]
            parts = [one for one in inner[0] if one.tag in ("td", "th")] if len(inner) == 1 else []
            if parts and len(parts) == across:
                cells += (Cell(cell_text(part)) for part in parts)
            else:
                rows_covered, header = _number(cell, "rowspan"), head or cell.tag == "th"
                cells.append(Cell(cell_text(cell), rows_covered, across, header, "" if header else _bold_lead(cell)))
        if cells:
            rows.append(cells)
    return rows


def _bold_lead(cell: etree._Element) -> str:
    """The bold words that a cell opens with."""
    words: list[str] = []
    bold = 0
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if event == "start":
            bold += is_bold(element)
            said = element.text
        else:
            bold -= is_bold(element)
            said = element.tail if element is not cell else None
        if said and said.strip():
            if not bold:
                break
            words.append(said)
    return squeeze(tidy(" ".join(words)))


def _own(table: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Elements of a table that belong to no table inside it."""
    walk = etree.iterwalk(table, events=("start",))
    for _, element in walk:
        if element.tag == "table" and element is not table:
            walk.skip_subtree()
        elif element.tag == tag:
            yield element


def _is_layout(table: etree._Element) -> bool:
    """Whether a table has one column only, or mostly holds other tables."""
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in _own(table, "tr")]
    inner = sum(1 for _ in table.iterdescendants("table"))
    return max(map(len, rows), default=0) < 2 or 5 * inner > sum(map(len, rows))


@dataclass
class _Flow:
    composer: Composer
    tables: bool

    def __post_init__(self) -> None:
        self.dropped: set[str] = set()
        self._stack: list[Context] = [Context(BlockKind.PARAGRAPH)]
        self._said: list[str] = []
        self._captions: list[str] = []
        self._nesting = Nesting()
        self._lists = 0

    def open(self, element: etree._Element) -> bool:
        """Begin ``element``; false if its inside is not to be walked."""
        tag = element.tag
        if not isinstance(tag, str):
            return False
        if tag in _DROPPED or is_hidden(element):
            if tag not in ("head", "input"):
                self.dropped.add(tag if tag in _DROPPED else "hidden text")
            return False
        if tag == "br":
            self._said.append(_BREAK)
        elif tag == "img":
            self.say(alternative(element))
        elif moved := shifted(element):
            self._said.append(moved.replace(_BREAK, ""))
            return False
        elif tag in _BLOCKS:
            return self._open_block(element, tag)
        else:
            self.say(element.text)
        return True

    def close(self, element: etree._Element) -> None:
        """End ``element``; what follows belongs to its parent."""
        tag = element.tag
        if tag not in _BLOCKS or is_hidden(element):
            return
        context = self._stack.pop()
        if tag in _LISTS:
            self._lists -= 1
        if self._stack[-1] is context and self._joins(tag, context):
            self._said.append(_BREAK)
        else:
            self._write(context)

    def say(self, words: str | None) -> None:
        """Words of the element that is open."""
        if words:
            self._said.append(tidy(words).replace(_BREAK, ""))

    def finish(self) -> None:
        """Write what is still open."""
        self._write(self._stack[-1])
        self._write_captions()

    def _open_block(self, element: etree._Element, tag: str) -> bool:
        outer = self._stack[-1]
        inner = self._context(element, tag, outer)
        if inner is outer and self._joins(tag, outer):
            self._said.append(_BREAK)
        else:
            self._write(outer)
        if tag in _LISTS:
            self._lists += 1
        self._stack.append(inner)
        if tag == "table" and self._table(element):
            return False
        self.say(element.text)
        return True

    def _context(self, element: etree._Element, tag: str, outer: Context) -> Context:
        if tag in _ITEMS:
            return Context(BlockKind.ITEM, max(self._lists, 1))
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            return Context(BlockKind.HEADING, int(tag[1]))
        if tag in ("table", "td", "th", "dt", "dd", "caption"):
            return Context(BlockKind.PARAGRAPH)
        if outer.kind is BlockKind.PARAGRAPH:
            return declared(element, _BLOCKS) or outer
        return outer

    @staticmethod
    def _joins(tag: str, context: Context) -> bool:
        return context.kind in (BlockKind.ITEM, BlockKind.HEADING) and tag in ("p", "div", "paragraph", "section")

    def _table(self, table: etree._Element) -> bool:
        if not self.tables or _is_layout(table):
            return False
        rows = table_rows(table)
        if not is_table(rows):
            return False
        captions = [
            *self._captions,
            *(" ".join(cell_text(caption).split("\n")) for caption in table.findall("caption")),
        ]
        self._captions.clear()
        write_table(self.composer, rows, captions)
        self._nesting.reset()
        return True

    def _write(self, context: Context) -> None:
        lines = [line for line in map(squeeze, "".join(self._said).split(_BREAK)) if line.strip()]
        self._said.clear()
        if not lines:
            return
        kind, level = context
        if kind is BlockKind.CAPTION or (kind is BlockKind.PARAGRAPH and _CAPTION.match(lines[0]) and len(lines) == 1):
            self._captions.extend(lines)
            return
        self._write_captions()
        text = "\n".join(lines)
        if kind is BlockKind.HEADING and len(text) <= _MAX_HEADING:
            self._nesting.reset()
            self.composer.add(kind, " ".join(lines), level=level)
        elif kind is BlockKind.ITEM:
            self.composer.add(kind, text, level=level)
        else:
            self._write_lines(lines)

    def _write_lines(self, lines: list[str]) -> None:
        """A paragraph, or the list that a paragraph with line breaks and bullets really is."""
        kind, level, held = BlockKind.PARAGRAPH, 0, list[str]()
        for line in lines:
            mark = marker(line)
            if mark is not None and self._nesting.continues(mark):
                self.composer.add(kind, "\n".join(held), level=level)
                kind, level, held = BlockKind.ITEM, self._nesting.level(mark, 0), []
            held.append(line)
        if kind is BlockKind.PARAGRAPH:
            self._nesting.interrupt()
        self.composer.add(kind, "\n".join(held), level=level)

    def _write_captions(self) -> None:
        for caption in self._captions:
            self.composer.add(BlockKind.PARAGRAPH, caption)
        self._captions.clear()


def _number(cell: etree._Element, attribute: str) -> int:
    value = cell.get(attribute, "1").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1
