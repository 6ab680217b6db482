"""Plots of an evaluation as inline SVG: no script, no font and no address; colours come from the page's style sheet.

Every plot has a title and a description for those who do not see it, and tells what it shows by place, shape and text, never
by colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil

from cdss.evaluation.rates import Rate

_WIDTH = 760
_LABELS = 250
"""Left of the axis, in user units."""
_RIGHT = 64
_SPAN = _WIDTH - _LABELS - _RIGHT
SHAPES = ("circle", "square")
"""One for each set, in their order; further ones are circles again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A rate in a row: ``series`` tells which of several it belongs to, from 0; ``bound`` is where its threshold stands."""

    series: int
    rate: Rate
    bound: float | None = None


def intervals(key: str, title: str, description: str, rows: Mapping[str, Sequence[Mark]]) -> str:
    """A row for every name: each rate as a mark with its 95 % interval, on an axis from 0 to 100 %."""
    pitch = 18
    heights = [max(30, 12 + pitch * len(marks)) for marks in rows.values()]
    bottom = 14 + sum(heights)
    parts = [_axis(bottom)]
    top = 14
    for (name, marks), height in zip(rows.items(), heights, strict=True):
        middle = top + height / 2
        parts.append(f'<line class="row" x1="0" x2="{_WIDTH}" y1="{top + height}" y2="{top + height}"/>')
        parts.append(_text(_LABELS - 14, middle + 4.5, name, "end"))
        for number, mark in enumerate(marks):
            parts.append(_mark(mark, middle + pitch * (number - (len(marks) - 1) / 2)))
        top += height
    return _svg(key, title, description, bottom + 30, parts)


def _mark(mark: Mark, y: float) -> str:
    value = mark.rate.value
    if value is None:
        return _text(_LABELS, y + 4, "no case", cls="faint")
    low, high = (_x(end) for end in mark.rate.interval)
    x = _x(value)
    shape = SHAPES[mark.series % len(SHAPES)]
    dot = (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5"/>'
        if shape == "circle"
        else f'<rect x="{x - 5:.1f}" y="{y - 5:.1f}" width="10" height="10"/>'
    )
    bound = ""
    if mark.bound is not None:
        at = _x(min(1.0, mark.bound))
        bound = f'<line class="bound" x1="{at:.1f}" x2="{at:.1f}" y1="{y - 8:.1f}" y2="{y + 8:.1f}"/>'
    return (
        f'<g class="series-{mark.series}"><line class="whisker" x1="{low:.1f}" x2="{high:.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f"{bound}{dot}</g>{_text(_WIDTH - _RIGHT + 12, y + 4, f'{value:.0%}', cls='value')}"
    )


def bars(key: str, title: str, description: str, rows: Mapping[str, Mapping[str, int]], classes: Sequence[str]) -> str:
    """A bar for every name, parted by how many cases of each kind it has; ``classes`` styles the kinds, in their order."""
    parts: list[str] = []
    width = _WIDTH - 120
    for line, (name, counts) in enumerate(rows.items()):
        top, total, left = 8 + line * 52, sum(counts.values()), 110.0
        parts.append(_text(98, top + 23, name, "end"))
        for (kind, count), style in zip(counts.items(), classes, strict=True):
            share = width * count / total if total else 0.0
            if count:
                parts.append(
                    f'<rect class="bar {style}" x="{left:.1f}" y="{top}" width="{share:.1f}" height="36">'
                    f"<title>{escape(kind)}: {count}</title></rect>"
                )
                if share >= 12:
                    parts.append(_text(left + share / 2, top + 23, str(count), "middle", f"on-{style}"))
            left += share
    return _svg(key, title, description, 8 + 52 * len(rows), parts)


def times(key: str, title: str, description: str, milliseconds: Sequence[float], lines: Mapping[str, float]) -> str:
    """How many answers took how long: twenty bins from 0 to the slowest, and a line for every percentile."""
    bins, height, left = 20, 150, 60
    step = _round_up(max(milliseconds) / bins)
    counts = [sum(step * n <= each < step * (n + 1) for each in milliseconds) for n in range(bins)]
    counts[-1] += sum(each >= step * bins for each in milliseconds)
    width = (_WIDTH - left - 20) / bins
    tallest = max(counts)
    parts = [
        f'<rect class="time" x="{left + n * width + 1:.1f}" y="{30 + height * (1 - count / tallest):.1f}" '
        f'width="{width - 2:.1f}" height="{height * count / tallest:.1f}"/>'
        for n, count in enumerate(counts)
        if count
    ]
    base = 30 + height
    parts.append(f'<line class="axis" x1="{left}" x2="{_WIDTH - 20}" y1="{base}" y2="{base}"/>')
    parts += [_text(left + n * width, base + 20, f"{step * n:,}", "middle", "tick") for n in range(0, bins + 1, 5)]
    parts.append(_text(_WIDTH - 20, base + 40, "milliseconds", "end", "tick"))
    parts += [_text(left - 8, 36, str(tallest), "end", "tick"), _text(left - 8, base + 4, "0", "end", "tick")]
    for number, (name, value) in enumerate(lines.items()):
        x = left + min(value / step, bins) * width
        parts.append(f'<line class="bound" x1="{x:.1f}" x2="{x:.1f}" y1="{16 + 12 * number}" y2="{base}"/>')
        side = "end" if x > _WIDTH - 160 else "start"
        parts.append(
            _text(x + (-6 if side == "end" else 6), 22 + 14 * number, f"{name}: {value:,.0f} ms", side, "value")
        )
    return _svg(key, title, description, base + 48, parts)


def _round_up(value: float) -> int:
    """To a whole number of 5, 10, 20, 50, ... that reads well on an axis."""
    for scale in (1, 10, 100, 1000, 10_000):
        for factor in (1, 2, 5):
            if value <= factor * scale:
                return factor * scale
    return ceil(value)


def _axis(bottom: float) -> str:
    lines = "".join(
        f'<line class="grid" x1="{_x(n / 4):.1f}" x2="{_x(n / 4):.1f}" y1="8" y2="{bottom}"/>' for n in range(5)
    )
    return lines + "".join(_text(_x(n / 4), bottom + 20, f"{25 * n} %", "middle", "tick") for n in range(5))


def _x(share: float) -> float:
    return _LABELS + _SPAN * share


def _text(x: float, y: float, words: str, anchor: str = "start", cls: str = "label") -> str:
    return f'<text class="{cls}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _svg(key: str, title: str, description: str, height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg role="img" aria-labelledby="{key}-title {key}-desc" viewBox="0 0 {_WIDTH} {height:.0f}">'
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(description)}</desc>'
        f"{''.join(parts)}</svg>"
    )
