"""Harm: an order is given for the people, or under the condition, that the guideline names for another order.

Source: GRADE handbook (a recommendation holds for its population and its conditions, and for no other); ISMP reports of
criteria moved from one line of a protocol to the next.

Example: the quote says "Refer within two weeks. Refer the same day if there is haemoptysis." The claim "Refer the same day if
there is haemoptysis" passes; "Refer within two weeks if there is haemoptysis" goes to review.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checkers.grounds import Grounds, grounds
from checkers.scopes import Said, said, scopes
from checkers.types import Finding, Rule, Severity, Subject
from checkers.words import neutral_stems, words

_MAIN = 0.6
"""Share of an order's words that a sentence has at least if the order stands in it."""
_OWN, _SHORT = 2, 2
"""Words of its own, longer than the other number of letters, with which a sentence has an order for whom it speaks of."""
_OTHERS = re.compile(r"\b(?:older|younger|other|otherwise|all\sothers?|everyone\selse)\b", re.IGNORECASE)
"""Who is meant where the sentence before has said who is not."""
_MOST = 400
"""Sentences of the quotes that are looked at: it bounds the work."""


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every part of the claim whose condition or group the quotes have for another order only."""
    ground = grounds(subject)
    if ground is None or ground.is_verbatim:
        return
    quoted = [said(sentence) for sentence in ground.quoted_sentences[:_MOST]]
    if len(quoted) < 2:
        return
    everything: Said = frozenset().union(*quoted)
    for part in ground.parts:
        for scope in scopes(part.text):
            order = _Order(said(scope.text) - ground.asked_stems - neutral_stems(), said(scope.rest) & everything)
            if (home := order.only_home(quoted)) is not None and order.is_elsewhere(home, ground):
                sentence = ground.quoted_sentences[home]
                message = f'The quote says "{scope.text.strip()}" of something else: "{sentence.strip()}"'
                yield ground.finding(
                    RULE.id, Severity.REVIEW, message, (part.start, part.end), claim=part.text, source=sentence
                )
                return


@dataclass(frozen=True, slots=True)
class _Order:
    """A part of the claim: for whom or when, and what."""

    scope: Said
    main: Said

    def only_home(self, quoted: Sequence[Said]) -> int | None:
        """The first sentence that has the scope; ``None`` if the order stands in one of those as well, or nowhere."""
        homes = [at for at, one in enumerate(quoted) if self.scope <= one] if self.scope and self.main else []
        return None if not homes or any(self._stands_in(quoted[at]) for at in homes) else homes[0]

    def is_elsewhere(self, home: int, ground: Grounds) -> bool:
        """Whether the order stands in other sentences, from which the scope of ``home`` is kept apart.

        What a sentence says of whom it speaks may hold for the ones behind it, unless these say for whom they are.
        """
        sentences = ground.quoted_sentences[:_MOST]
        claimed = {word.text.lower() for word in words(ground.claim)}
        own = (
            {word.text.lower() for word in words(sentences[home]) if len(word.text) > _SHORT} - claimed - {"the", "and"}
        )
        if len(own) < _OWN:
            return False
        found = [at for at, sentence in enumerate(sentences) if self._stands_in(said(sentence))]
        return bool(found) and all(at < home or self._has_another_scope(sentences[at], ground) for at in found)

    def _stands_in(self, sentence: Said) -> bool:
        figures = {one for one in self.main if not isinstance(one, str)}
        stems = self.main - figures
        return figures <= sentence and len(stems & sentence) >= _MAIN * len(stems)

    def _has_another_scope(self, sentence: str, ground: Grounds) -> bool:
        claimed = said(ground.claim)
        others = (said(scope.text) - neutral_stems() for scope in scopes(sentence))
        return _OTHERS.search(sentence) is not None or any(other and not other & claimed for other in others)


RULE = Rule.documented(__doc__, id="grounding-scope", version=1, check=check)
