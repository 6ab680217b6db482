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
from functools import lru_cache

from checkers.grounds import Grounds, grounds
from checkers.polarity import exception
from checkers.quantities import Key, quantities
from checkers.types import Finding, Rule, Severity, Subject
from checkers.words import content, neutral_stems, words

_MAIN = 0.6
"""Share of an order's words that a sentence has at least if the order stands in it."""
_OWN, _SHORT = 2, 2
"""Words of its own, longer than the other number of letters, with which a sentence has an order for whom it speaks of."""
_WHOM = re.compile(
    r"\b(?:patients|people|persons|individuals|those|anyone|adults|children|infants|neonates|women|men|contacts)"
    r"\s(?:at|with|who|whose|without|taking|receiving|having|undergoing|under|over|aged|below|above|(?:older|younger)\sthan)"
    r"\s.{1,90}?"
    r"(?=[,;:.()]|\s(?:should|must|may|can|is|are|was|were|has|have|need|needs|receive|give|offer|use)\b|\Z)",
    re.IGNORECASE,
)
_OTHERS = re.compile(r"\b(?:older|younger|other|otherwise|all\sothers?|everyone\selse)\b", re.IGNORECASE)
"""Who is meant where the sentence before has said who is not."""
_MOST = 400
"""Sentences of the quotes that are looked at: it bounds the work."""

Said = frozenset[str | Key]
"""Stems of content words, and figures in whatever unit."""


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every part of the claim whose condition or group the quotes have for another order only."""
    ground = grounds(subject)
    if ground is None or ground.is_verbatim:
        return
    quoted = [_said(sentence) for sentence in ground.quoted_sentences[:_MOST]]
    if len(quoted) < 2:
        return
    everything = frozenset[str | Key]().union(*quoted)
    for part in ground.parts:
        for scope in _scopes(part.text):
            order = _Order(_said(scope.text) - ground.asked_stems - neutral_stems(), _said(scope.rest) & everything)
            if (home := order.only_home(quoted)) is not None and order.is_elsewhere(home, ground):
                sentence = ground.quoted_sentences[home]
                message = f'The quote says "{scope.text.strip()}" of something else: "{sentence.strip()}"'
                yield ground.finding(
                    RULE.id, Severity.REVIEW, message, (part.start, part.end), claim=part.text, source=sentence
                )
                return


@dataclass(frozen=True, slots=True)
class _Scope:
    """``text`` that says for whom or when, and the ``rest`` of their part."""

    text: str
    rest: str


def _scopes(text: str) -> Iterator[_Scope]:
    if (parts := exception(text)) is not None:
        yield _Scope(parts[1], parts[0])
    for match in _WHOM.finditer(text):
        yield _Scope(match[0], f"{text[: match.start()]} {text[match.end() :]}")


@dataclass(frozen=True, slots=True)
class _Order:
    """A part of the claim: for whom or when, and what."""

    scope: Said
    main: Said

    def only_home(self, quoted: Sequence[Said]) -> int | None:
        """The first sentence that has the scope; ``None`` if the order stands in one of those as well, or nowhere."""
        homes = [at for at, said in enumerate(quoted) if self.scope <= said] if self.scope and self.main else []
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
        found = [at for at, sentence in enumerate(sentences) if self._stands_in(_said(sentence))]
        return bool(found) and all(at < home or self._has_another_scope(sentences[at], ground) for at in found)

    def _stands_in(self, said: Said) -> bool:
        figures = {one for one in self.main if not isinstance(one, str)}
        stems = self.main - figures
        return figures <= said and len(stems & said) >= _MAIN * len(stems)

    def _has_another_scope(self, sentence: str, ground: Grounds) -> bool:
        claimed = _said(ground.claim)
        others = (_said(scope.text) for scope in _scopes(sentence))
        return _OTHERS.search(sentence) is not None or any(
            said - neutral_stems() and not said - neutral_stems() & claimed for said in others
        )


@lru_cache(maxsize=4096)
def _said(text: str) -> Said:
    """The stems of content words of ``text`` that are part of no figure, and its figures."""
    found = quantities(text)
    taken = {at for figure in found for at in range(figure.start, figure.end)}
    stems = {word.stem for word in content(text) if word.start not in taken}
    return frozenset((*stems, *(min(figure.keys, key=repr) for figure in found)))


RULE = Rule.documented(__doc__, id="grounding-scope", version=1, check=check)
