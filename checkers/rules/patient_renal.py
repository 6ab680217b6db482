"""Harm: a drug that the kidneys clear builds up, or harms kidneys that are failing.

Source: labels, section 8.6 and Dosage and Administration, by creatinine clearance or eGFR as each of them means; the rows
of the tables.

Example: dabigatran 150 mg twice daily is blocked at a creatinine clearance of 12 mL/min and passes at 70.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.judging.guard_findings import findings
from checkers.types import Outcome, Rule, Subject


def check(subject: Subject) -> Iterator[Outcome]:
    """A finding for every drug that is given in spite of such a fact; what is not known of the patient is asked for."""
    return findings(subject, RULE.id, "renal")


RULE = Rule.documented(__doc__, id="patient-renal", version=1, check=check)
