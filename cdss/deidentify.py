"""Identifiers leave a text before anything else reads it, and come back only in the final answer.

This is the seam and its first filling: identifiers that show by their form (e-mail addresses, telephone and record numbers,
dates of birth, names after a title). It errs towards leaving a clinical number alone: a dose that is taken for a telephone
number would be worse. Free-standing names are not recognised.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_PATTERNS = {
    "EMAIL": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "RECORD": re.compile(
        r"(?i)\b(?:mrn|nhs|hospital|patient|record|ssn)\s*(?:no\.?|number|id|#)?\s*[:#]?\s*(?P<value>(?=[\w-]*\d{4})[\w-]{5,20})"
    ),
    "BORN": re.compile(
        r"(?i)\b(?:dob|born(?: on)?|date of birth)\s*[:=]?\s*(?P<value>\d{1,4}[-/. ]\w{1,9}[-/. ]\d{1,4})"
    ),
    "PHONE": re.compile(r"(?<![\w.])(?:\+\d{1,3}[ -]?)?(?:\(\d{2,4}\)[ -]?)?\d{3}[ -]\d{3,4}[ -]\d{3,4}(?!\w)"),
    "NAME": re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Master)\.?\s+(?P<value>[A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)?)"),
}

Restore = Callable[[str], str]


def deidentify(text: str) -> tuple[str, Restore]:
    """``text`` with every identifier replaced by a pseudonym such as ``[NAME-1]``, and the function that puts them back.

    ``restore(deidentify(text)[0]) == text`` for every text.
    """
    originals: dict[str, str] = {}
    taken = text

    for kind, pattern in _PATTERNS.items():

        def replace(match: re.Match[str], kind: str = kind) -> str:
            group = "value" if "value" in match.re.groupindex else 0
            number = 1
            while (pseudonym := f"[{kind}-{number}]") in originals or pseudonym in text:
                number += 1
            originals[pseudonym] = match[group]
            start, end = match.start(group) - match.start(), match.end(group) - match.start()
            return match[0][:start] + pseudonym + match[0][end:]

        taken = pattern.sub(replace, taken)

    def restore(answer: str) -> str:
        for pseudonym, original in reversed(originals.items()):
            answer = answer.replace(pseudonym, original)
        return answer

    return taken, restore
