"""What a text says of whom, or of when, what it orders holds: "if there is haemoptysis", "patients with a mechanical valve"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from checkers.polarity import exception
from checkers.quantities import Key, quantities
from checkers.words import content

Said = frozenset[str | Key]
"""Stems of content words, and figures in whatever unit."""
_WHOM = re.compile(
    r"\b(?:patients|people|persons|individuals|those|anyone|adults|children|infants|neonates|women|men|contacts)"
    r"\s(?:at|with|who|whose|without|taking|receiving|having|undergoing|under|over|aged|below|above|(?:older|younger)\sthan)"
    r"\s.{1,90}?"
    r"(?=[,;:.()]|\s(?:should|must|may|can|is|are|was|were|has|have|need|needs|receive|give|offer|use)\b|\Z)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Scope:
    """``text`` that says for whom or when, and the ``rest`` of what it stands in."""

    text: str
    rest: str


def scopes(text: str) -> Iterator[Scope]:
    """Every condition, exception and group of people in folded ``text``."""
    if (parts := exception(text)) is not None:
        yield Scope(parts[1], parts[0])
    for match in _WHOM.finditer(text):
        yield Scope(match[0], f"{text[: match.start()]} {text[match.end() :]}")


@lru_cache(maxsize=4096)
def said(text: str) -> Said:
    """The stems of content words of folded ``text`` that are part of no figure, and its figures."""
    found = quantities(text)
    taken = {at for figure in found for at in range(figure.start, figure.end)}
    stems = {word.stem for word in content(text) if word.start not in taken}
    return frozenset((*stems, *(min(figure.keys, key=repr) for figure in found)))
