"""Harm: two guidelines disagree on a dose, a duration or the first choice, and the reader is shown one of them as if it were
all.

Source: Institute of Medicine, Clinical Practice Guidelines We Can Trust (2011), on guidelines that conflict.

Example: one document says "amoxicillin for 5 days", another, of the same disease and the same people, "for 7 days". A claim
with the one goes to review and names the other. Where the other is an edition that this one has replaced, it passes and
says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checkers.conflict import conflicts
from checkers.fold import BREAK, fold
from checkers.types import Claim, Finding, Rule, Severity, Subject
from guidelines.types import Passage, Status


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every retrieved sentence of another document that says otherwise than a sentence the claim quotes."""
    if subject.passages is None or not subject.claim.quotes:
        return
    by_id = {passage.id: passage for passage in subject.passages.values()}
    for conflict in conflicts(by_id.values(), cited=cited(subject.claim, by_id)):
        mine, other = conflict.sides
        passage = by_id[other.passage_id]
        text = fold(passage.sentence_text(other.number)).text.replace(BREAK, "")
        who = "Another edition" if conflict.editions else "Another document"
        message = f'{who} says "{other.figure}" where this one says "{mine.figure}" ({conflict.parameter}): "{text}"'
        severity = Severity.INFO if conflict.editions and _in_force(subject.claim, mine.document) else Severity.REVIEW
        evidence = {"claim": mine.figure, "source": text, "passage": other.passage_id, "sentence": other.number}
        yield Finding(rule=RULE.id, severity=severity, message=message, evidence=evidence)


def cited(claim: Claim, passages: Mapping[str, Passage]) -> set[tuple[str, int]]:
    """Passage and number of every sentence that ``claim`` quotes, in whole or in part."""
    return {
        (passage.id, number)
        for quote in claim.quotes or ()
        if quote.citation is not None and (passage := passages.get(quote.citation.passage_id)) is not None
        for number, sentence in enumerate(passage.sentences)
        if quote.citation.start < sentence.end and sentence.start < quote.citation.end
    }


def _in_force(claim: Claim, document: str) -> bool:
    """Whether the cited edition is dated and has not been replaced; then the other one is older."""
    return any(
        quote.citation.document == document
        and quote.citation.effective_date is not None
        and quote.citation.status not in (Status.SUPERSEDED, Status.WITHDRAWN, Status.DRAFT)
        for quote in claim.quotes or ()
        if quote.citation is not None
    )


RULE = Rule.documented(__doc__, id="conflict", version=1, check=check)
