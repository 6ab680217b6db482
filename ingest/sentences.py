"""Where a sentence ends in clinical prose.

A sentence is what gets quoted, so a cut in the wrong place ("max." / "4 g per day") is a safety matter, and a missing cut is
only clumsy. LlamaIndex's sentence tokenizer (NLTK Punkt, with its data) proposes; the rules below take a proposal back when
either side shows that the sentence goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

_ABBREVIATIONS = frozenset(
    """
    e.g i.e eg ie cf ca c approx max min vs viz resp incl excl esp usu no nos ref refs fig figs tab sec sect ch vol ed eds p pp
    i.v iv i.m im p.o po s.c sc p.r pr s.l sl i.o io b.d bd b.i.d bid t.d.s tds t.i.d tid q.d.s qds q.i.d qid o.d od p.r.n prn
    q.h a.c p.c stat tab tabs cap caps inj susp soln amp dr mr mrs ms prof st sp spp subsp var syn dept wt ht temp hr hrs mins
    secs wk wks mo mos yr yrs inc ltd co u.s u.k
    """.split()
)
_LAST_WORD = re.compile(r"([A-Za-z][A-Za-z.]*)\.\s*$")
_INITIAL = re.compile(r"(?:^|[\s(])[A-Z]\.\s*$")
_ENUMERATOR = re.compile(r"(?:^|\n)\s*\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivx]{1,4})[.)]\s*$")
_GOES_ON = re.compile(r"[a-zµμ)\],;:%≥≤<>=/+×–-]")
_CLOSES_WITHIN = 300
"""A bracket that does not close within so many characters was never meant to; it must not swallow the page."""


@cache
def _tokenizer() -> Callable[[str], list[str]]:
    from llama_index.core.node_parser.text.utils import split_by_sentence_tokenizer

    return split_by_sentence_tokenizer()


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """``(start, end)`` of each sentence of ``text``, in order, white space trimmed; every other character is in one of them."""
    if not text.strip():
        return
    start = end = 0
    for piece in _tokenizer()(text):
        if end > start and not _goes_on(text[start:end], text, end):
            yield from _trimmed(text, start, end)
            start = end
        end += len(piece)
    yield from _trimmed(text, start, end)


def _goes_on(left: str, text: str, at: int) -> bool:
    """Whether the sentence ``left``, which would end at ``at``, runs on into what follows."""
    right = text[at : at + _CLOSES_WITHIN].lstrip()
    if right and _GOES_ON.match(right[0]) and not re.match(r"[-–]\s", right):
        return True
    if (word := _LAST_WORD.search(left)) and word[1].lower().rstrip(".") in _ABBREVIATIONS:
        return True
    if _INITIAL.search(left) or _ENUMERATOR.search(left):
        return True
    return any(left.count(opening) > left.count(closing) and closing in right for opening, closing in ("()", "[]"))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    lead = len(piece) - len(piece.lstrip())
    if body := piece.strip():
        yield start + lead, start + lead + len(body)
