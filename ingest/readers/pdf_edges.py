"""What stands at the edges of PDF pages and is no part of the text: line numbers, page headers and footers."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.readers.furniture import form
from ingest.readers.headings import has_dose
from ingest.readers.pdf_page import PageText, TextLine

_DOTTED = re.compile(r"\w.*(?:\.{4,}|(?:\. ){4,}|…{2,})\s*\d{1,4}(?:\s*,\s*\d{1,4})*$")
_EDGE_LINES = 3
_CUT_LENGTH = 25
_MARGIN_RUN = 4
"""So many numbers that count on, one under the other, are line numbers."""


@dataclass(slots=True)
class Removed:
    """What was taken out of the pages."""

    furniture: dict[str, str] = field(default_factory=dict)
    """Form of a line to its first wording."""
    furniture_lines: int = 0
    dotted_lines: int = 0
    line_numbers: int = 0


def remove_line_numbers(pages: Sequence[PageText], removed: Removed) -> None:
    """Take out numbers in the margin that count the lines, if the document numbers its lines at all."""
    found = [_margin_numbers(page) for page in pages]
    counted = [
        len(numbers) >= max(_MARGIN_RUN, len(page.lines) // 2) for page, numbers in zip(pages, found, strict=True)
    ]
    if sum(counted) < max(1, len(pages) // 4):
        return
    for page, numbers in zip(pages, found, strict=True):
        removed.line_numbers += len(numbers)
        page.lines = [kept for line in page.lines if (kept := line.without(numbers))]


def _margin_numbers(page: PageText) -> set[int]:
    """Identities of the numbers that stand left of the text, well apart from it, and count on from line to line."""
    numbers = []
    for line in sorted(page.lines, key=lambda line: -line.y):
        first = line.words[0]
        apart = len(line.words) == 1 or line.words[1].x0 - first.x1 > 0.8 * line.height
        if first.text.isdecimal() and len(first.text) < 6 and apart:
            numbers.append(first)
    margin = min((round(word.x0) for word in numbers), default=0)
    column = [word for word in numbers if abs(word.x0 - margin) < 25]
    steps = sum(1 for one, two in itertools.pairwise(column) if int(two.text) - int(one.text) == 1)
    return {id(word) for word in column} if steps + 1 >= max(_MARGIN_RUN, 0.8 * len(column)) else set()


def remove_repeated_lines(pages: Sequence[PageText]) -> None:
    """Drop the last lines of a page that the next one begins with: a page cut through them, and shows them once."""
    for page, after in itertools.pairwise(pages):
        last = sorted(page.lines, key=lambda line: line.y)[:_EDGE_LINES]
        first = [line.text for line in sorted(after.lines, key=lambda line: -line.y)[:_EDGE_LINES]]
        for count in range(min(len(last), len(first)), 0, -1):
            if [line.text for line in last[:count]][::-1] == first[:count] and len(
                "".join(first[:count])
            ) > _CUT_LENGTH:
                page.lines = [line for line in page.lines if line not in last[:count]]
                break


def remove_furniture(pages: Sequence[PageText], removed: Removed) -> None:
    """Take out lines that stand at the edge of a third of all pages, page numbers not compared.

    It goes from the edge inwards, and stops at the first line that is no furniture: the text begins there. A line without
    letters (a page number) has to stand at the same height, too.
    """
    places: Counter[tuple[str, int]] = Counter()
    texts: Counter[str] = Counter()
    for page in pages:
        found = {_place(line) for edge in _edges(page) for line in edge}
        places.update(found)
        texts.update({text for text, _ in found if any(map(str.isalpha, text))})
    needed = max(2, (len(pages) + 2) // 3)
    for page in pages:
        gone: set[int] = set()
        for edge in _edges(page):
            for line in edge:
                text, y = _place(line)
                here = sum(places[text, y + near] for near in (-1, 0, 1))
                if max(here, texts[text]) < needed or has_dose(line.text):
                    break
                if id(line) not in gone:
                    removed.furniture.setdefault(text, line.text)
                    removed.furniture_lines += 1
                gone.add(id(line))
        page.lines = [line for line in page.lines if id(line) not in gone]


def remove_dotted_lines(pages: Sequence[PageText], removed: Removed) -> None:
    """Take out entries of contents and indexes: words, a row of dots, page numbers."""
    for page in pages:
        kept = [line for line in page.lines if not _DOTTED.search(line.text)]
        removed.dotted_lines += len(page.lines) - len(kept)
        page.lines = kept


def _place(line: TextLine) -> tuple[str, int]:
    return form(line.text), round(line.y / 6)


def _edges(page: PageText) -> tuple[list[TextLine], list[TextLine]]:
    """The lines at the top of a page from the top down, and those at its foot from the foot up."""
    ordered = sorted(page.lines, key=lambda line: -line.y)
    heights = list(dict.fromkeys(round(line.y) for line in ordered))
    top, foot = set(heights[:_EDGE_LINES]), set(heights[-_EDGE_LINES:])
    return (
        [line for line in ordered if round(line.y) in top],
        [line for line in reversed(ordered) if round(line.y) in foot],
    )
