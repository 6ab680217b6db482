"""From the lines of PDF pages to lines of text: margin numbers and page furniture out, columns in order, paragraphs apart."""

from __future__ import annotations

import itertools
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.readers.furniture import form
from ingest.readers.headings import MAX_HEADING, is_capitals, numbered_depth
from ingest.readers.layout import Line
from ingest.readers.lists import marker
from ingest.readers.pdf_page import PageText, TextLine
from ingest.readers.wrapping import ENDED, hangs
from ingest.types import BlockKind

_EDGE_LINES = 3
_CUT_LENGTH = 25
_MARGIN_RUN = 4
"""So many numbers that count on, one under the other, are line numbers."""
_SAME_LINE = 0.35
"""Baselines closer than this share of a line's height are one."""


@dataclass(slots=True)
class Removed:
    """What was taken out of the pages."""

    furniture: dict[str, str] = field(default_factory=dict)
    """Form of a line to its first wording."""
    furniture_lines: int = 0
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
    """Take out lines that stand at the same height near the edge of a third of all pages, numbers not compared."""
    places: Counter[tuple[str, int]] = Counter()
    edges = [_edge_lines(page) for page in pages]
    for edge in edges:
        places.update({(form(line.text), round(line.y / 6)) for line in edge})
    needed = max(2, (len(pages) + 2) // 3)
    for page, edge in zip(pages, edges, strict=True):
        gone = set()
        for line in edge:
            text, y = form(line.text), round(line.y / 6)
            if sum(places[text, y + near] for near in (-1, 0, 1)) >= needed:
                gone.add(id(line))
                removed.furniture.setdefault(text, line.text)
                removed.furniture_lines += 1
        page.lines = [line for line in page.lines if id(line) not in gone]


def in_order(page: PageText, lines: Sequence[TextLine]) -> list[TextLine]:
    """Lines of a page as they are read: column by column, from top to bottom, what stands on one baseline joined."""
    gutter = _gutter(page, lines)
    if gutter is None:
        ordered = list(lines)
        down = sum(1 for one, two in itertools.pairwise(ordered) if two.y <= one.y + one.height)
        bullets = [round(line.y) for line in ordered if line.bullet]
        if down >= 0.9 * (len(ordered) - 1) and len(bullets) == len(set(bullets)):
            ordered = sorted(ordered, key=lambda line: (-line.y, line.x0))
        return list(_joined(ordered))
    bands: list[list[TextLine]] = [[]]
    for line in sorted(lines, key=lambda line: -line.y):
        if line.x0 < gutter < line.x1:
            bands += [[line], []]
        else:
            bands[-1].append(line)
    return [
        line
        for band in bands
        for column in ([one for one in band if one.x0 < gutter], [one for one in band if one.x0 >= gutter])
        for line in _joined(column)
    ]


def text_lines(lines: Sequence[TextLine], page: int, body: float) -> Iterator[Line]:
    """Lines of text with an empty one between paragraphs. ``body`` is the height of the document's running text."""
    lines = [line for line in lines if any(map(str.isalnum, line.text))]
    if not lines:
        return
    right = _quantile([line.x1 for line in lines], 0.95)
    leading = _leading(lines)
    before: TextLine | None = None
    for line, styled in zip(lines, _headings(lines, body, leading), strict=True):
        text = line.text
        if before is not None and _parted(before, line, right, leading):
            yield Line("", page)
        if styled is not None:
            yield Line("", page)
            yield Line(styled[0], page, BlockKind.HEADING, styled[1]) if styled[0] else Line("", page)
        elif line.bullet and marker(text) is None:
            yield Line(text, page, BlockKind.ITEM, 1, full=_full(line, right))
        else:
            yield Line(text, page, full=_full(line, right))
        before = line


def _headings(lines: Sequence[TextLine], body: float, leading: float) -> list[tuple[str, int] | None]:
    """For every line of a heading its text and level, the text with its first line; ``None`` for all other lines."""
    marks: list[tuple[str, int] | None] = [None] * len(lines)
    right = _quantile([line.x1 for line in lines], 0.95)
    start = 0
    while start < len(lines):
        if not _styled(lines[start], body) or (start and _in_item(lines[start - 1], lines[start], leading)):
            start += 1
            continue
        end = start + 1
        while end < len(lines) and _styled(lines[end], body) and _same_style(lines[end - 1], lines[end], leading):
            end += 1
        for first, last in _wrapped(lines[start:end], right):
            text = " ".join(line.text for line in lines[start + first : start + last])
            if len(text) <= 2 * MAX_HEADING and last - first <= 3 and not text.endswith((".", ";", ",")):
                marks[start + first : start + last] = [(text, _level(text, lines[start + first], body))] + [("", 0)] * (
                    last - first - 1
                )
        start = end
    return marks


def _wrapped(lines: Sequence[TextLine], right: float) -> Iterator[tuple[int, int]]:
    """Ranges of styled lines that are one heading each: a full line goes on in the next."""
    first = 0
    for number in range(1, len(lines) + 1):
        if number < len(lines):
            before, line = lines[number - 1], lines[number]
            if numbered_depth(line.text) is None and (
                hangs(before.text) or line.text[0].islower() or _would_not_fit(before, line, right)
            ):
                continue
        yield first, number
        first = number


def _in_item(before: TextLine, line: TextLine, leading: float) -> bool:
    """Whether a styled line goes on with a list item of the same style."""
    listed = before.bullet or marker(before.text) is not None
    return listed and before.bold == line.bold and 0 < before.y - line.y <= 1.3 * leading and line.x0 >= before.x0 - 2


def _styled(line: TextLine, body: float) -> bool:
    text = line.text
    words = sum(1 for character in text if character.isalpha())
    return not line.bullet and words > 2 and (line.bold or line.height > 1.12 * body)


def _same_style(one: TextLine, two: TextLine, leading: float) -> bool:
    """Whether a styled line stands right under another of its kind."""
    close = 0 < one.y - two.y < max(1.9 * one.height, 1.25 * leading)
    return close and abs(one.height - two.height) < 0.5 and is_capitals(one.text) == is_capitals(two.text)


def _level(text: str, line: TextLine, body: float) -> int:
    depth = numbered_depth(text)
    if depth is not None:
        return depth + 1
    if line.height > 1.3 * body:
        return 1
    return 2 if is_capitals(text) or line.height > 1.12 * body else 4


def _parted(before: TextLine, line: TextLine, right: float, leading: float) -> bool:
    """Whether a new paragraph begins: by a gap or an indentation, unless the sentence before runs to the margin."""
    if before.height > 1.1 * line.height or line.height > 1.1 * before.height:
        return True
    gap = before.y - line.y
    runs_on = _would_not_fit(before, line, right) and not before.text.endswith(ENDED)
    if hangs(before.text) or line.text[0].islower():
        return gap > 3.5 * leading
    if gap > 1.3 * leading or gap < -before.height:
        return not runs_on or gap > 2.5 * leading
    return abs(line.x0 - before.x0) > 9 and not runs_on


def _full(line: TextLine, right: float) -> bool:
    return line.x1 > right - 4.5 * line.height


def _would_not_fit(line: TextLine, after: TextLine, right: float) -> bool:
    word = after.words[0]
    return line.x1 + (word.x1 - word.x0) + 0.3 * line.height > right


def _leading(lines: Sequence[TextLine]) -> float:
    """The usual distance of baselines: the smallest that a fifth of all lines have."""
    gaps = [round(one.y - two.y) for one, two in itertools.pairwise(lines) if 0 < one.y - two.y < 4 * one.height]
    common = [gap for gap, count in Counter(gaps).items() if count >= max(2, len(gaps) / 5)]
    return min(common, default=statistics.median(gaps) if gaps else 12)


def _joined(lines: Sequence[TextLine]) -> Iterator[TextLine]:
    """Lines; those on one baseline are made one, and so is a raised or lowered mark with the line it belongs to."""
    held: TextLine | None = None
    for line in lines:
        if held is None:
            held = line
        elif _on_one_line(held, line):
            held = TextLine([*held.words, *line.words], bullet=held.bullet)
        elif _is_mark(held, line) or _is_mark(line, held):
            words = sorted((*held.words, *line.words), key=lambda word: word.x0)
            held = TextLine(words, bullet=held.bullet or line.bullet)
        else:
            yield held
            held = line
    if held is not None:
        yield held


def _on_one_line(held: TextLine, line: TextLine) -> bool:
    """Whether a line goes on to the right of another; one with a bullet of its own does not."""
    level = abs(held.y - line.y) < _SAME_LINE * min(held.height, line.height)
    return level and line.x0 >= held.x1 - 1 and not line.bullet


def _is_mark(small: TextLine, line: TextLine) -> bool:
    """Whether a line is only a small sign above or below the letters of another, like ® or a footnote number."""
    level = -0.4 * line.height < small.y - line.y < 0.8 * line.height
    return (
        level
        and len(small.text) < 4
        and small.height < 0.9 * line.height
        and line.x0 - 3 < small.x0 < line.x1 + small.height
    )


def _gutter(page: PageText, lines: Sequence[TextLine]) -> float | None:
    """Where the white space between two columns of running text is, if there is one."""
    if len(lines) < 16:
        return None
    for gutter in range(int(page.width * 0.35), int(page.width * 0.65), 3):
        left = [line for line in lines if line.x1 < gutter - 3]
        right = [line for line in lines if line.x0 > gutter + 3]
        if len(left) + len(right) < 0.85 * len(lines) or min(len(left), len(right)) < 6:
            continue
        if all(statistics.median(len(line.text) for line in side) > 24 for side in (left, right)):
            return float(gutter)
    return None


def _edge_lines(page: PageText) -> list[TextLine]:
    """The first and last lines of a page; those on one baseline count as one."""
    ordered = sorted(page.lines, key=lambda line: -line.y)
    heights = list(dict.fromkeys(round(line.y) for line in ordered))
    edge = {*heights[:_EDGE_LINES], *heights[-_EDGE_LINES:]}
    return [line for line in ordered if round(line.y) in edge]


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[int(share * (len(ordered) - 1))]
