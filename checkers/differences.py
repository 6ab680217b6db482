"""Why a quote is not in its source: nothing here accepts a quote, it only explains.

``rapidfuzz`` aligns words with words. The place to compare with comes from the longest pieces of the quote that do stand in
the source, which takes a handful of searches whatever the texts are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from checkers.fold import BREAK, Folded

PIECE_WORDS = 3
"""Shorter pieces are found in any long text and prove nothing."""
MAX_PIECES = 6
MAX_WORDS = 400
"""Words of a quote that are compared; a difference behind them is still a difference, only not shown."""
ALIKE = 0.5
"""Share of the quote's words that must stand in the place for it to count as the place."""

_WORD = re.compile(r"[^\W_](?:\S*[^\W_])?[%°]?|[<>≤≥=±+~-]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of the quote, ``quote[start:end]``, that stand together in the source at ``at``."""

    start: int
    end: int
    at: int
    words: int


@dataclass(frozen=True, slots=True)
class Difference:
    """``kind`` is "spliced", "altered" or "missing"; ``quote`` and ``source`` are the words that differ, in order."""

    kind: str
    quote: str = ""
    source: str = ""


def explain(quote: Folded, source: Folded) -> Difference:
    """What was done to ``quote``, which does not stand in ``source``, as far as that can be told."""
    said, there = quote.text.replace(BREAK, ""), source.text.replace(BREAK, "")
    words = [match.span() for match in _WORD.finditer(said)][:MAX_WORDS]
    pieces, whole = _pieces(said, words, there)
    if whole and len(pieces) > 1 and _spliced(pieces):
        return Difference("spliced", quote=" | ".join(_brief(said[piece.start : piece.end]) for piece in pieces))
    longest = max(pieces, key=lambda piece: piece.words, default=None)
    if longest is None or longest.words < min(2, len(words)):
        return Difference("missing", quote=_brief(said))
    return _compare(said[: words[-1][1]], there, longest)


def _pieces(quote: str, words: list[tuple[int, int]], source: str) -> tuple[list[Piece], bool]:
    """The quote from its start in as few pieces of the source as possible, and whether they make up all of it."""
    pieces: list[Piece] = []
    first, whole = 0, True
    while first < len(words) and len(pieces) < MAX_PIECES:
        count = _longest(quote, words, first, source)
        if not count:
            whole, first = False, first + 1
            if first > 40 and not pieces:
                break
            continue
        start, end = words[first][0], words[first + count - 1][1]
        pieces.append(Piece(start, end, source.find(quote[start:end]), count))
        first += count
    return pieces, whole and first >= len(words)


def _longest(quote: str, words: list[tuple[int, int]], first: int, source: str) -> int:
    """How many words from ``first`` on stand together in ``source``: found by doubling, then halving."""
    step, known = 1, 0
    while first + step <= len(words) and quote[words[first][0] : words[first + step - 1][1]] in source:
        known, step = step, step * 2
    low, high = known, min(step, len(words) - first + 1)
    while high - low > 1:
        middle = (low + high) // 2
        if quote[words[first][0] : words[first + middle - 1][1]] in source:
            low = middle
        else:
            high = middle
    return low


def _spliced(pieces: list[Piece]) -> bool:
    """Whether the pieces come from places apart, and not from one place with a few words left out."""
    if any(piece.words < PIECE_WORDS for piece in pieces):
        return False
    gaps = [second.at - (first.at + first.end - first.start) for first, second in pairwise(pieces)]
    return any(not 0 <= gap <= 40 for gap in gaps)


def _compare(quote: str, source: str, anchor: Piece) -> Difference:
    from rapidfuzz.distance import Levenshtein  # explains only; most quotes never need it

    slack = 60 + len(quote) // 4
    place = source[max(0, anchor.at - anchor.start - slack) : anchor.at + len(quote) - anchor.start + slack]
    here, there = _WORD.findall(quote), _WORD.findall(place)
    steps = list(Levenshtein.opcodes(here, there))
    while steps and steps[0].tag == "insert":
        del steps[0]
    while steps and steps[-1].tag == "insert":
        del steps[-1]
    alike = sum(step.src_end - step.src_start for step in steps if step.tag == "equal")
    if alike < ALIKE * len(here):
        return Difference("missing", quote=_brief(quote))
    changed = [step for step in steps if step.tag != "equal"]
    return Difference(
        "altered",
        quote=_brief(" … ".join(_shown(here, step.src_start, step.src_end) for step in changed)),
        source=_brief(" … ".join(_shown(there, step.dest_start, step.dest_end) for step in changed)),
    )


def _shown(words: list[str], start: int, end: int) -> str:
    """The words that differ, with a neighbour on each side to find them by."""
    return " ".join(words[max(0, start - 1) : end + 1])


def _brief(text: str, limit: int = 240) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
