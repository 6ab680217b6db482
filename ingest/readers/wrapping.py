"""Where a line ends because it was full, and where because somebody ended it.

Conversion keeps line breaks and loses what they meant. A line that could have held the next word was ended on purpose; one
that is full, or ends in "and" or a comma, goes on in the next.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

ENDED = (".", "!", "?", ":", ";")
_HANGING = re.compile(
    r"(?:[,(/&–—-]|\b(?:and|or|of|the|a|an|to|in|for|with|by|on|at|from|as|per|than|is|are|be|may|e\.g\.|i\.e\.))$"
)
_WIDTHS = range(40, 140)
_UNWRAPPED = 1.3
"""A line so much longer than a full one stands in a part of the text where lines were not broken at all."""
_TOLERANCE = 0.15
"""Letters differ in width: a line this much shorter than the longest may still be full."""


def text_width(lines: Sequence[str]) -> int:
    """How many characters a full line has, measured on lines whose sentence goes on in the next; 0 if nothing is wrapped."""
    lengths = sorted(
        len(line)
        for line, after in itertools.pairwise(lines)
        if len(line) in _WIDTHS and after.lstrip()[:1].islower() and not line.endswith(ENDED)
    )
    return lengths[int(0.9 * len(lengths))] if len(lengths) > 2 else 0


def hangs(line: str) -> bool:
    """Whether a line ends in a word or mark that nothing ends with."""
    return bool(_HANGING.search(line))


def is_full(line: str, after: str, width: int, *, tolerance: float = _TOLERANCE) -> bool:
    """Whether the first word of ``after`` would not have fitted on ``line``; unknown width counts as not full."""
    word = after.split(maxsplit=1)[0] if after.strip() else ""
    return len(line) <= _UNWRAPPED * width and len(line) + 1 + len(word) > (1 - tolerance) * width


def goes_on(line: str, after: str, width: int) -> bool:
    """Whether ``after`` continues the sentence of the ``line`` right before it."""
    if hangs(line) or after[:1].islower():
        return True
    return is_full(line, after, width) and not line.endswith(ENDED)


def close_seams(lines: Sequence[str]) -> set[int]:
    """Numbers of the blank lines in the middle of a sentence, where a page ended: the next line begins in lower case."""
    seams: set[int] = set()
    before, blanks = "", list[int]()
    for number, line in enumerate(lines):
        words = line.strip()
        if not words:
            blanks.append(number)
            continue
        if blanks and before and words[0].islower() and not before.endswith(ENDED) and _is_prose(words):
            seams.update(blanks)
        before, blanks = words, []
    return seams


def _is_prose(words: str) -> bool:
    """A lower-case bullet ("o ", "a.") or a name ("pH") at the start of a line is no continuation."""
    return bool(re.match(r"[a-z][a-z]+(?=[\s,.;:)]|$)", words))
