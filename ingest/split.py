"""Blocks to passages: small enough to retrieve, whole enough to read, and always a slice of the document.

A passage stays inside one section and ends where a sentence ends. A list item remembers the line that opened its list, a
table row its caption and header, wherever the packing puts them (``guidelines.types.Lead``): quoted alone, they would lose
their drug, their age group or their unit.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from guidelines.types import Document, Lead, Passage, Sentence, SentenceKind, passage_id
from ingest.sentences import sentences
from ingest.types import Block, BlockKind, Reading

VERSION = 3
"""Part of every document's id: raise it when the same text would be split another way."""

MAX_CHARS = 800
"""About 200 tokens: with its title and section a passage still fits the window of the default embedder (256)."""
LEAD_CHARS = 240
"""A longer line before a list is a paragraph in its own right; repeating it with every item would bury the item."""

_MARKER = re.compile(
    r"\s*(?:[■▪▫□▶►•●◦○‣⁃➢➤✓✔❖◆・·*\uf06f\uf0b7–—-]|o(?=\s)|[❶-❿➀-➓①-⑳]|\(?(?:\d{1,2}|[A-Za-z])[.)](?=\s+\D))\s+"
)
_KINDS = {
    BlockKind.ITEM: SentenceKind.ITEM,
    BlockKind.CAPTION: SentenceKind.CAPTION,
    BlockKind.HEADER: SentenceKind.HEADER,
    BlockKind.ROW: SentenceKind.ROW,
}
_TABLE = (BlockKind.CAPTION, BlockKind.HEADER, BlockKind.ROW)

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence before it has a passage. Offsets count in the document; ``begin`` includes the bullet of a list item."""

    begin: int
    start: int
    end: int
    kind: SentenceKind
    leads: tuple[Span, ...]
    table: int | None


def split(document: Document, reading: Reading) -> tuple[Passage, ...]:
    """The passages of ``document``, in its order. Their texts are slices of ``document.text``; headings are in none."""
    packed = [(section, group) for section, units in _sections(document.text, reading.blocks) for group in _pack(units)]
    occurrences: Counter[tuple[tuple[str, ...], str]] = Counter()
    ids: list[str] = []
    for section, group in packed:
        text = document.text[group[0].begin : group[-1].end]
        ids.append(
            passage_id(
                work=document.work,
                edition=document.metadata.edition,
                section=section,
                text=text,
                occurrence=occurrences[section, text],
            )
        )
        occurrences[section, text] += 1
    places = [(group[0].begin, group[-1].end) for _, group in packed]
    passages = []
    for own, (section, group) in enumerate(packed):
        begin, end = group[0].begin, group[-1].end
        numbered = tuple(
            Sentence(
                start=unit.start - begin,
                end=unit.end - begin,
                kind=unit.kind,
                leads=tuple(_lead(span, own, places, ids) for span in unit.leads),
            )
            for unit in group
        )
        passages.append(
            Passage(
                id=ids[own],
                document_id=document.id,
                section=section,
                page=document.page_at(group[0].start),
                start=begin,
                end=end,
                text=document.text[begin:end],
                sentences=numbered,
            )
        )
    return tuple(passages)


def _lead(span: Span, own: int, places: list[Span], ids: list[str]) -> Lead:
    """``span`` in the passage where it begins; of an item that goes on in the next passage, the sentences before the break."""
    home = bisect_right(places, span[0], key=lambda place: place[0]) - 1
    begin, end = places[home]
    return Lead(passage_id=None if home == own else ids[home], start=span[0] - begin, end=min(span[1], end) - begin)


def _sections(text: str, blocks: Iterable[Block]) -> Iterator[tuple[tuple[str, ...], list[_Unit]]]:
    """Runs of units under the same headings."""
    headings: list[tuple[int, str]] = []
    run: list[Block] = []
    for block in blocks:
        if block.kind is not BlockKind.HEADING:
            run.append(block)
            continue
        if run:
            yield tuple(title for _, title in headings), list(_units(text, run))
            run = []
        while headings and headings[-1][0] >= block.level:
            headings.pop()
        headings.append((block.level, " ".join(text[block.start : block.end].split())))
    if run:
        yield tuple(title for _, title in headings), list(_units(text, run))


def _units(text: str, blocks: list[Block]) -> Iterator[_Unit]:
    """The sentences of one section with what each leans on."""
    opener: Span | None = None
    parents: list[tuple[int, Span]] = []
    table: int | None = None
    heads: list[Span] = []
    for block in blocks:
        leads: tuple[Span, ...] = ()
        if block.kind is BlockKind.ITEM:
            while parents and parents[-1][0] >= block.level:
                parents.pop()
            leads = tuple(span for span in (opener, *(span for _, span in parents)) if span is not None)
        elif block.kind in _TABLE:
            if block.table != table:
                table, heads = block.table, []
            leads = tuple(heads) if block.kind is BlockKind.ROW else ()
        units = list(_block_units(text, block, leads))
        yield from units
        if not units:
            continue
        last = (units[-1].start, units[-1].end)
        if block.kind is BlockKind.PARAGRAPH:
            opener, parents = (last if _opens_list(text[last[0] : last[1]]) else None), []
        elif block.kind is BlockKind.ITEM and units[-1].end - units[0].start <= LEAD_CHARS:
            parents.append((block.level, (units[0].start, last[1])))
        elif block.kind in (BlockKind.CAPTION, BlockKind.HEADER):
            heads.append(last)


def _block_units(text: str, block: Block, leads: tuple[Span, ...]) -> Iterator[_Unit]:
    kind = _KINDS.get(block.kind, SentenceKind.PROSE)
    if block.kind in _TABLE:
        spans = [(block.start, block.end)] if text[block.start : block.end].strip() else []
    else:
        marker = _MARKER.match(text, block.start, block.end)
        start = marker.end() if marker and marker.end() < block.end else block.start
        spans = [(start + first, start + last) for first, last in sentences(text[start : block.end])]
    for n, (first, last) in enumerate(spans):
        yield _Unit(block.start if n == 0 else first, first, last, kind, leads, block.table)


def _opens_list(line: str) -> bool:
    """A line that ends in a colon, or is short and ends like no sentence and no statement, belongs to the list under it."""
    return len(line) <= LEAD_CHARS and (
        line.endswith(":") or (len(line) <= 80 and ":" not in line and line[-1] not in ".?!;")
    )


def _pack(units: list[_Unit]) -> Iterator[list[_Unit]]:
    """Greedy packing up to ``MAX_CHARS``. A table starts a passage; a line that opens a list goes with its first item."""
    group: list[_Unit] = []
    for unit in units:
        if group and (unit.end - group[0].begin > MAX_CHARS or unit.table != group[-1].table):
            last = group[-1]
            if len(group) > 1 and (last.start, last.end) in unit.leads and last.kind is not SentenceKind.ROW:
                yield group[:-1]
                group = [last]
            else:
                yield group
                group = []
        group.append(unit)
    if group:
        yield group
