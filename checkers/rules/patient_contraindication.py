"""Harm: the patient has a condition in which the drug must not be given.

Source: labels, Contraindications and boxed warnings; the rows of the tables.

Example: rasburicase in G6PD deficiency is blocked.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.judging.guard_findings import findings
from checkers.types import Outcome, Rule, Subject


def check(subject: Subject) -> Iterator[Outcome]:
    """A finding for every drug that is given in spite of such a fact; what is not known of the patient is asked for."""
    return findings(subject, RULE.id, "condition")


RULE = Rule.documented(__doc__, id="patient-contraindication", version=1, check=check)
