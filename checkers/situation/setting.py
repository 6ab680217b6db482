"""Where an amount stands: in a table, in what was studied, in the sum of a course. There it is no order of its own."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache

from checkers.situation.mentions import Mention
from checkers.tables import table

_CELL = re.compile(r"[ |]*([^|\n]*)")
_WORDS = 4
"""Words of a table's first cell that can be a drug and its form."""
_ORDERS = re.compile(
    r"^\W*(?:please |then |so |now )?(?:give|start|begin|add|continue|administer|prescribe|take|use|load|run"
    r"|infuse|increase|switch|treat|order)\b",
    re.IGNORECASE,
)
_UP_TO = re.compile(
    r"\b(?:repeat\w*|every(?: [\d.]+(?: ?(?:-|to) ?\d+)?)? ?min\w*)"
    r"(?: (?:as|if|when) (?:needed|required|necessary))?,? (?:up )?to $",
    re.IGNORECASE,
)
_STRENGTH = re.compile(r" \d+(?:\.\d+)? ?%")
_INSTRUCTS = re.compile(
    r"\b(?:give|prescribe|please|should (?:be given|receive|take|start)"
    r"|recommended (?:starting )?dos(?:e|age)(?: of [\w-]+)? is"
    r"|is recommended|start (?:with|on|at)|we (?:recommend|suggest))\b",
    re.IGNORECASE,
)
_WHOLE_DAY = re.compile(
    r"\b(?:whole day|total daily(?: dose)?|daily total|(?:total|usual|recommended|maintenance|maximum) daily "
    r"dose(?: of| is|:)?|daily dosage)\b[^.;|]*$",
    re.IGNORECASE,
)
_DAY_BEHIND = re.compile(r"\s*(?:cumulative |total )?daily dos(?:e|age)\b", re.IGNORECASE)
_WOULD = re.compile(r"\s*would (?:be|come to|make|give|mean)\s+\d", re.IGNORECASE)
_WOULD_BE = re.compile(r"\bwould (?:be|come to|make|mean)\s+$", re.IGNORECASE)
_SUM_BRACKETS = re.compile(r"\(total \d[^()]* or $", re.IGNORECASE)
"""What a course comes to, said twice: "(total 2,000 mg of the salt or 1,550 mg base)"."""
_SUMS = (
    "total",
    "total of",
    "in total",
    "total dose",
    "total dose of",
    "cumulative dose",
    "cumulative dose of",
    "dose of at least",
)
_IN_ALL = re.compile(r"[^.;,]{0,16}\b(?:in all|in total|altogether)\b", re.IGNORECASE)


def is_worked_out(text: str, span: tuple[int, int]) -> bool:
    """Whether the amount is one that would come out, and is not ordered: "60 mg/kg would be 4,800 mg, so give 4,500 mg"."""
    return _WOULD.match(text, span[1]) is not None or _WOULD_BE.search(text, max(0, span[0] - 24), span[0]) is not None


def is_total(text: str, span: tuple[int, int]) -> bool:
    """Whether the amount is that of a whole course: "2 g in all", "(total 2 g", "0.1 mg every minute to 1 mg"."""
    before = text[max(0, span[0] - 60) : span[0]]
    if before.lower().rstrip().endswith(_SUMS) or _UP_TO.search(before) or _SUM_BRACKETS.search(before):
        return True
    return _IN_ALL.match(text, span[1]) is not None


def opens_with_a_strength(text: str, span: tuple[int, int]) -> bool:
    """Whether the text opens with the drug at ``span`` and its strength, and so orders it: "Sevoflurane 2% for maintenance"."""
    return not text[: span[0]].strip() and _STRENGTH.match(text, span[1]) is not None


def is_study(text: str, span: tuple[int, int]) -> bool:
    """Whether the sentence tells of animals, of a trial, of what a vial holds: nobody is to be given that."""
    starts, studies = _sentences(text)
    return studies[bisect_right(starts, span[0]) - 1]


@lru_cache(maxsize=4)
def _sentences(text: str) -> tuple[list[int], list[bool]]:
    """Where each sentence of ``text`` begins, and whether it tells of a study."""
    starts = [0, *(match.end() for match in re.finditer(r"[.!?]\s(?![a-z])|;\s|\n", text))]
    ends = [*starts[1:], len(text)]
    parts = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    return starts, [
        _STUDIES().search(part) is not None and _ORDERS.search(part) is None and _INSTRUCTS.search(part) is None
        for part in parts
    ]


@cache
def _STUDIES() -> re.Pattern[str]:
    words = sorted(table("situation")["study"]["words"], key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, words))})(?![\w-])", re.IGNORECASE)


def is_in_a_table(text: str, at: int, drug: str | None, named: Sequence[Mention]) -> bool:
    """Whether ``at`` is in a table's row that does not open with ``drug`` alone: then a column says what stands there."""
    if "|" not in text:
        return False
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    if text.find("|", start, end if end >= 0 else len(text)) < 0:
        return False
    stop, is_prose = _first_cell(text, start)
    opens = [] if is_prose else [one for one in named if start <= one.span[0] and one.span[1] <= stop]
    return not any(drug in (one.ingredient, *one.parts) for one in opens)


@lru_cache(maxsize=64)
def _first_cell(text: str, start: int) -> tuple[int, bool]:
    """Where the first cell of the row at ``start`` ends, and whether it is more than a drug and its form."""
    cell = _CELL.match(text, start)
    assert cell is not None
    return cell.end(), len(cell[1].split()) > _WORDS


def is_of_a_day(text: str, span: tuple[int, int]) -> bool:
    """Whether the amount stands under "whole day", or before "daily dose"."""
    before = _WHOLE_DAY.search(text, max(0, span[0] - 60), span[0])
    return before is not None or _DAY_BEHIND.match(text, span[1]) is not None
