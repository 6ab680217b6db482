"""Harm: the dose is right, and the next sentence of the guideline, "do not give in renal failure", stayed behind.

Source: WHO Guide to Good Prescribing, step 5; ISMP guidelines for order sets: limits stand beside the order.

Example: the passage says "Give gentamicin 5 mg/kg once daily. Do not give gentamicin in myasthenia gravis." A claim with
the first sentence goes to review and names the second; together with it, or after it, it passes.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.omissions import omissions
from checkers.types import Finding, Rule, Severity, Subject

WORDS = {
    "contraindication": "says when not to",
    "maximum": "sets a maximum",
    "exception": "makes an exception",
    "monitoring": "asks for monitoring",
}


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every sentence beside the quoted one that limits the same treatment and that the answer leaves out."""
    if subject.passages is None or not subject.claim.quotes:
        return
    told = [claim.text for claim in (*subject.released, subject.claim)]
    for omission in omissions(subject.claim, subject.passages, told):
        message = f'The same passage {WORDS[omission.kind]}: "{omission.text}"'
        evidence = {"source": omission.text, "passage": omission.passage_id, "sentence": omission.number}
        yield Finding(rule=RULE.id, severity=Severity.REVIEW, message=message, evidence=evidence)


RULE = Rule.documented(__doc__, id="omission", version=1, check=check)
