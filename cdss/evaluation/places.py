"""Which passages of the library answer a question whose answer is written down as a place in a document.

A place is written down in one of two ways, neither of which keeps the document's text:

- A slice of the raw file. It counts in the raw text of a file or a page, a passage in the canonical text of its document, from
  which mark-up, line numbers and broken words are gone. So it is looked for by its words: it stands where most of its runs of
  three words do.
- How many words it has, and a hash of them. It stands where exactly these words do, in this order; capitals, punctuation, line
  breaks and mark-up do not matter, a figure that was changed does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import PurePath

import numpy as np

from guidelines.library import Library
from guidelines.types import Document, Passage

RUN = 3
FOUND = 0.5
"""Share of a slice's runs of words that must stand in one place for it to be the slice's place."""
AS_GOOD = 0.9
"""A place that holds this share of what the best one holds says the same in the same words, and answers as well."""
OVERLAP = 0.5
"""Share of the shorter of passage and slice that both have in common when the passage answers."""

HASH_DIGITS = 12
HEADING_WORDS = 8
"""A heading that is longer is a sentence of the document, and is cut in a case."""

_WORD = re.compile(r"[^\W_]+")


def fingerprint(text: str) -> tuple[int, str]:
    """How many words ``text`` has, and the first twelve hexadecimal digits of their SHA-256."""
    words = _words(text)
    return len(words), _hash(words)


class Places:
    """The words of one document, and where they stand."""

    def __init__(self, document: Document, passages: Sequence[Passage]) -> None:
        self._text = document.text
        self._passages = passages

    def gold(self, slice_text: str) -> list[Passage]:
        """The passages that overlap the slice, wherever the document says it; none when the slice is not found."""
        return self.around(self._found(_words(slice_text)))

    def around(self, spans: Iterable[tuple[int, int]]) -> list[Passage]:
        """The passages that overlap any of the ``(start, end)`` in the document's text."""
        found = []
        for start, end in spans:
            for passage in self._passages:
                common = min(end, passage.end) - max(start, passage.start)
                if common >= OVERLAP * min(end - start, passage.end - passage.start) and passage not in found:
                    found.append(passage)
        return found

    def exact(self, count: int, digest: str) -> list[tuple[int, int]]:
        """``(start, end)`` of every place in the document's text where ``count`` words have the hash ``digest``."""
        words, spans = self._words, self._spans
        return [
            (spans[first][0], spans[first + count - 1][1])
            for first in range(len(words) - count + 1)
            if _hash(words[first : first + count]) == digest
        ]

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


def find(library: Library, words: str, file: str | None = None) -> Iterator[tuple[str, str]]:
    """``(line, sentence)`` for every sentence that holds ``words``: the line of TOML that a case names it by."""
    wanted = " ".join(_words(words))
    live = library.live()
    for head in live.heads.values() if live else ():
        name = PurePath(head.path or head.source)
        if file is not None and PurePath(file).parts != name.parts[-len(PurePath(file).parts) :]:
            continue
        for passage in library.store.passages_of(head.id):
            for sentence in passage.sentences:
                text = passage.text[sentence.start : sentence.end]
                if f" {wanted} " in f" {' '.join(_words(text))} ":
                    count, digest = fingerprint(text)
                    section = " ".join((passage.section[-1] if passage.section else head.title).split()[:HEADING_WORDS])
                    yield (
                        f"{{ file = {json.dumps(name.name, ensure_ascii=False)}, "
                        f'section = {json.dumps(section, ensure_ascii=False)}, words = {count}, hash = "{digest}" }},',
                        " ".join(text.split()),
                    )


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _hash(words: Sequence[str]) -> str:
    return sha256(" ".join(words).encode()).hexdigest()[:HASH_DIGITS]


def _runs(words: list[str], length: int) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start : start + length]) for start in range(len(words) - length + 1))
