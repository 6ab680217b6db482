"""Harm: a sentence is copied from a guideline with one small word lost, added or exchanged: "or" for "and", "if" for "unless",
"renal" left out before "impairment"; every figure and every name is right.

Source: ISMP and Joint Commission reports of lost and exchanged words in transcribed orders.

Example: the quote says "Stop the drug unless the patient improves." The claim "Stop the drug if the patient improves" goes to
review. A claim in words of its own is no copy, and this rule has nothing to say of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from checkers.grounds import Grounds, grounds
from checkers.people import groups
from checkers.quantities import Quantity, quantities
from checkers.reach import FILLERS
from checkers.routes import routes
from checkers.sentences import sentences
from checkers.tables import table
from checkers.types import Finding, Rule, Severity, Subject
from checkers.words import function_words, judged_stems, neutral_stems, stem

if TYPE_CHECKING:
    from rapidfuzz.distance import Opcodes

OTHER = 0.2
"""Share of a sentence's words, and two words at least, that a copy of a sentence of the quotes may have of its own."""
SHORT, LEAST = 6, 4
"""A sentence of fewer words than ``SHORT`` may have one word of its own; one of fewer than ``LEAST`` none but a lost "not"."""
MOST = 150
"""A sentence of more words is none; the work on each stays bounded."""
_RUN = 2
"""A longer part left out is a part, and other rules judge what was in it."""
_LONGEST = 60
"""Characters before a word that are looked at: a comparator with its fillers has no more."""
_TOKEN = re.compile(r"[^\W\d_](?:[^\W_]|[-'](?=[^\W_]))*|\d+(?:[^\W\d_][^\W_]*)+|[<>≤≥]=?")
_OR_BEYOND = re.compile(
    r"or\s(?:higher|more|above|over|greater|older|longer|lower|less|below|under|fewer|younger)\b", re.IGNORECASE
)
"""Behind a figure: how far it reaches, and no choice between two things."""
_WHOSE = re.compile(
    r"(?:if|when)\s(?:(?:the|a|your)\s)?(?:patient|person|woman|mother|child|he|she|they)\s(?:is|are)\s", re.IGNORECASE
)
"""Opens a group of people, which is compared by its name: "if the patient is pregnant", "in pregnancy"."""
_ADVISES = re.compile(r"\b(?:suggest\w*|recommend\w*|advis\w+|advice)\s$", re.IGNORECASE)
"""Before "against", which then turns the advice round."""
_PREFERS = re.compile(r"\bprefer\w*\s$", re.IGNORECASE)
"""Before "over", which then says "to"."""
_DEGREE = re.compile(r"\s(?:mild|moderate|severe)\b", re.IGNORECASE)
_BETWEEN_DEGREES = re.compile(r"\b(?:mild|moderate)\s$", re.IGNORECASE)
"""Around "to", which then says the same as "or": "mild to moderate"."""
NOT, _OR, _AND, _THAN = "not", stem("or"), stem("and"), stem("than")


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, sign or figure at ``[start, end)``; two are the same if their ``key`` is."""

    text: str
    start: int
    end: int
    key: str
    figure: bool = False


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every sentence of the claim that is a sentence of a quote but for a word that matters."""
    ground = grounds(subject)
    if ground is None or ground.is_verbatim:
        return
    quoted = _Quoted(ground)
    for start, end in sentences(ground.marks):
        said = quoted.tokens(ground.claim[start:end], start)
        if len(said) > MOST or (nearest := quoted.nearest(said)) is None:
            continue
        if len(said) >= LEAST:
            yield from _compared(ground, said, *nearest)
        elif {t.key for t in said} ^ {t.key for t in nearest[0]} == {NOT}:
            message = f'The quote says "{nearest[1].strip()}" where the claim says "{ground.claim[start:end].strip()}".'
            yield ground.finding(RULE.id, Severity.BLOCK, message, (start, end), source=nearest[1].strip())


