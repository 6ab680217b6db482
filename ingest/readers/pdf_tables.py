"""Ruled tables on a PDF page: from drawn lines to cells, from words to the cells that hold them."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.readers.pdf_page import Rule, TextLine, Word
from ingest.readers.tables import Cell

_NEAR = 3.0
"""Ends of rules this close (in points) meet: borders have a thickness, and converters leave gaps."""
_MAX_EDGES = 200
_MAX_RULES = 800
"""A page with more ruled lines is a form or a chart."""


@dataclass(slots=True)
class RuledTable:
    """A grid of at least two columns. ``rows`` holds its cells; a cell that spans several is in its first place."""

    x0: float
    y0: float
    x1: float
    y1: float
    columns: tuple[float, ...]
    rows: list[list[Cell]]
    first: int = 0


def take_tables(lines: Sequence[TextLine], rules: Sequence[Rule]) -> tuple[list[TextLine], list[RuledTable]]:
    """The lines outside of all ruled tables, and the tables, each with the place of its first line among the lines."""
    rest, tables = list(lines), []
    for group in _connected(rules):
        xs = _edges([rule.x0 for rule in group if rule.x0 == rule.x1])
        ys = _edges([rule.y0 for rule in group if rule.y0 == rule.y1])
        if len(xs) < 3 or len(ys) < 3 or len(xs) + len(ys) > _MAX_EDGES:
            continue
        grid = _Grid(xs, ys[::-1], group)
        inside = [word for line in rest for word in line.words if grid.place(word)]
        if not inside:
            continue
        held = {id(word) for word in inside}
        first = next(number for number, line in enumerate(rest) if any(id(word) in held for word in line.words))
        tables.append(RuledTable(xs[0], ys[0], xs[-1], ys[-1], tuple(xs), grid.rows(inside), first))
        rest = [kept for line in rest if (kept := line.without(held))]
    return rest, tables


class _Grid:
    """Base cells between all edges, joined where no rule parts them. Rows count from the top."""

    def __init__(self, xs: list[float], ys: list[float], rules: Sequence[Rule]) -> None:
        self._xs, self._ys = xs, ys
        self._width = len(xs) - 1
        self._height = len(ys) - 1
        self._root = list(range(self._width * self._height))
        upright = [[(r.y0, r.y1) for r in rules if r.x0 == r.x1 and abs(r.x0 - x) <= _NEAR] for x in xs]
        level = [[(r.x0, r.x1) for r in rules if r.y0 == r.y1 and abs(r.y0 - y) <= _NEAR] for y in ys]
        for row, column in itertools.product(range(self._height), range(self._width)):
            x, y = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
            if column + 1 < self._width and not _covered(upright[column + 1], y):
                self._join(row * self._width + column, row * self._width + column + 1)
            if row + 1 < self._height and not _covered(level[row + 1], x):
                self._join(row * self._width + column, (row + 1) * self._width + column)

    def place(self, word: Word) -> int | None:
        """Number of the base cell that holds a word's middle, plus one; ``None`` outside."""
        x, y = (word.x0 + word.x1) / 2, word.middle
        column = bisect_right(self._xs, x) - 1
        row = bisect_right(self._ys, -y, key=lambda edge: -edge) - 1
        inside = 0 <= column < self._width and 0 <= row < self._height
        return row * self._width + column + 1 if inside else None

    def rows(self, words: Sequence[Word]) -> list[list[Cell]]:
        """The cells of every row, with their spans; a rowspan is kept, so that its words count for every row."""
        held: dict[int, list[Word]] = {}
        for word in words:
            if place := self.place(word):
                held.setdefault(self._find(place - 1), []).append(word)
        members: dict[int, list[int]] = {}
        for place in range(len(self._root)):
            members.setdefault(self._find(place), []).append(place)
        rows: list[list[Cell]] = []
        for row in range(self._height):
            cells = []
            for column in range(self._width):
                place = row * self._width + column
                root = self._find(place)
                if members[root][0] != place:
                    continue
                down = len({member // self._width for member in members[root]})
                across = len({member % self._width for member in members[root]})
                inside = held.get(root, [])
                bold = bool(inside) and all(word.bold for word in inside)
                cells.append(Cell(_words(inside), down, across, bold))
            rows.append(cells)
        return rows

    def _find(self, place: int) -> int:
        while self._root[place] != place:
            place = self._root[place]
        return place

    def _join(self, one: int, other: int) -> None:
        one, other = sorted((self._find(one), self._find(other)))
        self._root[other] = one


def _words(words: Sequence[Word]) -> str:
    """The words of a cell, line by line."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (-word.y, word.x0)):
        if lines and abs(lines[-1][0].y - word.y) < 0.45 * word.height:
            lines[-1].append(word)
        else:
            lines.append([word])
    return " ".join(word.text for line in lines for word in sorted(line, key=lambda word: word.x0))


def _connected(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules that touch, directly or over others; from the top of the page down."""
    distinct = list(dict.fromkeys(rules))
    if len(distinct) > _MAX_RULES:
        return []
    root = list(range(len(distinct)))
    for one, other in itertools.combinations(range(len(distinct)), 2):
        if root[one] != root[other] and _touch(distinct[one], distinct[other]):
            old, new = root[other], root[one]
            root = [new if place == old else place for place in root]
    groups: dict[int, list[Rule]] = {}
    for place, rule in zip(root, distinct, strict=True):
        groups.setdefault(place, []).append(rule)
    return sorted(groups.values(), key=lambda group: -max(rule.y1 for rule in group))


def _touch(one: Rule, other: Rule) -> bool:
    return (
        one.x0 <= other.x1 + _NEAR
        and other.x0 <= one.x1 + _NEAR
        and one.y0 <= other.y1 + _NEAR
        and other.y0 <= one.y1 + _NEAR
    )


def _edges(values: Sequence[float]) -> list[float]:
    """Distinct positions, those that nearly coincide taken as one."""
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _NEAR:
            edges.append(value)
    return edges


def _covered(spans: Sequence[tuple[float, float]], at: float) -> bool:
    return any(start - _NEAR <= at <= end + _NEAR for start, end in spans)
