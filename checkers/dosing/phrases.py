"""Phrases of a prescription, as ``grammar.lark`` has them, and what each is worth.

LALR(1), fed token by token from each token that can begin a phrase; the longest phrase that the grammar accepts is taken. A
phrase has at most ``LONGEST`` tokens, so the work grows with the length of the text and with nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from lark import Lark
from lark import Token as LarkToken
from lark.exceptions import UnexpectedInput
from lark.parsers.lalr_interactive_parser import InteractiveParser

from checkers.dosing.meaning import Meaning
from checkers.dosing.scan import Token
from checkers.dosing.worth import NotOne, Worth

LONGEST = 32


@dataclass(frozen=True, slots=True)
class Phrase:
    """``worth`` at ``[start, end)`` of the text. It gives no cue: its words are spent."""

    start: int
    end: int
    worth: Worth
    cues: frozenset[str] = frozenset()


def phrases(tokens: Sequence[Token]) -> Iterator[Phrase | Token]:
    """``tokens`` in their order, those that make up a phrase replaced by it."""
    at = 0
    while at < len(tokens):
        if tokens[at].type in _beginnings():
            phrase, length = _longest(tokens[at : at + LONGEST])
            if phrase:
                yield phrase
                at += length
                continue
        yield tokens[at]
        at += 1


def _longest(tokens: Sequence[Token]) -> tuple[Phrase | None, int]:
    """The longest phrase that ``tokens`` begin with, and how many of them it takes."""
    accepted: list[int] = []
    parser = _parser().parse_interactive()
    for length, token in enumerate(tokens, 1):
        if token.type not in _choices(parser):
            break
        try:
            parser.feed_token(cast(LarkToken, token))
        except (UnexpectedInput, NotOne):
            break
        if "$END" in _choices(parser):
            accepted.append(length)
    for length in reversed(accepted):
        parser = _parser().parse_interactive()
        try:
            for token in tokens[:length]:
                parser.feed_token(cast(LarkToken, token))
            worth = cast(Worth, parser.feed_eof())  # type: ignore[no-untyped-call]
        except (UnexpectedInput, NotOne):
            continue
        return Phrase(tokens[0].start, tokens[length - 1].end, worth), length
    return None, 0


def _choices(parser: InteractiveParser) -> Mapping[str, object]:
    """The terminals that the grammar allows next."""
    return cast("Mapping[str, object]", parser.choices())  # type: ignore[no-untyped-call]


@cache
def _parser() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", transformer=Meaning(), maybe_placeholders=False)


@cache
def _beginnings() -> frozenset[str]:
    """Terminals that a phrase can begin with."""
    return frozenset(name for name in _choices(_parser().parse_interactive()) if name.isupper())
