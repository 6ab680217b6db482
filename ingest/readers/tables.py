"""Tables: spans written out, header rows told from data, layout tables told from tables."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.readers.compose import Composer
from ingest.types import BlockKind

_MAX_SPAN = 100
"""Wider spans are a mistake or an attack; no clinical table has so many columns."""
_MAX_GROWTH = 2_000_000
"""Code points that writing out spans may add to one table; beyond that a cell is written once."""
_HEADER_CELL = 80
_DATUM = re.compile(r"\d\s*(?:mg|mcg|µg|μg|g|kg|mL|ml|L|IU|units?|mmol|%)\b|^[<>≤≥]?\s*\d[\d.,]*$")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the source has it: its words, how many rows and columns it covers, and whether it is marked a header."""

    text: str
    rows: int = 1
    columns: int = 1
    header: bool = False


Rows = Sequence[Sequence[Cell]]


def grid(rows: Rows) -> list[list[str]]:
    """The words of every row, one string a column: a cell that covers several places is written in each of them."""
    repeat = _growth(rows) <= _MAX_GROWTH
    height = len(rows)
    filled: list[dict[int, str]] = [{} for _ in rows]
    for top, row in enumerate(rows):
        column = 0
        for cell in row:
            while column in filled[top]:
                column += 1
            for down in range(_span(cell.rows) if repeat else 1):
                if top + down >= height:
                    break
                for across in range(_span(cell.columns)):
                    first = down == across == 0
                    filled[top + down].setdefault(column + across, cell.text if repeat or first else "")
            column += _span(cell.columns)
    width = max((max(row, default=-1) + 1 for row in filled), default=0)
    return [[row.get(column, "") for column in range(width)] for row in filled]


def header_height(rows: Rows) -> int:
    """How many rows at the top are header rows: those marked so; else the first, if it reads like one."""
    marked = 0
    for row in rows:
        if not row or not all(cell.header for cell in row):
            break
        marked += 1
    if marked:
        return marked if marked < len(rows) else 0
    if len(rows) < 2 or len(rows[0]) < 2:
        return 0
    texts = [cell.text for cell in rows[0]]
    if any(len(text) > _HEADER_CELL or _DATUM.search(text) for text in texts) or not any(texts[1:]):
        return 0
    covered = max(_span(cell.rows) for cell in rows[0])
    return covered if covered < len(rows) and not all(cell.rows == covered for cell in rows[0]) else 1


def is_table(rows: Rows) -> bool:
    """Whether rows and columns mean something: a box of one column, or one row without header, is layout."""
    filled = [row for row in rows if any(cell.text for cell in row)]
    return len(filled) > 1 and max(len([cell for cell in row if cell.text]) for row in filled) > 1


def write_table(composer: Composer, rows: Rows, captions: Sequence[str] = ()) -> None:
    """Append a table to ``composer``: captions, header rows, rows.

    A row whose one cell covers the whole width (a subtitle) is written once.
    """
    table = composer.next_table()
    for caption in captions:
        composer.add(BlockKind.CAPTION, caption, table=table)
    header = header_height(rows)
    for number, (cells, row) in enumerate(zip(grid(rows), rows, strict=True)):
        alone = len(row) == 1 and len(set(cells)) == 1
        composer.add_row(cells[:1] if alone else cells, table=table, header=number < header)


def _span(declared: int) -> int:
    return min(max(declared, 1), _MAX_SPAN)


def _growth(rows: Rows) -> int:
    return sum((len(cell.text) + 3) * _span(cell.rows) * _span(cell.columns) for row in rows for cell in row)
