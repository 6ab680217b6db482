"""Harm: a child gets a drug that is not for its age.

Source: labels, Contraindications and Use in Specific Populations; WHO pocket book of primary health care for children; the
rows of the tables.

Example: codeine for a child of 8 is blocked; for an adult it passes.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.judging.guard_findings import findings
from checkers.types import Outcome, Rule, Subject


def check(subject: Subject) -> Iterator[Outcome]:
    """A finding for every drug that is given in spite of such a fact; what is not known of the patient is asked for."""
    return findings(subject, RULE.id, "age")


RULE = Rule.documented(__doc__, id="patient-age", version=1, check=check)
