"""Whether a record or a text speaks of a condition, by any of its names. Source: ``data/conditions.toml``.

A name stands for its condition, its synonyms and every narrower condition, never for a wider one. It does not count where it
is denied ("no seizures", "hepatitis B antigen negative"), only feared ("risk of bleeding"), somebody else's ("her mother has
epilepsy"), part of a longer name that means something else, or over, if it is of the kind that counts only while it lasts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache

from checkers.tables import table

_BEFORE = 60
"""Code points before a condition in which a word that denies it counts."""
_PAST = r"(?:past history of|medical history of|history of|hx of|h/o|previously|previous|prior|past|remote|old|former)"
_PAST_BEFORE = re.compile(rf"\b{_PAST}\s+(?:\w+\s+){{0,2}}$")
_PAST_BEHIND = re.compile(
    r"\W{0,3}(?:\w+\s+){0,4}?(?:(?:\d+|one|two|three|four|five|six|several|many|some)\s+(?:years?|yrs?|months?|decades?)\s+ago"
    r"|(?:in|since) (?:19|20)\d\d\b|in childhood|as a child|last year)"
)
_TOKEN = re.compile(r"\w+")
_PAST_NAME = re.compile(rf"^{_PAST}\s+")
_RECENT, _LATE = "recent ", "lately "
_LATELY = (
    r"[\s(,:]{1,3}(?:about\s+)?(?:(?:\d{1,2}|an?|one|two|three|four|five|six|eight|ten|twelve)\s+(?:days?|weeks?|wks?)\s+ago"
    r"|(?:[123]|a|one|two|three)\s+months?\s+ago|(?:last|this)\s+(?:week|month)|yesterday|today)"
)
"""Behind a condition: it is no older than three months, and so a recent one."""


@lru_cache(maxsize=2048)
def plain(text: str) -> str:
    """``text`` in small letters, without accents, hyphens and possessives, in American spelling.

    Abbreviations of two to four capitals are marked with "^", so that "PE" is no "pe" and "MI" no "mi".
    """
    marked = re.sub(r"\b[A-Z]{2,4}\b", r"^\g<0>", text)
    folded = marked.casefold()
    if not folded.isascii():
        folded = "".join(sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign))
    folded = re.sub(r"[’']s?\b", "", folded)
    folded = re.sub(r"(?<=\w)[-‐‑–](?=\w)", " ", folded)
    for british, american in table("conditions")["spelling"].items():
        folded = folded.replace(british, american)
    return re.sub(r"[ \t]+", " ", folded)


@lru_cache(maxsize=16_384)
def named(words: tuple[str, ...], text: str) -> str | None:
    """The first of ``words``, or of their synonyms, that ``text`` (made ``plain``) says and does not deny."""
    if not text or not words or _first_tokens(words).isdisjoint(_tokens(text)):
        return None  # most words are not spoken of at all, and their patterns need not be made
    for match in _pattern(words).finditer(text):
        denied = _is_denied(text, match.start(), match.end())
        if not denied and not _is_unlike(text, match) and not _is_over(words, text, match):
            return match[0]
    return None


def any_named(words: tuple[str, ...], texts: Iterable[str]) -> str | None:
    """The first of ``words`` that any of ``texts`` (made ``plain``) says."""
    return next((found for text in texts if (found := named(words, text))), None)


def recognised(text: str) -> tuple[str, ...]:
    """The conditions that ``text`` speaks of and does not deny, each by the first of its names in the table."""
    folded = plain(text)
    return tuple(group[0] for group in table("conditions")["same"] if named((group[0],), folded))


@lru_cache(maxsize=4096)
def _tokens(text: str) -> frozenset[str]:
    return frozenset(_TOKEN.findall(text))


@lru_cache(maxsize=4096)
def _first_tokens(words: tuple[str, ...]) -> frozenset[str]:
    """A token for every name of ``words`` that stands in any text which says that name."""
    found: set[str] = set()
    for name in _names(words):
        first, *rest = _TOKEN.findall(name.removeprefix(_LATE))
        found.update((first,) if rest else (first, f"{first}s", f"{first}es"))
    return frozenset(found)


@lru_cache(maxsize=4096)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of ``words`` or their synonyms, as whole words, in the singular or plural."""
    ordered = sorted(set(_names(words)), key=lambda name: (-len(name), name))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(_phrase, ordered))})(?!\w)")


@lru_cache(maxsize=4096)
def _names(words: tuple[str, ...]) -> frozenset[str]:
    """All names of ``words``; "history of seizures" is a name of seizures that lets them be over.

    A recent condition is also one that is told with a time of at most three months ago.
    """
    found: set[str] = set()
    for word in map(plain, words):
        found.update(_synonyms().get(word, (word,)))
        if base := _PAST_NAME.sub("", word):
            found.update(_synonyms().get(base, (base,)))
        if (late := word.removeprefix(_RECENT)) != word:
            found.update(f"{_LATE}{name}" for name in _groups().get(late, (late,)))
    return frozenset(found)


