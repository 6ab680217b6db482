"""Harm: an inherited enzyme or tissue type makes an ordinary dose a dangerous one.

Source: CPIC guidelines; labels, Pharmacogenomics; the rows of the tables.

Example: abacavir is blocked where HLA-B*57:01 was found.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.judging.guard_findings import findings
from checkers.types import Outcome, Rule, Subject


def check(subject: Subject) -> Iterator[Outcome]:
    """A finding for every drug that is given in spite of such a fact; what is not known of the patient is asked for."""
    return findings(subject, RULE.id, "genotype")


RULE = Rule.documented(__doc__, id="patient-genotype", version=1, check=check)
