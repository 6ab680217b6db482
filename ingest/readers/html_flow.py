"""From an HTML tree to blocks: one pass in document order, without recursion, so that no nesting can exhaust the stack."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from lxml import etree

from ingest.readers.compose import Composer, squeeze
from ingest.readers.decode import tidy
from ingest.readers.lists import Nesting, marker
from ingest.readers.tables import Cell, is_table, write_table
from ingest.types import BlockKind

_DROPPED: Final = frozenset(
    "script style template noscript head nav iframe object embed canvas svg audio video select option button input"
    " textarea datalist dialog".split()
)
_BLOCKS: Final = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2"
    " h3 h4 h5 h6 header hr html item legend li list main menu ol p paragraph pre section summary table tbody td tfoot th"
    " thead tr ul".split()
)
_LISTS: Final = frozenset(("ul", "ol", "menu", "list"))
_ITEMS: Final = frozenset(("li", "item"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_LOWERED = re.compile(r"vertical-align\s*:\s*sub\b", re.IGNORECASE)
SUPERSCRIPT: Final = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
SUBSCRIPT: Final = str.maketrans("0123456789+-−()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎")
_EXPONENT = re.compile(r"[0-9+\-−()n]+")
_HEADING_CLASS = re.compile(r"(?:^|[-_\s])(?:heading|head|title)[-_]?([a-h]|[1-9])?(?=$|[-_\s\d])", re.IGNORECASE)
_CAPTION_CLASS = re.compile(
    r"(?:^|[-_\s])(?:(?:heading|head|title)[-_]?(?:t\d*|tab|table)|(?:table|tab)[-_]?(?:heading|head|title|caption)|caption)(?=$|[-_\s])",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"(?:Table|TABLE|Tab\.)\s*[\dA-Z]+\b")
_BREAK: Final = "\ue000"
"""Stands for <br> until white space is squeezed; private use, and removed from what the source says."""
_MAX_HEADING: Final = 200


class _Context(NamedTuple):
    """What text directly inside an open element becomes."""

    kind: BlockKind
    level: int = 0


def write_flow(composer: Composer, root: etree._Element) -> set[str]:
    """Append everything that ``root`` shows to ``composer``; the names of the elements left out are returned."""
    flow = _Flow(composer)
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
    inner = Composer()
    write_flow(inner, cell)
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
            bold += _is_bold(element)
            said = element.text
        else:
            bold -= _is_bold(element)
            said = element.tail if element is not cell else None
        if said and said.strip():
            if not bold:
                break
            words.append(said)
    return squeeze(tidy(" ".join(words)))


def _is_bold(element: etree._Element) -> bool:
    return (
        element.tag in ("b", "strong")
        or "bold" in element.get("class", "").lower()
        or element.get("stylecode", "").lower() == "bold"
        or bool(_BOLD.search(element.get("style", "")))
    )


def _own(table: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Elements of a table that belong to no table inside it."""
    walk = etree.iterwalk(table, events=("start",))
    for _, element in walk:
        if element.tag == "table" and element is not table:
            walk.skip_subtree()
        elif element.tag == tag:
            yield element


def _is_layout(table: etree._Element) -> bool:
    """Whether a table mostly holds other tables."""
    inner = sum(1 for _ in table.iterdescendants("table"))
    return bool(inner) and 5 * inner > sum(1 for row in _own(table, "tr") for cell in row if cell.tag in ("td", "th"))


