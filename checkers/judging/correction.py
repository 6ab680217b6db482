"""How fast a text wants sodium raised: "from 106 to 136 mmol/L within 12 h", "by 20 mmol/L in the first 24 hours"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

_TWO_DAYS = 48
_HOURS = (
    r"[^.;]{{0,40}}?\b(?:in|within|over|by)\s+(?:the\s+)?(?:first\s+|next\s+)?(?P<{}>\d{{1,2}})\s*(?:-\s*)?"
    r"(?:h|hrs?|hours?)\b"
)
_FROM_TO = re.compile(
    r"\b(?:sodium|Na)\b[^.;\d]{0,40}(?P<low>1[0-4]\d)\s*(?:mmol/L\s*|mEq/L\s*)?(?:to|-|–|→)\s*(?P<high>1[0-5]\d)\b"
    + _HOURS.format("hours"),
    re.IGNORECASE,
)
_BY = re.compile(
    r"\b(?:raise|increase|correct|bring)\w*\b[^.;\d]{0,40}\b(?:sodium|Na)\b[^.;\d]{0,30}\bby\s+(?P<by>\d{1,2})\s*(?:mmol|mEq)"
    + _HOURS.format("hours2"),
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:not|never|avoid\w*|no more than|at most|less than|maximum|exceed\w*|danger\w*|must not)\b[^.;]{0,60}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Correction:
    """``rise`` in mmol/L over ``hours``, at ``span`` of the text."""

    rise: Decimal
    hours: Decimal
    span: tuple[int, int]


def corrections(text: str) -> Iterator[Correction]:
    """Every rise of sodium that the text aims at, but for those that it warns of."""
    for match in (*_FROM_TO.finditer(text), *_BY.finditer(text)):
        if _REFUSED.search(text[max(0, match.start() - 80) : match.start()]) or _REFUSED.search(
            match[0].split("by")[0]
        ):
            continue
        found = match.groupdict()
        rise = Decimal(found["by"]) if found.get("by") else Decimal(found["high"]) - Decimal(found["low"])
        hours = Decimal(found.get("hours") or found.get("hours2") or 0)
        if rise > 0 and 0 < hours <= _TWO_DAYS:
            yield Correction(rise, hours, match.span())
