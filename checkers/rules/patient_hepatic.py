"""Harm: a drug that the liver clears builds up, or harms a liver that is failing.

Source: labels, section 8.7, by Child-Pugh class; the rows of the tables.

Example: atorvastatin in decompensated cirrhosis is blocked; caspofungin 35 mg in Child-Pugh B passes.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.judging.guard_findings import findings
from checkers.types import Outcome, Rule, Subject


def check(subject: Subject) -> Iterator[Outcome]:
    """A finding for every drug that is given in spite of such a fact; what is not known of the patient is asked for."""
    return findings(subject, RULE.id, "hepatic")


RULE = Rule.documented(__doc__, id="patient-hepatic", version=1, check=check)
