"""Harm: another drug is given than the guideline names, above all one whose name looks or sounds like it.

Source: ISMP and FDA lists of look-alike and sound-alike names; WHO stems of nonproprietary names.

Example: the quote says "hydralazine 10 mg". The claim "hydroxyzine 10 mg" is blocked; "paracetamol" passes where the quote
says "acetaminophen".
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.grounds import grounds
from checkers.names import is_drug, sound_alikes
from checkers.types import Finding, Rule, Severity, Subject
from checkers.words import Word


def check(subject: Subject) -> Iterator[Finding]:
    """A blocking finding for every drug name and every proper name that neither quotes nor question hold."""
    ground = grounds(subject)
    if ground is None:
        return
    for word in ground.content:
        if ground.is_figure(word) or ground.known.accounts_for(word) or not is_name(word, ground.claim):
            continue
        mistaken = sound_alikes(word.text)
        alike = next((other.text for other in ground.quoted_content if other.text.lower() in mistaken), None)
        message = f'"{word.text}" stands in no quote.'
        if alike:
            message = f'"{word.text}" stands in no quote; the quote says "{alike}", which is easily mistaken for it.'
        yield ground.finding(RULE.id, Severity.BLOCK, message, (word.start, word.end), claim=word.text, source=alike)


def is_name(word: Word, text: str) -> bool:
    """Whether ``word`` of ``text`` is a drug, or is written as a name: a capital inside a sentence, or a digit in it."""
    if is_drug(word.text) or any(map(str.isdigit, word.text)):
        return True
    opens = not text[: word.start].rstrip(" \"'([").rstrip() or text[: word.start].rstrip()[-1:] in ".:;|!?-"
    return word.text[0].isupper() and not opens and not word.text.isupper()


RULE = Rule.documented(__doc__, id="grounding-name", version=1, check=check)
