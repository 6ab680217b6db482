"""How an order is meant, by the words around its amount: pushed, as needed, once, to begin with, without end; or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

_SOON = 24
"""Times a day from which on "may repeat every ..." is no schedule."""
_AS_NEEDED = re.compile(
    r"\b(?:p\.?r\.?n\.?|as needed|if needed|as required|when required|when needed|if required|for breakthrough|breakthrough)\b",
    re.IGNORECASE,
)
_PUSH = re.compile(
    r"\b(?:iv|i\.v\.|intravenous|rapid|slow)?\s*(?P<p>push|bolus|undiluted|stat injection)\b", re.IGNORECASE
)
_NOT_PUSHED = re.compile(r"\b(?:not|never|avoid|without|no)\b[^.;]*\b(?:push|bolus|undiluted)\b", re.IGNORECASE)
_REPEATS = re.compile(
    r"\b(?:repeat(?:ed|ing)?|until(?! (?:further|discharge|tomorrow|morning|then|review))|up to (?:two|three|four|\d) (?:times"
    r"|doses)|at intervals of|"
    r"for (?:the first|one|1|up to (?:one|1)) hour|(?:x|×) ?\d doses)\b",
    re.IGNORECASE,
)
_ONCE = re.compile(
    r"\b(?:once(?! (?:a|every|daily|weekly|monthly|per|nightly|each|yearly|at))|single dose|one dose|one[- ]time"
    r"|stat|x ?1\b|× ?1\b|immediately|now)\b",
    re.IGNORECASE,
)
_STARTS = re.compile(
    r"\b(?:(?<!re-)start(?:ed|ing|s)?(?! of)|add(?:ing)?(?! up| to (?:the|a|each))|commenc\w+|initiat\w+|beg[iu]n(?:ning|s)?"
    r"|newly (?:started|prescribed)|na[iï]ve"
    r"|first (?:ever )?dose|(?:from |on )?day (?:1|one)|initial(?:ly)?|first (?:two |2 )?weeks?|weeks? (?:1|one))\b",
    re.IGNORECASE,
)
_ENDLESS = re.compile(
    r"\b(?:indefinite(?:ly)?|long[- ]term|life[- ]?long|for life|permanent(?:ly)?|for ever|forever|open[- ]ended"
    r"|with no stop date|without (?:a |any )?(?:stop|end|review) date|until further notice|for years)\b",
    re.IGNORECASE,
)
_WRONG = (
    r"(?:inappropriate|unsafe|wrong|incorrect|contraindicated|dangerous|harmful|excessive|toxic|lethal|fatal"
    r"|too (?:much|high)|overdose|error|mistake|\w+fold (?:error|overdose|too)"
    r"|not (?:an option|appropriate|safe|suitable|recommended|advised|advisable|acceptable|to be (?:used|given)))"
)
_REFUSED_BEHIND = re.compile(
    rf"[^.;|,]{{0,50}}?\b(?:(?:would be|is|are|was|were|being) (?:\w+ly |therefore |also )?(?:an? |the )?{_WRONG}"
    r"|(?:is|are) no longer (?:used|given|recommended|advised|licensed)"
    r"|(?:must|should|can|may) ?not be (?:given|used|prescribed|administered|offered|started)"
    r"|(?:should|must|is to|are to|to) be avoided|exceeds? the maximum|would exceed)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Manner:
    """``repeats`` is "may repeat every 2 minutes", which goes on for a few doses and not all day.

    ``starts`` says that nobody had the drug before, ``endless`` that it goes on until somebody stops it.
    """

    pushed: bool = False
    as_needed: bool = False
    once: bool = False
    repeats: bool = False
    starts: bool = False
    endless: bool = False


def manner(said: str, frequencies: Iterable[Decimal | None]) -> Manner:
    """What ``said``, the words of an order, says of its manner; ``frequencies`` are those of its doses, a day."""
    often = tuple(frequencies)
    return Manner(
        pushed=_PUSH.search(said) is not None and _NOT_PUSHED.search(said) is None,
        as_needed=_AS_NEEDED.search(said) is not None,
        once=all(one is None for one in often) and _ONCE.search(said) is not None,
        repeats=_REPEATS.search(said) is not None and any((one or 0) >= _SOON for one in often),
        starts=_STARTS.search(said) is not None,
        endless=_ENDLESS.search(said) is not None,
    )


def is_refused(text: str, end: int) -> bool:
    """Whether what stands right behind an amount, at ``end``, says that it is wrong: "... would be unsafe here"."""
    return _REFUSED_BEHIND.match(text, end) is not None
