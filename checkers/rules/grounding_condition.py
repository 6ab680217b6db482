"""Harm: the condition, the exception or the narrow group that makes a recommendation safe falls away, and it is read as being
for everybody.

Source: GRADE handbook (a recommendation states its population and its conditions); ISMP reports of omitted conditions.

Example: the quote says "Oxygen only if saturation is below 95%." The claim "Give oxygen if saturation is below 95%" passes;
"Give oxygen" goes to review.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkers.grounds import grounds
from checkers.scopes import said, scopes
from checkers.types import Finding, Rule, Severity, Subject
from checkers.words import neutral_stems

_MAIN = 0.6
"""Share of a part's main words that a claim must say before it owes the exception too."""
_TOLD = 0.5
"""Share of the words of an exception that a claim has if it tells it, in whatever words for the others."""


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for a condition, exception or group of people of the quotes that neither claim nor question speaks of."""
    ground = grounds(subject)
    if ground is None or ground.is_verbatim:
        return
    spoken_of = said(ground.claim) | ground.asked_stems
    named = frozenset[str]().union(*(part.drugs for part in ground.parts))
    of_others = {part.text for part in ground.quoted_parts if part.drugs and not part.drugs & named}
    for text in dict.fromkeys((*(part.text for part in ground.quoted_parts), *ground.quoted_sentences)):
        for scope in () if any(other in text for other in of_others) else scopes(text):
            main, rest = said(scope.rest), said(scope.text) - neutral_stems()
            own = rest - main or rest
            told = len(main & said(ground.claim)) >= max(2, _MAIN * len(main))
            if told and own and len(own & spoken_of) < _TOLD * len(own):
                words = scope.text.strip()
                message = f'The quote goes on "{words}"; the claim leaves that out.'
                yield ground.finding(RULE.id, Severity.REVIEW, message, None, source=words)
                return


RULE = Rule.documented(__doc__, id="grounding-condition", version=2, check=check)