@dataclass
class _Flow:
    composer: Composer

    def __post_init__(self) -> None:
        self.dropped: set[str] = set()
        self._stack: list[_Context] = [_Context(BlockKind.PARAGRAPH)]
        self._said: list[str] = []
        self._captions: list[str] = []
        self._nesting = Nesting()
        self._lists = 0

    def open(self, element: etree._Element) -> bool:
        """Begin ``element``; false if its inside is not to be walked."""
        tag = element.tag
        if not isinstance(tag, str):
            return False
        if tag in _DROPPED or _hidden(element):
            if tag not in ("head", "input"):
                self.dropped.add(tag if tag in _DROPPED else "hidden text")
            return False
        if tag == "br":
            self._said.append(_BREAK)
        elif tag == "img":
            self.say(_alternative(element))
        elif shifted := _shifted(element):
            self._said.append(shifted)
            return False
        elif tag in _BLOCKS:
            return self._open_block(element, tag)
        else:
            self.say(element.text)
        return True

    def close(self, element: etree._Element) -> None:
        """End ``element``; what follows belongs to its parent."""
        tag = element.tag
        if tag not in _BLOCKS or _hidden(element):
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

    def _context(self, element: etree._Element, tag: str, outer: _Context) -> _Context:
        if tag in _ITEMS:
            return _Context(BlockKind.ITEM, max(self._lists, 1))
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            return _Context(BlockKind.HEADING, int(tag[1]))
        if tag in ("table", "td", "th", "dt", "dd", "caption"):
            return _Context(BlockKind.PARAGRAPH)
        if outer.kind is BlockKind.PARAGRAPH:
            return _declared(element) or outer
        return outer

    @staticmethod
    def _joins(tag: str, context: _Context) -> bool:
        return context.kind in (BlockKind.ITEM, BlockKind.HEADING) and tag in ("p", "div", "paragraph", "section")

    def _table(self, table: etree._Element) -> bool:
        if _is_layout(table):
            return False
        rows = table_rows(table)
        if not is_table(rows):
            return False
        captions = [*self._captions, *(cell_text(caption) for caption in table.findall("caption"))]
        self._captions.clear()
        write_table(self.composer, rows, captions)
        self._nesting.reset()
        return True

    def _write(self, context: _Context) -> None:
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


def _declared(element: etree._Element) -> _Context | None:
    """What role or class say that a text block is; containers of other blocks are nothing by themselves."""
    if element.get("role") == "heading":
        level = element.get("aria-level", "2")
        return _Context(BlockKind.HEADING, int(level) if level in "123456" and level else 2)
    classes = element.get("class", "")
    if not classes or any(child.tag in _BLOCKS for child in element.iterdescendants()):
        return None
    if _CAPTION_CLASS.search(classes):
        return _Context(BlockKind.CAPTION)
    if found := _HEADING_CLASS.search(classes):
        level = found[1]
        if level is None:
            return _Context(BlockKind.HEADING, 2)
        return _Context(BlockKind.HEADING, int(level) if level.isdigit() else ord(level.lower()) - ord("a") + 1)
    return None


def _hidden(element: etree._Element) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or element.get("role") == "navigation"
        or bool(_HIDDEN.search(element.get("style", "")))
    )


def _alternative(image: etree._Element) -> str | None:
    """The text for an image, if it is words and not a file name or a filler."""
    words = squeeze(image.get("alt", ""))
    meaningful = (
        len(words) > 3 and " " in words and not re.search(r"\.(?:png|jpe?g|gif|svg|webp)$", words, re.IGNORECASE)
    )
    return f" {words} " if meaningful else None


def _shifted(element: etree._Element) -> str | None:
    """A superscript or subscript as Unicode has it, so that 10 to the ninth does not become 109; letters stay letters."""
    style, classes = element.get("style", ""), element.get("class", "").lower()
    raised = element.tag == "sup" or "superscript" in classes or _RAISED.search(style)
    lowered = element.tag == "sub" or "subscript" in classes or _LOWERED.search(style)
    if not raised and not lowered:
        return None
    words = tidy("".join(element.itertext())).replace(_BREAK, "")
    if not _EXPONENT.fullmatch(words.strip()):
        return words
    return words.translate(SUPERSCRIPT if raised else SUBSCRIPT)


def _number(cell: etree._Element, attribute: str) -> int:
    value = cell.get(attribute, "1").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 1
