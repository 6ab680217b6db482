"""A text cut up into tokens of the grammar. Offsets count in the text as it was given: nothing is moved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

from checkers.dosing.lexicon import WORD, Entry, Phrases, cues, lexicon
from checkers.dosing.names import Name, names
from checkers.numerals import MIXED, NUMBER, value

_SIGNS = {
    ",": "COMMA",
    ";": "SEMI",
    ":": "COLON",
    "(": "OPEN",
    "[": "OPEN",
    ")": "CLOSE",
    "]": "CLOSE",
    "|": "BAR",
    "-": "DASH",
    "—": "SEMI",
    "―": "SEMI",
}
_NARROW = re.compile(r"(?<=\d)[\u00a0\u2009\u202f'’](?=\d{3}(?!\d))")
_PLAIN = str.maketrans(
    {"μ": "µ", "‐": "-", "‑": "-", "‒": "-", "–": "-", "−": "-", "⁄": "/", "∕": "/", "’": "'", "•": "\n"}
    | dict.fromkeys("\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t", " ")
)


@dataclass(frozen=True, slots=True)
class Token:
    """A terminal at ``[start, end)``. ``value`` is its worth, for a word its letters; ``cues`` what it begins to say."""

    type: str
    start: int
    end: int
    value: Any = None
    cues: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    text: str
    kind: str


def plain(text: str) -> str:
    """``text``, as long as before, with one kind of space, hyphen, slash and micro sign, and "," within 1 200."""
    return _NARROW.sub(",", text).translate(_PLAIN)


def scan(text: str) -> list[Token]:
    """The tokens of ``text``. Takes time in proportion to its length."""
    text = plain(text)
    pieces = _unhyphened(list(_pieces(text)))
    words = [piece.text.replace("\u00ad", "") for piece in pieces]
    lower = [word.lower() for word in words]
    readers: list[_Reader] = [(names()[0], words), (lexicon()[0], words), (names()[1], lower), (lexicon()[1], lower)]
    tokens: list[Token] = []
    at = spoken = 0  # the words before ``spoken`` are part of a cue already
    cue: frozenset[str] = frozenset()
    while at < len(pieces):
        piece, length, kind = pieces[at], 1, pieces[at].kind
        worth: Any = None
        if kind in ("WORD", "SIGN", "NUM"):
            length, entry = _longest(readers, at)
            if isinstance(entry, Name):
                kind, worth = "DRUG", entry
            elif entry:
                kind, worth = entry.kind, entry.value
            else:
                length, (kind, worth) = 1, _alone(text, piece)
        elif kind == "PAIR":
            kind, worth = _pair(piece.text)
        elif kind == "SCHEDULE":
            worth = _parts_of_a_day(piece.text)
        if at >= spoken:
            said = cues().longest(lower, at)
            cue, spoken = (said[1], at + said[0]) if said and said[0] >= length else (frozenset(), at + length)
        tokens.append(Token(kind, piece.start, pieces[at + length - 1].end, worth, cue))
        at += length
    return _merged(tokens, text)


_Reader = tuple[Phrases[Any], list[str]]


def _longest(readers: Sequence[_Reader], at: int) -> tuple[int, Name | Entry | None]:
    """The longest phrase that any of ``readers`` knows at ``at``; of two as long, the first reader's."""
    length, entry = 0, None
    for phrases, words in readers:
        found = phrases.longest(words, at)
        if found and found[0] > length:
            length, entry = found
    return length, entry


_LABEL = (
    r"\d[\d.,/]{40,}|\d[\d ]{300,}|\d+(?:[.,]\d+)*:\d[\d,]*|\d{1,2}/\d{1,2}/\d{2,4}|\d{4}-\d{2}-\d{2}|\d+(?:\.\d+){2,}"
)
"""Digits that are no quantity: too many of them, a ratio, a time, a date, a section number."""
_SLOT = r"(?:\d{1,3}(?:\.\d)?|[½¼])"
_SLOTS = rf"{_SLOT}(?: ?- ?{_SLOT}){{2,3}}"
_WITH_NONE = r"(?=0(?![\d.])|[\d½¼][\d½¼. -]{0,24}(?<![\d.])0(?![\d.]))"
_NO_LADDER = r"(?!\s*(?:m?c?g|µg|m?L|kg|m?mol|mEq|%|hours?|h|days?|weeks?|months?|years?)\b)"
_SCHEDULE = (
    rf"(?<![\w.,/-])(?:(?P<slot>{_SLOT})(?: ?- ?(?P=slot)){{2,3}}|{_WITH_NONE}{_SLOTS}|{_SLOTS}{_NO_LADDER})"
    r"(?![\w½¼/-]|[.,]\d)"
)
"""So much in the morning, at noon, in the evening and perhaps at night: "1-0-1". Of a mass only where it is no ladder."""
_PAIR = r"\d[\d,]*(?:\.\d+)?(?:/\d+(?:\.\d+)?)+(?![½¼¾])"
_DIVISION = re.compile(r"[1-9]/(?:[2-689]|10)")


