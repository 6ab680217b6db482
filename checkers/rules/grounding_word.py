"""Harm: a claim adds a condition, a reason or a promise that no guideline gives, between words that are all true.

Source: the contract of this service: what is released can be shown in a source.

Example: the quote says "Give oxygen." The claim "Give oxygen" passes; "Give oxygen to prevent seizures" goes to review,
for "prevent" and "seizures".
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.grounds import grounds
from checkers.people import groups
from checkers.routes import routes
from checkers.rules.grounding_name import is_name
from checkers.types import Finding, Rule, Severity, Subject
from checkers.words import judged_stems, neutral_stems


def check(subject: Subject) -> Iterator[Finding]:
    """One finding, with all content words of the claim that neither quotes nor question nor section account for.

    Names, figures, routes and groups of people have rules of their own and are left out here.
    """
    ground = grounds(subject)
    if ground is None:
        return
    judged = {at for _, start, end in (*routes(ground.claim), *groups(ground.claim)) for at in range(start, end)}
    judged |= ground.known.spelled_out(ground.claim)
    free = neutral_stems() | judged_stems()
    strange = [
        word
        for word in ground.content
        if word.stem not in free
        and not ground.known.accounts_for(word)
        and not is_name(word, ground.claim)
        and not ground.is_figure(word)
        and word.start not in judged
    ]
    if strange:
        named = ", ".join(f'"{text}"' for text in dict.fromkeys(word.text for word in strange))
        message = f"No quote accounts for {named}. Read the source before you rely on it."
        at = strange[0].start, strange[-1].end
        yield ground.finding(RULE.id, Severity.REVIEW, message, at, claim=named, source="; ".join(ground.quotes)[:240])


RULE = Rule.documented(__doc__, id="grounding-word", version=1, check=check)
