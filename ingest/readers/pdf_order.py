"""The order in which the lines of a PDF page are read."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.readers.pdf_page import PageText, TextLine
from ingest.readers.superscripts import lowered, raised

_SAME_LINE = 0.35
"""Baselines closer than this share of a line's height are one."""


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


def _joined(lines: Sequence[TextLine]) -> Iterator[TextLine]:
    """Lines; those on one baseline are made one, and so is a raised or lowered mark with the line it belongs to."""
    held: TextLine | None = None
    for line in lines:
        if held is None:
            held = line
        elif _on_one_line(held, line):
            held = TextLine([*held.words, *line.words], bullet=held.bullet)
        elif _is_mark(held, line):
            held = _attached(held, line)
        elif _is_mark(line, held):
            held = _attached(line, held)
        else:
            yield held
            held = line
    if held is not None:
        yield held


def _attached(mark: TextLine, line: TextLine) -> TextLine:
    """A line with its mark; a raised or lowered digit right behind a word becomes part of that word."""
    word = mark.words[0]
    text = (raised if word.y > line.y else lowered)(word.text)
    for place, before in enumerate(line.words):
        if -0.5 < word.x0 - before.x1 < 0.2 * line.height:
            joined = replace(before, text=before.text + text, x1=word.x1)
            words = [*line.words[:place], joined, *line.words[place + 1 :], *mark.words[1:]]
            break
    else:
        words = [*line.words, replace(word, text=text), *mark.words[1:]]
    return TextLine(sorted(words, key=lambda word: word.x0), bullet=line.bullet)


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
