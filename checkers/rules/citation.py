"""Harm: an answer points to a place in a guideline that says something else, or to a guideline nobody looked at.

Source: the contract of this service: a quote from the library is cut from a stored passage by offset, never copied.

Example: a citation of code points 10 to 40 of a retrieved passage passes if these are the quoted words, and is blocked if
the passage was not retrieved, the offsets lie outside it, or one character differs.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.types import Finding, Rule, Severity, Subject


def check(subject: Subject) -> Iterator[Finding]:
    """A blocking finding for every citation whose passage does not hold the quoted words at the offsets it names."""
    if subject.passages is None:
        return
    if subject.claim.quotes == ():
        message = "The claim came without a quote, so nothing shows where it is from."
        yield Finding(rule=RULE.id, severity=Severity.BLOCK, message=message)
    for number, quote in enumerate(subject.claim.quotes or ()):
        if quote.citation is None:
            continue
        passage = subject.passages.get(quote.citation.passage_id)
        start, end = quote.citation.start, quote.citation.end
        if passage is None:
            message = "The passage it cites was not retrieved for this question."
        elif not start < end <= len(passage.text):
            message = f"The citation points to {start} to {end} of a passage of {len(passage.text)} characters."
        elif passage.text[start:end] != quote.quote:
            message = "The cited passage says something else at that place."
        elif passage.document_id != quote.citation.document:
            message = "The cited passage is part of another document."
        else:
            continue
        yield Finding(
            rule=RULE.id,
            severity=Severity.BLOCK,
            message=message,
            evidence={"quote": number, "claim": quote.quote[:240]},
        )


RULE = Rule.documented(__doc__, id="citation", version=1, check=check)
