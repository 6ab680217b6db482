"""Harm: sodium that has been low for days is raised too fast, and the brain stem loses its myelin.

Source: the limits of a day and of two days that societies recommend in chronic hyponatraemia; ``data/thresholds.toml``.

Example: "raise the sodium from 106 to 136 mmol/L within 12 h" is blocked; "from 118 to 124 mmol/L in 24 hours" passes.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.judging.correction import corrections
from checkers.judging.thresholds import threshold
from checkers.situation.amounts import figure
from checkers.situation.situation import situation
from checkers.types import Finding, Rule, Severity, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every rise of sodium that passes what a day, or two, may have."""
    worked_out = situation(subject)
    for one in corrections(worked_out.text):
        days = "two_days" if one.hours > 24 else "day"
        block, review = threshold("sodium", f"{days}_block"), threshold("sodium", f"{days}_review")
        if one.rise <= review:
            continue
        yield Finding(
            rule=RULE.id,
            severity=Severity.BLOCK if one.rise > block else Severity.REVIEW,
            message=(
                f"Sodium is to rise by {figure(one.rise)} mmol/L in {figure(one.hours)} hours. Within limits: at most "
                f"{figure(review)} mmol/L. (Unverified entry of the tables.)"
            ),
            span=one.span,
            evidence={"claim": subject.claim.text[slice(*one.span)]},
        )


RULE = Rule.documented(__doc__, id="correction-rate", version=1, check=check)
