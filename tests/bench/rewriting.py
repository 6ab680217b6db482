"""What all ways to rewrite a sentence have in common: their type, and the replacing of what a pattern finds."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Rewriting = Callable[[str, random.Random], str | None]
"""A sentence and a source of chance in; the sentence rewritten out, or ``None`` where it does not apply."""


def one_replaced(
    text: str, chance: random.Random, pattern: str, made: Callable[[re.Match[str]], str | None], flags: int = 0
) -> str | None:
    """One match of ``pattern`` replaced; ``None`` where there is none, or where it would stay as it is."""
    found = list(re.finditer(pattern, text, flags))
    if not found:
        return None
    match = chance.choice(found)
    new = made(match)
    return None if new is None or new == match[0] else text[: match.start()] + new + text[match.end() :]


def any_replaced(
    text: str, chance: random.Random, pattern: str, made: Callable[[re.Match[str]], str | None], flags: int = 0
) -> str | None:
    """The first match, in an order of chance, that ``made`` changes; ``None`` where it changes none."""
    found = list(re.finditer(pattern, text, flags))
    chance.shuffle(found)
    for match in found:
        if (new := made(match)) is not None and new != match[0]:
            return text[: match.start()] + new + text[match.end() :]
    return None
