"""From the lines of PDF pages to lines of text: margin numbers and page furniture out, columns in order, paragraphs apart."""

from __future__ import annotations

import itertools
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.readers.headings import MAX_HEADING, is_capitals, numbered_depth
from ingest.readers.layout import Line
from ingest.readers.lists import marker
from ingest.readers.pdf_page import TextLine
from ingest.readers.wrapping import ENDED, hangs
from ingest.types import BlockKind


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
            after = lines[start + last].text if start + last < len(lines) else ""
            if after[:1].islower() or after.startswith("("):
                continue
            if len(text) <= 2 * MAX_HEADING and last - first <= 3 and not _is_prose(text):
                marks[start + first : start + last] = [(text, _level(text, lines[start + first], body))] + [("", 0)] * (
                    last - first - 1
                )
        start = end
    return marks


def _is_prose(text: str) -> bool:
    """Whether a styled text is a sentence, or a part of one, and no heading."""
    return text.endswith((".", ";", ",")) or text[0].islower() or hangs(text)


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
    if gap > 2.8 * before.height:
        return True
    runs_on = _would_not_fit(before, line, right) and not before.text.endswith(ENDED)
    if hangs(before.text) or line.text[0].islower():
        return False
    if gap > 1.3 * leading or gap < -before.height:
        return not runs_on
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


def _quantile(values: Sequence[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[int(share * (len(ordered) - 1))]