def _compared(ground: Grounds, said: list[_Token], there: list[_Token], text: str) -> Iterator[Finding]:
    from rapidfuzz.distance import Levenshtein  # only for what is not verbatim

    steps = Levenshtein.opcodes([token.key for token in said], [token.key for token in there])
    same = sum(step.src_end - step.src_start for step in steps if step.tag == "equal")
    if len(said) - same > max(1 if len(said) < SHORT else 2, OTHER * len(said)):
        return
    changes = [(said[here], there[source]) for here, source in _merged(steps)]
    gained = Counter(token.key for here, _ in changes for token in here)
    lost = Counter(token.key for _, source in changes for token in source)
    for here, source in changes:
        if not _matters(here, source, gained, lost) or (not here and _is_aside(source, there, text)):
            continue
        if _is_short_for(here, source) or _is_short_for(source, here):
            continue
        if not here and ";" in ground.claim[said[0].start : said[-1].end] and all(t.key == _AND for t in source):
            continue  # two orders that a semicolon joins as well
        at_an_end = bool(here) and (here[0] is said[0] or here[-1] is said[-1])
        if at_an_end and not source and all(token.key != NOT for token in here):
            continue  # a sentence that was cut elsewhere; its words are in another one
        turned = [t.key for t in here].count(NOT) != [t.key for t in source].count(NOT) and gained[NOT] != lost[NOT]
        words, other = (" ".join(token.text for token in side) for side in (here, source))
        message = (
            f'The quote says "{other}" where the claim says "{words}".'
            if words and other
            else f'The quote says "{other}"; the claim leaves it out.'
            if other
            else f'The claim says "{words}"; the quote does not.'
        )
        at = (here[0].start, here[-1].end) if here else (said[0].start, said[-1].end)
        severity = Severity.BLOCK if turned else Severity.REVIEW
        yield ground.finding(RULE.id, severity, message, at, claim=words or None, source=other or None)


def _merged(steps: Opcodes) -> Iterator[tuple[slice, slice]]:
    """Where the two sides differ, steps that touch each other as one."""
    here, source = 0, 0
    for step in steps:
        if step.tag == "equal":
            if here < step.src_start or source < step.dest_start:
                yield slice(here, step.src_start), slice(source, step.dest_start)
            here, source = step.src_end, step.dest_end
    if here < steps.src_len or source < steps.dest_len:
        yield slice(here, steps.src_len), slice(source, steps.dest_len)


def _is_short_for(one: list[_Token], other: list[_Token]) -> bool:
    """Whether ``one`` is a word of the initials of ``other``: "LMWH", "low molecular weight heparin"."""
    parts = [part for token in other for part in token.text.split("-")]
    return len(one) == 1 and len(parts) > 1 and one[0].text.lower() == "".join(part[:1].lower() for part in parts)


def _matters(here: list[_Token], source: list[_Token], gained: Counter[str], lost: Counter[str]) -> bool:
    """Whether a change of some words is more than a change of place or of manner of speaking."""
    new = [token for token in here if gained[token.key] > lost[token.key]]
    gone = [token for token in source if lost[token.key] > gained[token.key]]
    if any(token.figure for token in new) and any(token.figure for token in gone):
        return True
    if all(any(t.figure and gained[t.key] and lost[t.key] for t in side) for side in (here, source)):
        return True  # two figures have changed places
    asked, said = _strength(new), _strength(gone)
    if asked and asked > said > 0:
        return True
    if new and gone:
        return any(map(_counts, new)) and any(map(_counts, gone))
    if new:
        return any(token.key in _joints() for token in new)
    contrast = len(source) > 1 and source[0].key == _THAN
    return len(source) <= _RUN and not contrast and any(token.key in _joints() | _qualifiers() for token in gone)


def _strength(tokens: list[_Token]) -> int:
    """How strongly the strongest of ``tokens`` asks; 0 if none of them does."""
    return max((table("copy")["strength"].get(token.text.lower(), 0) for token in tokens), default=0)


def _is_aside(source: list[_Token], there: list[_Token], text: str) -> bool:
    """Whether ``source``, words of ``text``, is all that stands in a pair of brackets: an aside may be left out."""
    opened = max(text.rfind("(", 0, source[0].start), text.rfind("[", 0, source[0].start))
    closed = min((at for sign in ")]" if (at := text.find(sign, max(0, opened))) >= 0), default=-1)
    return opened >= 0 and [token for token in there if opened < token.start < closed] == source


def _counts(token: _Token) -> bool:
    return (
        not token.figure
        and token.key not in neutral_stems() - _joints()
        and (token.key in _joints() or token.key not in judged_stems())
    )


