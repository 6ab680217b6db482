"""Harm: what is shown is not what was checked: a character that nobody sees splits or reverses a figure, or a letter of another
alphabet makes a look-alike of a drug's name.

Source: Unicode Technical Report 36 and Technical Standard 39 (security considerations and mechanisms).

Example: "Give 15 mg" passes. It is blocked with a zero-width space between 1 and 5, with a mark that turns the direction of
reading, with a stroke through the 5, with a full-width 5, and with a Cyrillic letter inside an English word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkers.fold import hidden_character
from checkers.types import Finding, Rule, Severity, Subject

_UNSEEN = re.compile(r"(?<=[\d.,])[\u00ad\u034f\u180e\u200b-\u200d\u2060-\u2064\ufe00-\ufe0f\ufeff]+(?=[\d.,])")
_STRUCK = re.compile(r"\d[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]")
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
_TWO_ALPHABETS = re.compile(r"[A-Za-z](?=[\u0400-\u052f])|[\u0400-\u052f](?=[A-Za-z])")
_WHY = (
    (_UNSEEN, "a character that nobody sees stands inside a number"),
    (_STRUCK, "a mark is set over or through a digit"),
    (_FOREIGN_DIGIT, "a digit is not one of 0 to 9"),
    (_TWO_ALPHABETS, "letters of two alphabets stand in one word"),
)


def check(subject: Subject) -> Iterator[Finding]:
    """A blocking finding for every way in which the text may show something else than it says."""
    text = subject.claim.text
    if code := hidden_character(text):
        message = f"The text holds a hidden character ({code}) that can change how it reads."
        yield Finding(rule=RULE.id, severity=Severity.BLOCK, message=message)
    if text.isascii():
        return
    for pattern, why in _WHY:
        if match := pattern.search(text):
            message = f"The text may show something else than it says: {why}. Write it anew."
            yield Finding(
                rule=RULE.id, severity=Severity.BLOCK, message=message, span=match.span() if match[0] else None
            )


RULE = Rule.documented(__doc__, id="hidden", version=1, check=check)
