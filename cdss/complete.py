"""Completes a claim that recommends a treatment with the sentences of its own section that limit it.

A contraindication, a maximum, an exception or a duty to monitor that stands beside the quoted sentence travels with the claim,
word for word and with its place, so that no later finding can make a released claim unsafe. What does not fit is left to the
omission rule, which marks the claim.
"""

from __future__ import annotations

from collections.abc import Sequence

from cdss.retrieve import Retrieval
from cdss.sources import Source, fold
from checkers.omissions import omissions
from checkers.types import Claim, Draft

MOST_CHARS = 600
"""Characters that completing may add to one claim."""
_ENDS = (".", "!", "?", ";", ":")


def complete(draft: Draft, retrieval: Retrieval) -> Draft:
    """``draft`` with every claim completed; a sentence that an earlier claim brought along is not said again."""
    claims: list[Claim] = []
    for claim in draft.claims:
        claims.append(completed(claim, retrieval, told=[earlier.text for earlier in claims]))
    return draft.model_copy(update={"claims": tuple(claims)})


def completed(claim: Claim, retrieval: Retrieval, *, told: Sequence[str]) -> Claim:
    """``claim`` with the sentences that limit it and stand neither in it nor in ``told``."""
    heads = {found.passage.document_id: found.head for found in retrieval.found}
    text, quotes = claim.text, list(claim.quotes or ())
    for omission in omissions(claim, retrieval.passages, (*told, claim.text)):
        passage = retrieval.passages[omission.passage_id]
        head = heads.get(passage.document_id)
        if head is None:
            continue
        source = Source(passage, omission.number, head, retrieval.passages, retrieval.as_of)
        *leads, own = source.quotes()
        led = all(fold(lead.quote) in text for lead in leads)
        added = fold(own.quote) if led else source.text()
        if len(text) - len(claim.text) + len(added) < MOST_CHARS:
            text += f"{'' if text.endswith(_ENDS) else ';' if led and leads else '.'} {added}"
            quotes += [own] if led else source.quotes()
    return claim if text == claim.text else claim.model_copy(update={"text": text, "quotes": tuple(quotes)})