class _Quoted:
    """The sentences and clauses of the quotes as tokens. Figures that are the same, in whatever unit, have one key."""

    def __init__(self, ground: Grounds) -> None:
        self._figures: dict[object, str] = {}
        clauses = (clause.text for clause in ground.quoted_clauses)
        self._texts = list(dict.fromkeys((*ground.quoted_sentences, *clauses)))
        self._sentences = [self.tokens(text, 0) for text in self._texts]
        self._with: dict[str, list[tuple[int, int]]] = {}
        for number, tokens in enumerate(self._sentences):
            for key, times in Counter(token.key for token in tokens).items():
                self._with.setdefault(key, []).append((number, times))

    def nearest(self, said: list[_Token]) -> tuple[list[_Token], str] | None:
        """The sentence or clause that is most like ``said``, by Dice's coefficient, and its text."""
        shared: Counter[int] = Counter()
        for key, times in Counter(token.key for token in said).items():
            for number, there in self._with.get(key, ()):
                shared[number] += min(times, there)
        if not shared:
            return None
        number = max(shared, key=lambda one: (shared[one] / (len(said) + len(self._sentences[one])), -one))
        tokens = self._sentences[number]
        return (tokens, self._texts[number]) if len(tokens) <= MOST else None

    def tokens(self, text: str, offset: int) -> list[_Token]:
        """What ``text`` says, without words that matter to no sense."""
        found = quantities(text)
        taken: dict[int, _Token] = {}
        before: set[int] = set()
        behind: set[int] = set()
        for quantity in found:
            token = _Token(quantity.text, quantity.start + offset, quantity.end + offset, self._key(quantity), True)
            taken |= dict.fromkeys(range(quantity.start, quantity.end), token)
            if quantity.reach:
                before |= _comparator_before(text, quantity.start)
                behind |= {*range(quantity.end, quantity.end + 12)}
        spans = [*groups(text), *routes(text)]
        named = {at: "" for _, start, end in spans for at in range(start, end)}
        named |= {start: f"@{name}" for name, start, _ in spans}
        tokens = dict.fromkeys(taken.values())
        for match in _TOKEN.finditer(text):
            back = max(0, match.start() - _LONGEST), match.start()
            key = named[match.start()] if match.start() in named else _plain_key(match[0])
            of_figure = key in _reaches() and (match.start() in before or (match.start() in behind and key != NOT))
            of_figure |= match.start() in behind and _OR_BEYOND.match(text, match.start()) is not None
            whose = _WHOSE.match(text, match.start())
            degrees = match[0].lower() == "to" and _BETWEEN_DEGREES.search(text, *back)
            if degrees and _DEGREE.match(text, match.end()):
                key = _OR
            if match.start() in taken or not key or of_figure or (whose and whose.end() in named):
                continue
            if match[0].lower() == "over" and _PREFERS.search(text, *back):
                continue
            if key == "against" and _ADVISES.search(text, *back):
                key = NOT
            tokens[_Token(match[0], match.start() + offset, match.end() + offset, key)] = None
        return sorted(tokens, key=lambda token: token.start)

    def _key(self, quantity: Quantity) -> str:
        names = [(*key, quantity.reach) for key in quantity.keys]
        name = next((self._figures[n] for n in names if n in self._figures), f"#{len(self._figures)}")
        for one in names:
            self._figures.setdefault(one, name)
        return name


def _comparator_before(text: str, end: int) -> set[int]:
    """Where the words of the comparator start that ends before ``text[end]``: "no less than", "a maximum dose of"."""
    starts: set[int] = set()
    for match in reversed(list(_TOKEN.finditer(text, max(0, end - _LONGEST), end))):
        if _plain_key(match[0]) in _reaches():
            starts.add(match.start())
        elif match[0].lower() not in FILLERS | _reach_words():
            break
    return starts


def _plain_key(word: str) -> str:
    """What ``word`` is compared by; empty if it says nothing of its own."""
    lower = word.lower()
    if lower in _negations() or lower.endswith("n't"):
        return NOT
    if not lower[0].isalpha() and not lower[0].isdigit():
        return lower.replace(">=", "≥").replace("<=", "≤")
    key = stem(table("copy")["same"].get(lower, lower))
    return key if key in _joints() or lower not in function_words() else ""


@cache
def _negations() -> frozenset[str]:
    return frozenset(table("copy")["negations"])


@cache
def _joints() -> frozenset[str]:
    return frozenset(stem(word) for word in table("copy")["joints"].split()) | {NOT, "<", ">", "≤", "≥"}


@cache
def _qualifiers() -> frozenset[str]:
    return frozenset(stem(word) for word in table("copy")["qualifiers"].split())


@cache
def _reaches() -> frozenset[str]:
    """Words that say how far a figure reaches; they are part of the figure."""
    return frozenset(map(_plain_key, _reach_words())) - {"", "and", "or"}


@cache
def _reach_words() -> frozenset[str]:
    rows = (row for row in table("comparators").values() if isinstance(row, dict))
    phrases = [phrase for row in rows for side in row.values() for phrase in side]
    return frozenset(word for phrase in phrases for word in _TOKEN.findall(phrase))


RULE = Rule.documented(__doc__, id="grounding-copy", version=2, check=check)
