"""Which passages of the library answer a retrieval question whose answers are written down as slices of raw files.

A slice counts in the raw text of a file or a page, a passage in the canonical text of its document, from which mark-up, line
numbers and broken words are gone. So a slice is looked for by its words: it stands where most of its runs of three words do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from guidelines.types import Document, Passage

RUN = 3
FOUND = 0.5
"""Share of a slice's runs of words that must stand in one place for it to be the slice's place."""
AS_GOOD = 0.9
"""A place that holds this share of what the best one holds says the same in the same words, and answers as well."""
OVERLAP = 0.5
"""Share of the shorter of passage and slice that both have in common when the passage answers."""

_WORD = re.compile(r"[^\W_]+")


class Places:
    """The words of one document, and where they stand."""

    def __init__(self, document: Document, passages: Sequence[Passage]) -> None:
        self._text = document.text
        self._passages = passages

    def gold(self, slice_text: str) -> list[Passage]:
        """The passages that overlap the slice, wherever the document says it; none when the slice is not found."""
        found = []
        for start, end in self._found(_words(slice_text)):
            for passage in self._passages:
                common = min(end, passage.end) - max(start, passage.start)
                if common >= OVERLAP * min(end - start, passage.end - passage.start) and passage not in found:
                    found.append(passage)
        return found

    def _found(self, words: list[str]) -> Iterator[tuple[int, int]]:
        """``(start, end)`` of every place of the slice in the document's text."""
        if not words:
            return
        run = min(RUN, len(words))
        wanted = set(_runs(words, run))
        hits = np.array([each in wanted for each in _runs(self._words, run)], dtype=np.int64)
        width = len(words) - run + 1
        if not hits.any():
            return
        counts = np.convolve(hits, np.ones(width, dtype=np.int64), mode="full")[width - 1 :]
        best = counts.max()
        if best < FOUND * width:
            return
        free = np.ones(len(hits), dtype=bool)
        for first in np.argsort(-counts, kind="stable"):
            window = slice(first, first + width)
            if counts[first] < AS_GOOD * best:
                return
            if free[window].all():
                free[window] = False
                inside = np.flatnonzero(hits[window]) + first
                yield self._spans[inside[0]][0], self._spans[inside[-1] + run - 1][1]

    @cached_property
    def _spans(self) -> list[tuple[int, int]]:
        return [match.span() for match in _WORD.finditer(self._text)]

    @cached_property
    def _words(self) -> list[str]:
        return _words(self._text)


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _runs(words: list[str], length: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start : start + length]) for start in range(len(words) - length + 1))
