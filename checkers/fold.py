"""Typographic normalisation: what a copy may change without changing a word.

NFC and the closed table ``data/typography.toml``, then white space, words broken at a line's end, bullets, and the space
between a number and its unit. Never NFKC, which turns 10⁹ into 109. Two folded texts are equal only if every letter, digit,
sign and mark of one stands in the other, in the same order.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from unicodedata import is_normalized, normalize

from checkers.remember import remembered
from checkers.tables import table

PARAGRAPH = "\n"
"""In ``Folded.marks``: a blank line or a bullet stood here."""
LINE = "\r"
"""In ``Folded.marks``: a line ended here."""
BREAK = "\u00ad"
"""A hyphen at a line's end, which may or may not belong to the word: "treat-/ment", "beta-/lactam"."""

_TO_PLAIN = {PARAGRAPH: " ", LINE: " ", "–": "-", "—": "-", "−": "-"}


@dataclass(frozen=True, slots=True)
class Folded:
    """``text`` is compared; ``marks``, of the same length, still tells lines, paragraphs and kinds of dash apart."""

    text: str
    marks: str

    @property
    def broken(self) -> bool:
        """Whether a word of it was broken at a line's end."""
        return BREAK in self.text


@remembered(most=2048, most_long=32)
def fold(text: str) -> Folded:
    """``text`` in the form in which quotes are compared. Takes time in proportion to its length."""
    if not text.isascii() and not is_normalized("NFC", text):
        text = normalize("NFC", text)
    text = _replaced(text.replace("\r\n", "\n"), _characters())
    if not text.isascii():
        text = _invisible().sub("", text)
        if _TRADE_MARK in text:
            text = _TRADE_MARKS.sub("", text)
        if _BULLET_SIGN in text:
            text = _BULLET.sub("\n\n", text)
        if BREAK in text:
            text = _SOFT.sub(BREAK, text)
    text = LINE.join(line.strip(" ") for line in text.split("\n"))
    if LINE + LINE in text:
        text = _BLANK_LINES.sub(PARAGRAPH, text)
    text = text.strip(" " + LINE + PARAGRAPH)
    for signs, pattern, replacement in _SPACING:
        if any(sign in text for sign in signs):
            text = pattern.sub(replacement, text)
    return Folded(text=_replaced(text, _TO_PLAIN), marks=text)


def _replaced(text: str, characters: dict[str, str]) -> str:
    """``str.translate`` by way of ``replace``, which is many times faster where few characters are concerned."""
    ascii_only = text.isascii()
    for character, plain in characters.items():
        if (character < "\x80" or not ascii_only) and character in text:
            text = text.replace(character, plain)
    return text


_BULLET_SIGN, _TRADE_MARK = "\ue000", "\ue001"
_BLANK_LINES = re.compile(rf"{LINE}{{2,}}")
_BULLET = re.compile(rf"(?:\A|\n) *{_BULLET_SIGN}+ *| +{_BULLET_SIGN}+ *")
_TRADE_MARKS = re.compile(rf" ?{_TRADE_MARK}(?![.,/]?\d)")
_SOFT = re.compile(rf"{BREAK}(?<=[^\W\d_]{BREAK})[ \n]*(?=[^\W\d_])")
_SUSPENDED = r"(?:and|or|to)\b(?!-)"
"""What follows a hyphen that waits for its other half: "pre- and postoperative", "6- to 8-week"; not "mild-/to-moderate"."""
# A text with none of the signs is left alone; each pattern begins with what it looks for, which is what makes it fast.
_SPACING: tuple[tuple[Sequence[str], re.Pattern[str], str], ...] = tuple(
    (signs, re.compile(pattern), replacement)
    for signs, pattern, replacement in (
        (["  "], r" {2,}", " "),
        (["- ", "-\r", "-\n"], rf"-(?<=[^\W\d_]-)[ \r\n](?!{_SUSPENDED})(?=[^\W\d_])", BREAK),
        (["- ", "-\r", "-\n", "–", "—", "−"], rf"([-–—−])(?<=\w[-–—−])[ \r\n](?!{_SUSPENDED})(?=\w)", r"\1"),
        (["--"], r"--(?<=[^\W\d_ ]--)-?(?=[^\W\d_ ])", "—"),
        (["--"], r"--(?<= --)-?(?= )", "—"),
        (["/ ", "/\r", "/\n"], r"/(?<=\w/)[ \r\n](?=\w)", "/"),
        ([" /", "\r/"], r"[ \r]/(?<=\w[ \r]/)[ \r\n]?(?=\w)", "/"),
        (
            "0123456789",
            r"([0-9])(?<![A-Za-z][0-9])(?<![A-Za-z][0-9]{2})(?<![A-Za-z][0-9]{3})(?=[A-Za-zµ%°])(?!(?:st|nd|rd|th)\b)",
            r"\1 ",
        ),
        ("°", r"°[ \r](?=[CF]\b)", "°"),
        ("<>≤≥=±~", r"([<>≤≥=±~])[ \r](?=[\d.])", r"\1"),
    )
)


@cache
def _characters() -> dict[str, str]:
    rows = table("typography")
    characters = {_char(code): text for code, text in rows["ligatures"].items()}
    for name in (
        "spaces",
        "line_ends",
        "hyphens",
        "en_dashes",
        "em_dashes",
        "single_quotes",
        "double_quotes",
        "micro",
        "degree",
    ):
        characters |= {_char(code): rows[name]["to"] for code in rows[name]["from"]}
    for name, sign in (("bullets", _BULLET_SIGN), ("trade_marks", _TRADE_MARK)):
        characters |= {_char(code): sign for code in rows[name]["from"]}
    return characters


@cache
def _invisible() -> re.Pattern[str]:
    signs = "".join(_char(code) for code in table("typography")["invisible"]["from"])
    return re.compile(rf"[{signs}](?<![\d.,/][{signs}])|[{signs}](?![\d.,/{signs}])")


@cache
def _forbidden() -> re.Pattern[str]:
    ranges = ("-".join(map(_char, part.split("-"))) for part in table("typography")["forbidden"]["ranges"])
    return re.compile("[" + "".join(ranges) + "]")


def hidden_character(text: str) -> str | None:
    """The first character of ``text`` that reorders or hides what is shown, as "U+202E", or ``None``."""
    match = _forbidden().search(text)
    return f"U+{ord(match[0]):04X}" if match else None


def _char(code: str) -> str:
    return chr(int(code.removeprefix("U+"), 16))


class Origin:
    """Where the characters of a folded text stood in the text it was folded from.

    Folding keeps every letter and digit, in order; so the n-th one here is the n-th one there.
    """

    def __init__(self, text: str, folded: str) -> None:
        characters = _characters()
        self._there = [
            at for at, character in enumerate(text) for kept in characters.get(character, character) if kept.isalnum()
        ]
        self._here = [at for at, character in enumerate(folded) if character.isalnum()]

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Where ``text[start:end]`` stands in the folded text; the inverse of ``span``."""
        return _between(self._there, self._here, start, end)

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where ``folded[start:end]`` stood, or ``None`` if that cannot be told."""
        return _between(self._here, self._there, start, end)


@lru_cache(maxsize=64)
def origin(text: str) -> Origin:
    """The origin of ``fold(text)``; the last few are remembered, for a passage is quoted more than once."""
    return Origin(text, fold(text).text)


def _between(here: list[int], there: list[int], start: int, end: int) -> tuple[int, int] | None:
    first, last = bisect_left(here, start), bisect_left(here, end)
    if first >= last or len(here) != len(there):
        return None
    return there[first], there[last - 1] + 1
