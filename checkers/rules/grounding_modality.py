"""Harm: "may be considered" is read as "must be given", and a patient gets a treatment that was only an option.

Source: GRADE handbook (a weak recommendation is a choice to be made with the patient); RFC 2119 for must, should and may.

Example: the quote says "Corticosteroids may be considered." The claim "Corticosteroids are an option" passes; "Give
corticosteroids" goes to review, and "Corticosteroids must be given" is blocked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from checkers.grounds import grounds
from checkers.tables import any_of, table
from checkers.types import Finding, Rule, Severity, Subject

PLAIN = 3
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
        here, word = _strength(clause.text)
        there = max(_strength(source.text)[0] for source in sources)
        if here <= there:
            continue
        source_word = next(
            found for strength, found in map(_strength, (source.text for source in sources)) if strength == there
        )
        severity = Severity.BLOCK if word and here - there > 1 else Severity.REVIEW
        message = f"The claim is stronger than its quote: {WORDS[here]}, where the quote says {WORDS[there]}."
        at = clause.start, clause.start + len(clause.text)
        yield ground.finding(
            RULE.id, severity, message, at, claim=word or clause.text, source=source_word or sources[0].text
        )


def _strength(text: str) -> tuple[int, str]:
    """How strongly ``text`` asks, 1 to 4, by its strongest word, and that word; a plain sentence says 3 and has none."""
    found = [(int(match.lastgroup[1:]), match[0]) for match in _pattern().finditer(text) if match.lastgroup]
    return max(found, default=(PLAIN, ""), key=lambda pair: pair[0])


@cache
def _pattern() -> re.Pattern[str]:
    alternatives = "|".join(f"(?P<s{level}>{any_of(table('modality')[str(level)])})" for level in (1, 2, 3, 4))
    return re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-]| exceed)", re.IGNORECASE)


RULE = Rule.documented(__doc__, id="grounding-modality", version=1, check=check)
