"""Harm: the condition, the exception or the narrow group that makes a recommendation safe falls away, and it is read as being
for everybody.

Source: GRADE handbook (a recommendation states its population and its conditions); ISMP reports of omitted conditions.

Example: the quote says "Oxygen only if saturation is below 95%." The claim "Give oxygen if saturation is below 95%" passes;
"Give oxygen" goes to review.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkers.grounds import Grounds, grounds
from checkers.people import groups
from checkers.scopes import said, scopes
from checkers.types import Finding, Rule, Severity, Subject
from checkers.words import content, neutral_stems

_MAIN = 0.6
"""Share of a part's main words that a claim must say before it owes the exception too."""
_TOLD = 0.5
"""Share of the words of an exception that a claim has if it tells it, in whatever words for the others."""
_NARROWS = re.compile(
    r"(?:\s(?:women|men|people|patients|persons|individuals|adults|children))?"
    r"\s(?:at|with|who|whose|without|taking|receiving|having|undergoing)\s(?P<rest>.{1,90}?)"
    r"(?=[,;:.()]|\s(?:should|must|may|can|is|are|was|were|has|have|need|receive|give|offer|use)\b|\Z)",
    re.IGNORECASE,
)
"""Behind a group of people: which of them are meant."""


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every condition, exception or narrowing of the quotes that neither claim nor question speaks of."""
    ground = grounds(subject)
    if ground is None or ground.is_verbatim:
        return
    yield from _exceptions(ground)
    yield from _narrowed(ground)


def _exceptions(ground: Grounds) -> Iterator[Finding]:
    spoken_of = said(ground.claim) | ground.asked_stems
    named = frozenset[str]().union(*(part.drugs for part in ground.parts))
    of_others = {part.text for part in ground.quoted_parts if part.drugs and not part.drugs & named}
    for text in dict.fromkeys((*(part.text for part in ground.quoted_parts), *ground.quoted_sentences)):
        for scope in () if any(other in text for other in of_others) else scopes(text):
            main, rest = said(scope.rest), said(scope.text) - neutral_stems()
            own = rest - main or rest
            told = len(main & said(ground.claim)) >= max(2, _MAIN * len(main))
            if told and own and len(own & spoken_of) < _TOLD * len(own):
                yield _left_out(ground, scope.text.strip())
                return


def _narrowed(ground: Grounds) -> Iterator[Finding]:
    claimed = {word.stem for word in ground.content} | ground.asked_stems
    spoken_of = {group for group, _, _ in groups(ground.claim)}
    for quoted in ground.quoted_parts:
        shared = quoted.stems & claimed - neutral_stems()
        for group, _, end in groups(quoted.text):
            match = _NARROWS.match(quoted.text, end)
            if match is None or group not in spoken_of or len(shared) < _SHARED:
                continue
            meant = {word.stem for word in content(match["rest"])} - neutral_stems()
            if meant and not meant & claimed:
                yield _left_out(ground, match[0].strip())
                return


_SHARED = 3
"""Words that a claim has in common with a part of a quote before it owes whom the part is about."""


def _left_out(ground: Grounds, words: str) -> Finding:
    message = f'The quote goes on "{words}"; the claim leaves that out.'
    return ground.finding(RULE.id, Severity.REVIEW, message, None, source=words)


RULE = Rule.documented(__doc__, id="grounding-condition", version=1, check=check)
