"""Which drugs a text names, and where: by any of their names, in combination, and misspelt where only one can be meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from checkers.dosing.names import How, Name, combined, is_known, misspelt, salts
from checkers.dosing.scan import Token, plain, scan
from checkers.names import is_drug
from checkers.tables import table

_JOINT = re.compile(r" ?[/+-] ?")
_WORDS = re.compile(r" (?:and|with|plus) | & ")


@dataclass(frozen=True, slots=True)
class Mention:
    """A drug at ``span`` (code points). ``ingredient`` is ``None`` for what is a drug by its ending and in no table."""

    span: tuple[int, int]
    ingredient: str | None
    how: How


def find_drugs(text: str) -> tuple[Mention, ...]:
    """Every drug that ``text`` names, in its order."""
    return tuple(
        Mention((token.start, token.end), token.value.ingredient or None, token.value.how)
        for token in tokens(text)
        if token.type == "DRUG"
    )


@lru_cache(maxsize=16)
def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of ``text``, its drugs named. The last few texts are remembered: many ask about the same one."""
    return tuple(named(scan(text), text))


def named(tokens: Sequence[Token], text: str) -> list[Token]:
    """``tokens``, in which every drug is one token of type ``DRUG`` whose value is a ``Name``."""
    text = plain(text)
    found: list[Token] = []
    for token in tokens:
        last = found[-1] if found else None
        if token.type in ("WORD", "DRUG"):
            word = text[token.start : token.end]
            if last and last.type == "DRUG" and word.lower() in salts() and text[last.end : token.start] in (" ", "-"):
                found[-1] = replace(last, end=token.end)
                continue
            if token.type == "WORD":
                token = _of_word(token, word)
        if token.type == "DRUG":
            token = _with_partner(found, token, text)
        found.append(token)
    return found


def _of_word(token: Token, word: str) -> Token:
    if len(word) < 6 or not word.isalpha() or word.lower() in table("drugs")["no_drugs"]:
        return token
    if ingredient := misspelt(word):
        return replace(token, type="DRUG", value=Name(ingredient, "misspelling"))
    if is_drug(word) or _has_stem(word.lower()):
        return replace(token, type="DRUG", value=Name("", "unknown"))
    return token


def _has_stem(word: str) -> bool:
    """Whether the word ends as names of drugs do, and is more than that end."""
    return any(word.endswith(stem) and len(word) > len(stem) + 2 for stem in table("drugs")["stems"])


def _with_partner(found: list[Token], token: Token, text: str) -> Token:
    """``token`` joined with the drug before it, if the two are one product; that drug is then taken out of ``found``."""
    back = next((n for n in (1, 2) if len(found) >= n and found[-n].type == "DRUG"), None)
    if back is None or token.value.parts:
        return token
    first = found[-back]
    between = text[first.end : token.start]
    parts = (*(first.value.parts or (first.value.ingredient,)), token.value.ingredient)
    if not all(parts) or first.value.how == "brand" or token.value.how == "brand":
        return token
    if not _JOINT.fullmatch(between) and not (_WORDS.fullmatch(between) and is_known(parts)):
        return token
    del found[-back:]
    return Token("DRUG", first.start, token.end, Name(combined(parts), "combination", parts))
