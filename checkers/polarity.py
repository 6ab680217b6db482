"""What is negated in a text, and what it makes exceptions for. Source: ``data/negation.toml``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from checkers.tables import any_of, table
from checkers.words import Word, content, neutral_stems, stem

HEADS = 2
"""Content words next to a negation that it surely turns round."""
_WINDOW = 120
_SIDE_BY_SIDE = re.compile(r"\s(?:(?:to|be|a)\s)?")
_NOT = re.compile(r"(?:\b(?:not|never|cannot)|n't)\s(?:to\s|be\s)?$", re.IGNORECASE)
_NEGATED = 16
"""Characters before a verb in which its negation stands."""
_IT = re.compile(r"\s(?:it|them)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Negation:
    """Words at ``[start, end)`` that turn round what has the stems ``heads``."""

    text: str
    start: int
    end: int
    heads: frozenset[str]


@lru_cache(maxsize=4096)
def negations(text: str) -> tuple[Negation, ...]:
    """Every negation in folded ``text``. "Not more than 5" is none: it is how far a number reaches. "Do not stop" is none
    either: two that stand side by side turn nothing round."""
    found: list[Negation] = []
    for match in _negation().finditer(text):
        if found and _SIDE_BY_SIDE.fullmatch(text, found[-1].end, match.start()):
            found.pop()
            continue
        behind = _content(SCOPE_ENDS.split(text[match.end() : match.end() + _WINDOW])[0])[:HEADS]
        before = _content(SCOPE_ENDS.split(text[max(0, match.start() - _WINDOW) : match.start()])[-1])[-HEADS:]
        near = (behind or before) if match["before"] else (before or behind)
        found.append(Negation(match[0], *match.span(), frozenset(word.stem for word in near)))
    return tuple(found)


def exception(text: str) -> tuple[str, str] | None:
    """The main part of ``text`` and the exception or condition that goes with it, with the word that opens it."""
    match = _exception().search(text)
    if match is None:
        return None
    before, behind = text[: match.start()], text[match.start() :]
    if not before.strip(" ,("):
        condition, comma, main = behind.partition(",")
        return (main, condition) if comma else None
    return before, behind


@cache
def opposites_of(stemmed: str) -> tuple[str, ...]:
    """The opposites of the word with this stem. Source: ``data/opposites.toml``."""
    pairs = table("opposites")["pairs"]
    return tuple(other for pair in pairs for one, other in (pair, pair[::-1]) if stem(one) == stemmed)


def orders(text: str, meant: frozenset[str]) -> frozenset[tuple[bool, str]]:
    """What ``text`` orders to be started (true) or stopped (false), by the stem of the first word behind the verb.

    "It" is each of ``meant``, and "" is what no word is said of. "Do not stop" orders the same as "start".
    """
    found: set[tuple[bool, str]] = set()
    for match in _order().finditer(text):
        starts = (match["start"] is not None) != (
            _NOT.search(text, max(0, match.start() - _NEGATED), match.start()) is not None
        )
        if _IT.match(text, match.end()):
            found |= {(starts, stem) for stem in meant}
        else:
            behind = _content(SCOPE_ENDS.split(text[match.end() : match.end() + _WINDOW])[0])
            found |= {(starts, word.stem) for word in behind[:1]} or {(starts, "")}
    return frozenset(found)


def _content(text: str) -> list[Word]:
    """The content words that say something of their own; all of them where none does: "insufficient evidence"."""
    found = list(content(text))
    return [word for word in found if word.stem not in neutral_stems()] or found


SCOPE_ENDS = re.compile(
    r"[.;:,()]|\b(?:if|when|whenever|unless|until|because|but|however|after|before|who|which|that|while)\b",
    re.IGNORECASE,
)
_REACHES = (
    r"(?!\s(?:(?:more|less|fewer|greater|longer|later|higher|lower)\b(?=[^.;:,]{0,40}?\bthan\b)"
    r"|(?:exceed\w*|above|below|over|under)\b(?=[^.;:]{0,40}?\d)|only\b|be\sexceeded\b))"
)
"""Not behind a negation: then it says how far a figure reaches, "not more than 5"."""


@cache
def _negation() -> re.Pattern[str]:
    rows = table("negation")
    before, behind = any_of(rows["before"]), any_of(rows["behind"])
    return re.compile(
        rf"(?<![\w-])(?<!or )(?:(?P<behind>{behind})|(?P<before>{before}){_REACHES})(?![\w-])(?!\.(?=\s?\d))",
        re.IGNORECASE,
    )


@cache
def _order() -> re.Pattern[str]:
    rows = table("negation")
    return re.compile(
        rf"(?<![\w-])(?:(?P<start>{any_of(rows['starts'])})|(?P<stop>{any_of(rows['stops'])}))(?![\w-])", re.IGNORECASE
    )


@cache
def _exception() -> re.Pattern[str]:
    rows = table("negation")
    return re.compile(rf"(?<![\w-]){any_of([*rows['exceptions'], *rows['conditions']])}(?![\w-])", re.IGNORECASE)
