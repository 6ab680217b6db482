"""Reads doses: what drug, how much, how often, by which route, for how long. No limits, no verdicts.

The grammar and the tables are loaded when they are first asked for.
"""

from __future__ import annotations

from checkers.types import Dose, Rule, Subject


def read_doses(text: str) -> tuple[Dose, ...]:
    """Every dose in ``text``, in its order."""
    from checkers.dosing.read import read_doses as read

    return read(text)


def render(dose: Dose) -> str:
    """``dose`` in words that read back to it."""
    from checkers.dosing.render import render as written

    return written(dose)


def _of_claim(subject: Subject) -> tuple[Dose, ...]:
    return read_doses(subject.claim.text)


READER = Rule(
    id="dose-reader",
    version=1,
    harm="A dose that was not read is a dose that no rule judges.",
    source="Joint Commission Do Not Use list and ISMP List of Error-Prone Abbreviations, for what is written.",
    example='"MTX 7.5 mg weekly" is methotrexate, 7.5 mg, once in seven days.',
    check=_of_claim,
)
"""Says what doses a claim holds, and finds nothing. Asked like a rule, so that a claim it cannot read is withheld."""
