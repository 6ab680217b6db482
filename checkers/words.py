"""Words compared by what they mean: stems, two spellings, two names of one substance, a few treatment verbs.

Source: ``data/words.toml``, ``data/names.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from checkers.remember import remembered
from checkers.tables import table

_WORD = re.compile(r"[^\W\d_](?:[^\W_]|[-'](?=[^\W_]))*|(?<!\d)\d++(?:[^\W\d_][^\W_]*+)+")
_SUFFIXES = (
    "isations izations isation ization ations ation ments ment ings ing ances ance ences ence ions ion ities ity ively ive "
    "edly ically ical ally als al ants ant ents ent ers er ors or ics ic ies ied ed es ly s y e"
).split()
_DOUBLED = ("bb", "dd", "gg", "mm", "nn", "pp", "rr", "tt")
"""A consonant that an ending doubles: "admitted", "stopping"."""
_STEM = 4
"""A suffix comes off only if so many letters stay."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text at ``[start, end)``; ``stem`` is the same for every form, spelling and synonym of it."""

    text: str
    start: int
    end: int
    stem: str


@remembered()
def words(text: str) -> tuple[Word, ...]:
    """Every word of folded ``text`` in order, function words too. "B12" is one, "12" is none, "anti-infective" is one."""
    return tuple(Word(match[0], *match.span(), stem(match[0])) for match in _WORD.finditer(text))


@remembered()
def content(text: str) -> tuple[Word, ...]:
    """The words of ``text`` that say something of their own."""
    return tuple(word for word in words(text) if word.text.lower() not in function_words())


def known(texts: Sequence[str]) -> Known:
    """What a claim may say after ``texts``."""
    stems: set[str] = set()
    short: set[str] = set()
    initials: list[str] = []
    for text in texts:
        found = words(text)
        for word in found:
            stems.add(word.stem)
            stems.update(stem(part) for part in word.text.split("-"))
            if word.text.isupper() and len(word.text) > 1:
                short.add(word.text.lower())
        initials.append(_initials(found))
    compounds = {_initials([word]) for text in texts for word in words(text) if "-" in word.text}
    return Known(frozenset(stems), " ".join(initials), frozenset(compounds), frozenset(short))


def _initials(found: Sequence[Word]) -> str:
    return "".join(part[0].lower() for word in found for part in word.text.split("-") if part)


@dataclass(frozen=True, slots=True)
class Known:
    """Words that have been read: their ``stems``, those of the parts of compounds too, the ``initials`` of each text and of
    each of its ``compounds``, and what was ``short`` for something."""

    stems: frozenset[str]
    initials: str
    compounds: frozenset[str]
    short: frozenset[str]

    def accounts_for(self, word: Word) -> bool:
        """Whether ``word`` was read, in parts, in another form, or as the initials of what was read ("COPD", "MR")."""
        if word.stem in self.stems or all(stem(part) in self.stems for part in word.text.split("-")):
            return True
        plain = word.text.lower()
        return word.text.isupper() and (plain in self.compounds or (len(plain) > 2 and plain in self.initials))

    def spelled_out(self, text: str) -> set[int]:
        """Where the words of ``text`` start that write out in full what was read as its initials: "urinary tract infection"."""
        longest = min(max(map(len, self.short), default=0), _LONGEST_SHORT)
        found = words(text) if longest else ()
        starts: set[int] = set()
        for at in range(len(found)):
            for length in range(2, longest + 1):
                run = found[at : at + length]
                if len(run) == length and _initials(run) in self.short and all(len(word.text) > 2 for word in run):
                    starts.update(word.start for word in run)
        return starts


_LONGEST_SHORT = 6
"""Letters of an abbreviation whose words are looked for."""


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """What the forms of a word have in common."""
    plain = word.lower().replace("-", "").removesuffix("'s").removesuffix("s'").replace("'", "")
    for british, american in table("words")["spelling"]["replace"]:
        if british in plain:
            plain = plain.replace(british, american)
    return _synonyms().get(plain) or _synonyms().get(_cut(plain)) or _cut(plain)


def _cut(word: str) -> str:
    """``word`` without its endings: at most two, so that "administrations" and "administered" meet."""
    for _ in range(2):
        for suffix in _SUFFIXES:
            if word.endswith(suffix) and len(word) - len(suffix) >= _STEM:
                word = word[: -len(suffix)]
                break
        else:
            break
    return word[:-1] if len(word) > _STEM and word[-2:] in _DOUBLED else word


@cache
def _synonyms() -> dict[str, str]:
    """Word or stem to the first of its group, which stands for them all."""
    groups = [line.split() for line in table("words")["synonyms"]] + table("names")["same"]
    plain = [[name.replace("-", "") for name in group] for group in groups]
    return {form: f"={group[0]}" for group in reversed(plain) for name in group for form in _forms(name)}


def _forms(name: str) -> set[str]:
    """``name`` and its regular inflections, which cutting endings does not always bring together ("receive", "receives")."""
    bare = name.removesuffix("e")
    return {name, _cut(name), f"{name}s", f"{bare}es", f"{bare}ed", f"{bare}ing"}


@cache
def function_words() -> frozenset[str]:
    """Words with no content of their own."""
    return frozenset(table("words")["function"].split())


@cache
def neutral_stems() -> frozenset[str]:
    """Stems that a restatement may use without having read them."""
    return frozenset(stem(word) for word in table("words")["neutral"].split())


@cache
def judged_stems() -> frozenset[str]:
    """Stems of words that turn, weaken, limit or time what is said: other rules weigh them, by their sense."""
    negation, modality, reach, often = (table(name) for name in ("negation", "modality", "comparators", "frequencies"))
    phrases = [*negation["before"], *negation["behind"], *negation["exceptions"], *negation["conditions"]]
    phrases += [phrase for level in "01234" for phrase in modality[level]]
    phrases += [phrase for row in reach.values() if isinstance(row, dict) for side in row.values() for phrase in side]
    phrases += [phrase for forms in (*often["times_a_day"].values(), *often["periods"].values()) for phrase in forms]
    return frozenset(word.stem for phrase in phrases for word in words(phrase))
