"""A stored sentence as it reads alone: with the words it leans on, on one line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from guidelines.types import CELL_SEPARATOR, Passage, SentenceKind

_CELLS = re.compile(rf"(?:^|\s){re.escape(CELL_SEPARATOR.strip())}(?:\s|$)")
"""Between the cells of a row whose white space was folded: an empty cell at either end has lost its space."""
_LINE_BREAK_HYPHEN = re.compile(r"(?<=[a-zß-ÿ])[-\u2010\u00ad]\s*\n\s*(?=[a-zß-ÿ])")


def alone(passage: Passage, number: int, passages: Mapping[str, Passage]) -> str:
    """Sentence ``number`` of ``passage``; ``passages`` holds those that its leads may stand in."""
    sentence = passage.sentences[number]
    leads = [
        fold((passages[lead.passage_id] if lead.passage_id else passage).text[lead.start : lead.end])
        for lead in sentence.leads
    ]
    return joined(sentence.kind, leads, fold(passage.sentence_text(number)))


def joined(kind: SentenceKind, leads: Sequence[str], own: str) -> str:
    """``own`` behind the words that it leans on: a row's cells under their headers, an item under its list's opening."""
    if kind is SentenceKind.ROW:
        return _row(leads, own)
    return " ".join((*(lead if lead.endswith((":", ".", ";", ",")) else f"{lead}:" for lead in leads), own))


def fold(text: str) -> str:
    """``text`` on one line, with words that were broken at a line's end joined again."""
    return " ".join(_LINE_BREAK_HYPHEN.sub("", text).split())


def _row(leads: Sequence[str], row: str) -> str:
    """``Caption: header: cell; header: cell``; a cell that is empty says nothing, and neither does its header."""
    *captions, header = leads or [""]
    names, cells = _CELLS.split(header), _CELLS.split(row)
    if len(names) != len(cells):
        return " ".join((*(f"{lead}:" for lead in leads), row))
    named = zip((name.strip(" :") for name in names), cells, strict=True)
    told = "; ".join(f"{name}: {cell}" if name else cell for name, cell in named if cell)
    caption = " ".join(captions).strip(" :.")
    return f"{caption}: {told}" if caption else told