@cache
def _piece() -> re.Pattern[str]:
    number = rf"(?:\d+ [1-9]/[2-9](?![\d/])|0,\d+|\d+ ?(?=[½¼¾⅓⅔])(?:{MIXED})|{MIXED}(?<=[½¼¾⅓⅔⅛])|{NUMBER})"
    return re.compile(
        rf"(?P<SCHEDULE>{_SCHEDULE})|(?P<LABEL>{_LABEL})|(?P<PAIR>{_PAIR})|(?P<NUM>{number})(?!(?<=\d)(?:st|nd|rd|th)\b)"
        rf"|(?P<Q>[qQxX])(?=\d)|(?P<WORD>\d+(?:st|nd|rd|th)\b|{WORD})|(?P<INVERSE>⁻[¹²]|\^-[12])|(?P<NEWLINE>\n)|(?P<SIGN>[<>]=|\S)"
    )


def _pieces(text: str) -> Iterator[_Piece]:
    """Numbers, words and signs. "kg⁻¹" is read as "/ kg"."""
    held: list[_Piece] = []
    for match in _piece().finditer(text):
        kind = str(match.lastgroup)
        if kind == "INVERSE":
            if held:
                of = held.pop()
                if held and held[-1].text in ("·", "."):
                    held.pop()
                square = "²" if match[0][-1] in "2²" else ""
                held += [
                    _Piece(of.start, of.start, "/", "SIGN"),
                    _Piece(of.start, match.end(), of.text + square, "WORD"),
                ]
            continue
        if len(held) > 4:
            yield held.pop(0)
        held.append(_Piece(match.start(), match.end(), match[0], "WORD" if kind == "Q" else kind))
    yield from held


def _unhyphened(pieces: list[_Piece]) -> list[_Piece]:
    """Without the hyphens within a compound: "twice-daily", "14-year-old". A number behind a word and a hyphen is a name's."""
    kept: list[_Piece] = []
    for at, piece in enumerate(pieces):
        before, after = pieces[at - 1] if at else None, pieces[at + 1] if at + 1 < len(pieces) else None
        if piece.text == "-" and before and after and before.end == piece.start and piece.end == after.start:
            if before.kind in ("WORD", "NUM", "PAIR") and after.kind == "WORD":
                continue
            if before.kind == "WORD" and after.kind == "NUM" and before.text.lower() not in ("q", "x"):
                pieces[at + 1] = _Piece(after.start, after.end, after.text, _of_a_name(before.text))
                if pieces[at + 1].kind == "LABEL":
                    continue
        kept.append(piece)
    return kept


def _of_a_name(before: str) -> str:
    """ "COVID-19" is a name; "6 mg-8 mg" is a range: what stands before the hyphen is known to the grammar."""
    return "NUM" if lexicon()[1].longest((before.lower(),), 0) or lexicon()[0].longest((before,), 0) else "LABEL"


def _alone(text: str, piece: _Piece) -> tuple[str, Any]:
    """The terminal of a piece that no table knows."""
    if piece.kind == "NUM":
        try:
            return ("NUM", value(piece.text.replace(",", ".") if piece.text[:2] == "0," else piece.text))
        except (ValueError, ZeroDivisionError):
            return "LABEL", None
    if piece.kind == "WORD":
        return "WORD", text[piece.start : piece.end]
    if piece.text in (".", "!", "?"):
        return ("STOP" if _ends_sentence(text, piece) else "DOT"), None
    return _SIGNS.get(piece.text, "SIGN"), piece.text