@lru_cache(maxsize=4096)
def _may_be_over(words: tuple[str, ...]) -> frozenset[str]:
    """The names of ``words`` that also count when they are over: what is asked for as history, and what is for life."""
    asked = [base for word in map(plain, words) if (base := _PAST_NAME.sub("", word)) != word]
    as_history = {name for base in asked for name in _synonyms().get(base, (base,))}
    return frozenset(name for name in _names(words) if name in as_history or name not in _passing())


@cache
def _passing() -> frozenset[str]:
    """Every name of a condition that counts only while it lasts."""
    return frozenset(
        name for word in map(plain, table("conditions")["passing"]) for name in _groups().get(word, (word,))
    )


def _phrase(name: str) -> str:
    if name.startswith(_LATE):
        return _phrase(name.removeprefix(_LATE)) + _LATELY
    plural = "(?:e?s)?" if name[-1:].isalpha() and len(name) > 3 and not name.endswith("s") else ""
    return r"\s+".join(map(re.escape, name.split())) + plural


@cache
def _groups() -> dict[str, set[str]]:
    """Every name of every group, with all the names of its groups."""
    found: dict[str, set[str]] = {}
    for group in table("conditions")["same"]:
        names = {plain(name) for name in group}
        for name in names:
            found.setdefault(name, set()).update(names)
    return found


@cache
def _synonyms() -> dict[str, frozenset[str]]:
    """The same, and for a wider condition also all names of the narrower ones."""
    found = _groups()
    narrower = {plain(wide): tuple(map(plain, parts)) for wide, parts in table("conditions")["includes"].items()}

    def below(wide: str, seen: frozenset[str]) -> set[str]:
        own = found.get(wide, {wide})
        parts = {part for name in own for part in narrower.get(name, ())} - seen - own
        return own.union(*(below(part, seen | own) for part in sorted(parts))) if parts else own

    every = set(found) | set(narrower) | {part for parts in narrower.values() for part in parts}
    return {name: frozenset(below(name, frozenset())) for name in sorted(every)}


def _is_denied(text: str, start: int, end: int) -> bool:
    clause = re.split(r"[.;:]|\bbut\b|—", text[max(0, start - _BEFORE) : start])[-1].replace("(", " ")
    words = clause.split()[-6:]
    near = " " + " ".join(words).replace(",", " ,") + " "
    for match in _denials("before").finditer(near):
        if len(near[match.end() :].split()) <= 4 and "," not in near[match.end() :].replace(" , or ", " "):
            return True
    return _denials("behind").match(text[end : end + 60]) is not None


def _is_unlike(text: str, match: re.Match[str]) -> bool:
    """Whether the name is part of a longer one that means something else."""
    return any(
        longer.start() <= match.start() and match.end() <= longer.end()
        for longer in _unlike(match[0]).finditer(text, max(0, match.start() - 40), match.end() + 40)
    )


@lru_cache(maxsize=4096)
def _unlike(name: str) -> re.Pattern[str]:
    rows = table("conditions")["unlike"]
    bare = name.replace("^", "")
    longer = [plain(one) for word in (bare, bare.removesuffix("s")) for one in rows.get(word, ())]
    any_of = "|".join(r"\s+".join(rf"\^?{re.escape(word)}" for word in one.split()) for one in longer)
    return re.compile(rf"(?<!\w)(?:{any_of})(?!\w)" if longer else r"(?!)")


def _is_over(words: tuple[str, ...], text: str, match: re.Match[str]) -> bool:
    """Whether it is told as history, and what is asked for counts only while it lasts."""
    name = " ".join(match[0].split())
    if name in _may_be_over(words) or name.removesuffix("s") in _may_be_over(words):
        return False
    before = re.split(r"[.;,]", text[max(0, match.start() - _BEFORE) : match.start()])[-1]
    behind = re.split(r"[.;]", text[match.end() : match.end() + 40])[0]
    return _PAST_BEFORE.search(before) is not None or _PAST_BEHIND.match(behind) is not None


@cache
def _denials(side: str) -> re.Pattern[str]:
    words = sorted(map(plain, table("situation")["not_so"][side]), key=len, reverse=True)
    any_of = "|".join(r"\s+".join(map(re.escape, word.split())) for word in words)
    if side == "before":
        return re.compile(rf"(?<= )(?:{any_of})(?= )")
    between = "|".join(map(re.escape, map(plain, table("situation")["not_so"]["between"])))
    return re.compile(rf"(?:\W*\b(?:{between})\b)*\W*(?:is |was |are |were |has )?(?:{any_of})(?!\w)")
