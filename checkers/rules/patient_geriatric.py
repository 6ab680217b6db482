"""Harm: an old patient falls, bleeds or becomes confused by a drug with safer alternatives.

Source: American Geriatrics Society, Beers Criteria (2023); labels, section 8.5; the rows of the tables.

Example: diphenhydramine for sleep at 86 with dementia is blocked; at 30 it passes.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.judging.guard_findings import findings
from checkers.types import Outcome, Rule, Subject


def check(subject: Subject) -> Iterator[Outcome]:
    """A finding for every drug that is given in spite of such a fact; what is not known of the patient is asked for."""
    return findings(subject, RULE.id, "geriatric")


RULE = Rule.documented(__doc__, id="patient-geriatric", version=1, check=check)
