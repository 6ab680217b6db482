"""A second reader: somebody or something that says whether quotes support a claim. Off unless it is configured.

``run(..., rules=(*RULES, second_reader(supports)))`` asks it after all other rules. It can only tighten: a "yes" takes no
other rule's finding away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

from checkers.types import Finding, Rule, Severity, Subject

Opinion = Literal["yes", "no", "unsure", "silent"]
Supports = Callable[[str, tuple[str, ...]], Opinion]
"""A claim and its quotes in, an opinion out; "silent" when none could be had. If it raises, the claim is withheld."""

ID = "second-reader"


def second_reader(supports: Supports, *, version: int = 1) -> Rule:
    """The rule that asks ``supports``. ``version`` is that of the reader: raise it with the model or the prompt."""

    def check(subject: Subject) -> Iterator[Finding]:
        if not subject.claim.quotes:
            return
        opinion = supports(subject.claim.text, tuple(quote.quote for quote in subject.claim.quotes))
        if opinion == "no":
            message = "A second reader finds that the quotes do not support this."
            yield Finding(rule=ID, severity=Severity.BLOCK, message=message)
        elif opinion == "unsure":
            message = "A second reader cannot tell whether the quotes support this. Read them yourself."
            yield Finding(rule=ID, severity=Severity.REVIEW, message=message)
        elif opinion == "silent":
            message = "The second reader could not be asked. Judge for yourself whether the quotes support this."
            yield Finding(rule=ID, severity=Severity.REVIEW, message=message)
        elif opinion != "yes":
            raise ValueError("a second reader answers yes, no or unsure, or is silent")

    return Rule(
        id=ID,
        version=version,
        harm="a claim goes beyond its quotes in a way that no comparison of words shows.",
        source="the model that the operator has configured; its version is recorded with every answer.",
        example=(
            'quotes that speak of treatment under a claim about prevention: "no" blocks, "unsure" asks for review, and so does '
            'no answer at all. "Yes" takes nothing away that another rule found.'
        ),
        check=check,
    )
