"""Harm: the patient gets the same kind of drug twice, once from each prescriber.

Source: labels that bar a second drug of the class; the rows of the tables, class by class, with the pairs that belong
together.

Example: naproxen is blocked for a patient who takes ibuprofen; long-acting and rapid-acting insulin pass.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.formulary.pairs import Duplicate
from checkers.judging.parties import Party, pairs
from checkers.judging.say import finding
from checkers.situation.situation import situation
from checkers.types import Finding, Rule, Severity, Subject

_RANK = {Severity.INFO: 0, Severity.REVIEW: 1, Severity.BLOCK: 2}


def check(subject: Subject) -> Iterator[Finding]:
    """The gravest finding for every two different drugs of one class that are given together."""
    worked_out = situation(subject)
    for one, other in pairs(worked_out):
        if one.stopped_days is not None or other.stopped_days is not None:
            continue
        if not set(one.classes) & set(other.classes):
            continue
        found = [row for row in worked_out.known.duplicates if _is_double(row, one, other)]
        if found:
            row = max(found, key=lambda row: _RANK[row.severity])
            message = f"{one.name} and {other.name}: {row.says}"
            yield finding(
                RULE.id,
                row.severity,
                message,
                one.span or other.span,
                row,
                worked_out,
                claim=one.name,
                other=other.name,
            )


def _is_double(row: Duplicate, one: Party, other: Party) -> bool:
    if row.drug_class not in one.classes or row.drug_class not in other.classes:
        return False
    mine, theirs = set(one.ingredients), set(other.ingredients)
    if row.shared:
        return bool(mine & theirs) and mine != theirs and (one.span is None) != (other.span is None)
    if not mine or not theirs or mine & theirs:
        return False
    allowed = {frozenset(pair) for pair in row.without}
    return not any(frozenset((ours, another)) in allowed for ours in mine for another in theirs)


RULE = Rule.documented(__doc__, id="duplicate", version=1, check=check)
