"""Harm: a patient is treated by a guideline that was withdrawn, replaced, never adopted, or is overdue for review.

Source: AGREE II, item 14 (a procedure for updating), and the status and dates that the publisher prints on the document.

Example: on 1 May 2024 an edition superseded on 1 March 2024 goes to review, with the date; judged as of 1 February 2024 it
was in force and passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from checkers.types import Finding, Rule, Severity, Subject
from guidelines.types import Citation, Status


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every cited edition that is not in force on the day to judge by; one an edition, not one a quote."""
    seen: set[tuple[str, str]] = set()
    for quote in subject.claim.quotes or ():
        citation = quote.citation
        if citation is None:
            continue
        for severity, message in _standing(citation, subject.as_of):
            if (citation.document, message) not in seen:
                seen.add((citation.document, message))
                evidence = {"source": citation.title, "edition": citation.edition}
                yield Finding(rule=RULE.id, severity=severity, message=message, evidence=evidence)


def _standing(citation: Citation, as_of: date | None) -> Iterator[tuple[Severity, str]]:
    name = citation.title if citation.edition is None else f"{citation.title} ({citation.edition})"
    status, day = citation.status, _day
    if status is Status.WITHDRAWN:
        yield Severity.BLOCK, f"{name} was withdrawn. Do not use it."
        return
    if status is Status.DRAFT:
        yield Severity.REVIEW, f"{name} is a draft and was not in force. Look for the final edition."
    if (since := citation.superseded_on) and (as_of is None or since <= as_of):
        yield Severity.REVIEW, f"{name} was superseded on {day(since)}. Look for the newer edition."
    elif status is Status.SUPERSEDED and since is None:
        yield Severity.REVIEW, f"{name} was superseded; the date is not known. Look for the newer edition."
    if as_of is None:
        return
    if citation.effective_date and citation.effective_date > as_of:
        yield Severity.REVIEW, f"{name} takes effect on {day(citation.effective_date)}, after {day(as_of)}."
    if citation.review_date and citation.review_date < as_of:
        yield Severity.REVIEW, f"{name} was due for review on {day(citation.review_date)}, before {day(as_of)}."


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


RULE = Rule.documented(__doc__, id="in-force", version=1, check=check)
