"""Harm: an unborn child is harmed.

Source: labels, section 8.1 and Contraindications; the rows of the tables.

Example: leflunomide is blocked where the patient is pregnant.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.judging.guard_findings import findings
from checkers.types import Outcome, Rule, Subject


def check(subject: Subject) -> Iterator[Outcome]:
    """A finding for every drug that is given in spite of such a fact; what is not known of the patient is asked for."""
    return findings(subject, RULE.id, "pregnancy")


RULE = Rule.documented(__doc__, id="patient-pregnancy", version=1, check=check)