def _pair(written: str) -> tuple[str, Any]:
    """ "875/125" is a pair, "1/2" a half."""
    if _DIVISION.fullmatch(written) and Fraction(written) < 1:
        return "NUM", Fraction(written)
    return "PAIR", tuple(Fraction(part.replace(",", "")) for part in written.split("/"))


def _parts_of_a_day(written: str) -> tuple[Fraction, ...]:
    """ "1-0-½" in the order in which it stands."""
    return tuple(value(part) for part in re.split(" ?- ?", written))


def _ends_sentence(text: str, piece: _Piece) -> bool:
    """Whether a full stop ends a sentence: white space and no small letter behind it, no abbreviation before it."""
    after = text[piece.end : piece.end + 3]
    if after and not after[0].isspace() and after[0] not in "\"')]”":
        return False
    follows = after.strip()
    if follows and follows[0].islower():
        return False
    word = re.search(r"[A-Za-z.]+$", text[max(0, piece.start - 12) : piece.start])
    return not (piece.text == "." and word and word[0].lower() in _ABBREVIATED and follows)


_ABBREVIATED = frozenset(
    "approx dr e.g eg i.e ie inj no vs cf fig mr mrs prof st susp soln dil incl wt max min".split()
)


_AT_AN_END: tuple[list[str], ...] = ([], ["COMMA"], ["STOP"], ["SEMI"], ["CLOSE"], ["NEWLINE"])
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_GROUPS = re.compile(r"[1-9]\d{0,2} \d{3}")


def _is_no_such(token: Token, before: Sequence[Token], kinds: Sequence[str], text: str) -> bool:
    """Whether "Max" ends a product's name ("Lemsip Max (1 g ...)"), or "MS" is no drug for want of a number behind it."""
    if token.type == "DRUG":
        return bool(token.value.before_number) and kinds[1:2] != ["NUM"]
    if text[token.start : token.end] != "Max" or kinds[1:2] == ["NUM"] or not before:
        return False
    last = before[-1]
    return last.type in ("WORD", "DRUG") and text[last.end : token.start] == " " and text[last.start].isupper()


def _merged(tokens: list[Token], text: str) -> list[Token]:
    """Numbers written twice, "2 (two)", and in parts, "one and a half", made one; "on" at the end of a phrase is at night."""
    merged: list[Token] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        kinds = [other.type for other in tokens[at : at + 4]]
        if token.type == "NUM":
            half = next(
                (n for n in (2, 3) if kinds[1:n] == ["AND", "A"][: n - 1] and kinds[n : n + 1] == ["NUM"]), None
            )
            if half and tokens[at + half].value < 1 and token.value >= 1:
                merged.append(Token("NUM", token.start, tokens[at + half].end, token.value + tokens[at + half].value))
                at += half + 1
                continue
            if (
                kinds[:3] == ["NUM", "NUM", "UNIT"]
                and kinds[3:] != ["FORM"]
                and not (merged and merged[-1].type == "TIME")  # "from day 11 200 mg"
                and _GROUPS.fullmatch(text, token.start, tokens[at + 1].end)
            ):
                merged.append(Token("NUM", token.start, tokens[at + 1].end, token.value * 1000 + tokens[at + 1].value))
                at += 2
                continue
            if kinds == ["NUM", "OPEN", "NUM", "CLOSE"] and tokens[at + 2].value == token.value:
                merged.append(Token("NUM", token.start, tokens[at + 3].end, token.value))
                at += 4
                continue
        elif kinds[:3] in (["DAYNAME", "TO", "DAYNAME"], ["DAYNAME", "DASH", "DAYNAME"]):
            start, end = (_WEEKDAYS.index(day.value[:3].lower()) for day in (token, tokens[at + 2]))
            days = (end - start) % len(_WEEKDAYS) + 1  # "Monday to Friday"
            merged.append(Token("FREQ", token.start, tokens[at + 2].end, Fraction(days, len(_WEEKDAYS))))
            at += 3
            continue
        elif token.type in ("MAX", "DRUG") and _is_no_such(token, merged, kinds, text):
            token = Token("WORD", token.start, token.end, text[token.start : token.end])
        elif token.value == "on" and merged and merged[-1].type in ("UNIT", "FORM") and kinds[1:2] in _AT_AN_END:
            token = Token("FREQ", token.start, token.end, Fraction(1))
        merged.append(token)
        at += 1
    return merged
