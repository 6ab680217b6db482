"""Tables: spans written out, header rows told from data, layout tables told from tables.

A row is quoted alone, so it has to say what it belongs to: a cell that covers several rows is written in each of them, and so
is the drug's name where the rows below it give indications only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.readers.compose import Composer
from ingest.types import BlockKind

_MAX_SPAN = 100
"""Wider spans are a mistake or an attack; no clinical table has so many columns."""
_MAX_GROWTH = 2_000_000
"""Code points that writing out spans may add to one table; beyond that a cell is written once."""
_HEADER_CELL = 80
_LONG_CELL = 24
"""A longer cell that covers all columns to the right end is written once: repeated, it would bury the row."""
_GROUP_NAME = 60
_DIGIT = re.compile(r"\d")
_DATUM = re.compile(r"\d\s*(?:mg|mcg|µg|μg|g|kg|mL|ml|L|IU|units?|mmol|%)\b|^[<>≤≥]?\s*\d[\d.,]*$")
_AMOUNT = re.compile(r"[–—-]|(?!•)\*?(?=.{0,6}[\d¼½¾⅓⅔⅛]).{1,18}", re.DOTALL)
_DRUG = re.compile(r"(?:drugs?|medicines?|medications?|agents?|generic name|antibiotics?|vaccines?)\b", re.IGNORECASE)
_REFERENCE = re.compile(r"\bsee\b", re.IGNORECASE)
_REMARK = re.compile(r"(?:note|caution|warning|see|or|and)\b|[*†‡]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the source has it.

    ``text`` has a line for each paragraph; ``rows`` and ``columns`` say how many it covers; ``lead`` are the bold words that it
    opens with; ``header`` says whether the source calls it a header.
    """

    text: str
    rows: int = 1
    columns: int = 1
    header: bool = False
    lead: str = ""


Rows = Sequence[Sequence[Cell]]


def is_table(rows: Rows) -> bool:
    """Whether rows and columns mean something: a box of one column, or a single row, is layout."""
    filled = [row for row in rows if any(cell.text for cell in row)]
    return len(filled) > 1 and max(len([cell for cell in row if cell.text]) for row in filled) > 1


def write_table(composer: Composer, rows: Rows, captions: Sequence[str] = ()) -> None:
    """Append a table to ``composer``: captions, header rows, rows."""
    table = composer.next_table()
    for caption in captions:
        composer.add(BlockKind.CAPTION, caption, table=table)
    header = header_height(rows)
    heads = {tuple(cell.text for cell in row) for row in rows[:header]}
    body = [row for row in rows[header:] if tuple(cell.text for cell in row) not in heads]
    for _ in range(len(rows) - header - len(body)):
        composer.note("left out {} rows that repeat a table's header")
    if header and _DRUG.match(rows[0][0].text):
        body = list(_grouped(body, composer))
    for number, cells in enumerate(written_out([*rows[:header], *body])):
        for part in [cells] if number < header else unstack(cells):
            composer.add_row(part, table=table, header=number < header)


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
    longest = _HEADER_CELL * (2 if any(cell.rows > 1 for cell in rows[0]) else 1)
    if any(len(text) > longest or _DATUM.search(text) for text in texts) or not any(texts[1:]):
        return 0
    covered = max(_span(cell.rows) for cell in rows[0])
    if covered < len(rows) and not all(cell.rows == covered for cell in rows[0]):
        return covered
    divided = any(cell.columns > 1 for cell in rows[0]) and len(rows) > 2
    return 2 if divided and not any(_DIGIT.search(cell.text) for cell in rows[1]) else 1


def written_out(rows: Rows) -> list[list[str]]:
    """The words of every row, one string a column: a cell that covers several places stands in each of them.

    Two exceptions: a long cell that covers all columns to the right end is written once a row, and so is a row's only cell.
    """
    repeat = (
        sum((len(cell.text) + 3) * _span(cell.rows) * _span(cell.columns) for row in rows for cell in row)
        <= _MAX_GROWTH
    )
    filled: list[dict[int, str]] = [{} for _ in rows]
    once: set[tuple[int, int]] = set()
    for top, row in enumerate(rows):
        column = 0
        for place, cell in enumerate(row):
            while column in filled[top]:
                column += 1
            last = place == len(row) - 1
            for down in range(min(_span(cell.rows) if repeat else 1, len(rows) - top)):
                for across in range(_span(cell.columns)):
                    known = column + across in filled[top + down]
                    filled[top + down].setdefault(column + across, cell.text if repeat or down == across == 0 else "")
                    if across and not known and last and (len(cell.text) > _LONG_CELL or len(row) == 1):
                        once.add((top + down, column + across))
            column += _span(cell.columns)
    width = max((max(row, default=-1) + 1 for row in filled), default=0)
    return [
        [row.get(column, "") for column in range(width) if (number, column) not in once]
        for number, row in enumerate(filled)
    ]


def unstack(cells: Sequence[str]) -> list[list[str]]:
    """Rows that were set as one: a cell lists formulations, the cells right of it an amount for each.

    Run together, "1" for one tablet and "½" for the other would read as one and a half. Each formulation gets its own row with
    its amounts; what stands left of it holds for all and is repeated. Where amounts do not pair off, they are parted by "; ".
    """
    lines = [cell.split("\n") for cell in cells]
    amounts = [place for place, parts in enumerate(lines) if len(parts) > 1 and all(map(_AMOUNT.fullmatch, parts))]
    if not amounts:
        return [list(cells)]
    count = len(lines[amounts[0]])
    names = amounts[0] - 1
    while names > 0 and len(lines[names]) == 1 and _AMOUNT.fullmatch(cells[names]):
        names -= 1
    if names < 0 or any(len(lines[place]) != count for place in (names, *amounts)):
        return [["; ".join(lines[place]) if place in amounts else cell for place, cell in enumerate(cells)]]
    split = {names, *amounts}
    return [[lines[place][row] if place in split else cell for place, cell in enumerate(cells)] for row in range(count)]


def _grouped(rows: Rows, composer: Composer) -> Iterator[Sequence[Cell]]:
    """Rows of a drug table with the drug's name, where the first column has it in bold and, below it, indications without.

    A name with a mere reference ("see table 2") has no rows. Among names in alphabetical order a cell that would fit between
    two of them may be a name that lost its bold type: it and what follows are left alone.
    """
    leads = [_group_name(row) for row in rows]
    grouping = sum(1 for lead in leads if lead) >= 3
    name, covered = "", 0
    for place, (row, lead) in enumerate(zip(rows, leads, strict=True)):
        if lead:
            name = "" if len(row) == 1 and _REFERENCE.search(row[0].text) else lead
        elif row and not covered and _fits_between(name, row[0].text, next(filter(None, leads[place:]), "")):
            name = ""
        below = grouping and name and not lead and row and not covered
        covered = covered - 1 if covered else (row[0].rows - 1 if row else 0)
        if below:
            composer.note("wrote the drug's name, set in bold above, into {} table rows")
        yield (replace(row[0], text=f"{name}\n{row[0].text}".strip()), *row[1:]) if below else row


def _fits_between(name: str, text: str, following: str) -> bool:
    return bool(name) and not _REMARK.match(text) and name.casefold() < text.casefold() < following.casefold()


def _group_name(row: Sequence[Cell]) -> str:
    lead = row[0].lead if row else ""
    return "" if len(lead) > _GROUP_NAME or lead.endswith((".", ":")) or _REMARK.match(lead) else lead


def _span(declared: int) -> int:
    return min(max(declared, 1), _MAX_SPAN)
