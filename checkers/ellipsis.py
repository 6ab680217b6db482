"""Quotes that say openly that they leave something out: "Give 15 mg/kg … every 6 hours"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise

from checkers.cues import cue
from checkers.fold import Folded
from checkers.people import groups
from checkers.places import Place, places
from checkers.routes import routes
from checkers.sentences import stops
from checkers.tables import any_of, table

_SIGN = re.compile(r"\s*(?:\[ ?(?:\.{3,}|\. \. \.) ?\]|\( ?(?:\.{3,}|\. \. \.) ?\)|\.{3,4}|\. \. \.)\s*")
_FIGURE = re.compile(
    r"\d|\b(?:half|one|two|three|four|five|six|seven|eight|nine|ten|once|twice|daily|hourly)\b", re.IGNORECASE
)
_TURNS = re.compile(r"\b(?:no|not|non|nor|un)-\w+", re.IGNORECASE)
"""Compounds such as "no-effect dose", which are no cue elsewhere."""
_MOST = 200
_LONGEST = 300
"""More than this left out is another passage, not an ellipsis."""


@dataclass(frozen=True, slots=True)
class Elision:
    """A quote with an ellipsis, found: ``places`` of its pieces in the source, and the words ``left_out`` between them.

    ``because`` says why what is left out matters, or is empty.
    """

    places: tuple[Place, ...]
    left_out: str
    because: str


def pieces(quote: Folded) -> list[Folded]:
    """What stands between the ellipses of ``quote``."""
    bounds = [0, *(edge for match in _SIGN.finditer(quote.text) for edge in match.span()), len(quote.text)]
    spans = zip(bounds[::2], bounds[1::2], strict=True)
    return [
        Folded(quote.text[start:end], quote.marks[start:end]) for start, end in spans if quote.text[start:end].strip()
    ]


def elided(quote: Folded, source: Folded) -> Elision | None:
    """Where the pieces of ``quote`` stand in ``source``, in their order; ``None`` if they do not."""
    parts = pieces(quote)
    if len(parts) < 2:
        return None
    found: list[Place] = []
    for part in parts:
        after = found[-1].end if found else 0
        place = next((p for p in islice(places(part, source), _MOST) if p.start >= after and not p.torn), None)
        if place is None:
            return None
        found.append(place)
    for at in range(len(parts) - 2, -1, -1):
        nearer = [
            p
            for p in islice(places(parts[at], source), _MOST)
            if found[at].start <= p.start and p.end <= found[at + 1].start and not p.torn
        ]
        found[at] = nearer[-1]
    gaps = [(first.end, second.start) for first, second in pairwise(found)]
    because = next((reason for start, end in gaps if (reason := _matters(source, start, end))), "")
    return Elision(tuple(found), " | ".join(source.text[start:end].strip() for start, end in gaps), because)


def _matters(source: Folded, start: int, end: int) -> str:
    if end - start > _LONGEST:
        return "more than a few words"
    if any(True for _ in stops(source.marks, start, end)):
        return "the end of a sentence"
    left_out = source.text[start:end]
    if found := cue(left_out):
        return f'"{found.words}"'
    if turned := _TURNS.search(left_out):
        return f'"{turned[0]}"'
    if narrowed := next((left_out[start:end] for _, start, end in (*groups(left_out), *routes(left_out))), None):
        return f'"{narrowed}"'
    if qualified := _qualifier().search(left_out):
        return f'"{qualified[0]}"'
    return "a figure" if _FIGURE.search(left_out) else ""


@cache
def _qualifier() -> re.Pattern[str]:
    return re.compile(rf"\b{any_of(table('copy')['qualifiers'].split())}\b", re.IGNORECASE)
