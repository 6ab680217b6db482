"""Harm: "may be considered" is read as "must be given", and a patient gets a treatment that was only an option.

Source: GRADE handbook (a weak recommendation is a choice to be made with the patient); RFC 2119 for must, should and may.

Example: the quote says "Corticosteroids may be considered." The claim "Corticosteroids are an option" passes; "Give
corticosteroids" goes to review, and "Corticosteroids must be given" is blocked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from checkers.grounds import grounds
from checkers.polarity import exception
from checkers.tables import any_of, table
from checkers.types import Finding, Rule, Severity, Subject

OPTION, PLAIN, DUTY, NOT = 1, 3, 4, 0
"""What a sentence without such a word says: it is so, do it."""
WORDS = {4: "there is no choice", 3: "it is recommended", 2: "it is suggested", 1: "it is an option"}


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every clause of the claim that asks more strongly than the clauses it rests on."""
    ground = grounds(subject)
    if ground is None or ground.is_verbatim:
        return
    for clause in ground.clauses:
        sources = ground.sources(clause)
        if not sources:
            continue
        here, word = _strength(clause.text, of_not=PLAIN)
        there, source_word = max((_strength(source.text, of_not=DUTY) for source in sources), key=lambda pair: pair[0])
        if here <= there:
            continue
        severity = Severity.BLOCK if word and here - there > 1 else Severity.REVIEW
        message = f"The claim is stronger than its quote: {WORDS[here]}, where the quote says {WORDS[there]}."
        at = clause.start, clause.start + len(clause.text)
        yield ground.finding(
            RULE.id, severity, message, at, claim=word or clause.text, source=source_word or sources[0].text
        )


@lru_cache(maxsize=4096)
def _strength(text: str, *, of_not: int) -> tuple[int, str]:
    """How strongly ``text`` asks, 1 to 4, by its strongest word, and that word; a plain sentence says 3 and has none.

    "Do not" is as strong as ``of_not``: it may tell a duty or a recommendation; of a claim take the weaker, of a source the
    stronger.

    A condition or an exception makes nothing stronger ("consider it unless contraindicated"); it may leave a choice.
    """
    main = _main_part(text)
    found = [
        (of_not if level == NOT else level, match[0])
        for match in _pattern().finditer(text)
        if match.lastgroup and ((level := int(match.lastgroup[1:])) == OPTION or match.start() in main)
    ]
    return max(found, default=(PLAIN, ""), key=lambda pair: pair[0])


def _main_part(text: str) -> range:
    """Where ``text`` says what it asks for, without its condition or exception."""
    parts = exception(text)
    if parts is None:
        return range(len(text))
    length = len(parts[0])
    return range(length) if text.startswith(parts[0]) else range(len(text) - length, len(text))


@cache
def _pattern() -> re.Pattern[str]:
    alternatives = "|".join(f"(?P<s{level}>{any_of(table('modality')[str(level)])})" for level in (1, 2, 3, 4, NOT))
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-]| exceed)", re.IGNORECASE)


RULE = Rule.documented(__doc__, id="grounding-modality", version=1, check=check)
