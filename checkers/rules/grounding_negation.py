"""Harm: "do not give" turns into "give", "avoid" into "use", or the exception that makes a sentence safe falls away.

Source: ISMP and Joint Commission reports of omitted negations; NegEx for the words that negate.

Example: the quote says "Do not give aspirin to children." The claim "Aspirin is to be avoided in children" passes; "Give
aspirin to children" is blocked, and so is "Do not give paracetamol" where the quote gives it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from checkers.grounds import Clause, Grounds, grounds
from checkers.polarity import exception, negations
from checkers.tables import table
from checkers.types import Finding, Rule, Severity, Subject
from checkers.words import content, stem, words

_MAIN = 0.6
"""Share of a sentence's main part that a claim must say before it owes the sentence's exception too."""


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every word that is negated on one side only, every opposite, and every exception left out."""
    ground = grounds(subject)
    if ground is None or ground.is_verbatim:
        return
    for clause in ground.clauses:
        yield from _added(ground, clause)
        yield from _dropped(ground, clause)
    yield from _opposites(ground)
    yield from _exceptions(ground)


def _added(ground: Grounds, clause: Clause) -> Iterator[Finding]:
    for negation in negations(clause.text):
        about = [quoted for quoted in ground.quoted_clauses if quoted.stems & negation.heads]
        candidates = about or ground.quoted_clauses
        if not any(negations(quoted.text) for quoted in candidates):
            at = clause.start + negation.start, clause.start + negation.end
            message = f'The claim says "{negation.text}"; the quote does not.'
            yield ground.finding(
                RULE.id, Severity.BLOCK, message, at, claim=clause.text, source=candidates[0].text if about else None
            )


def _dropped(ground: Grounds, clause: Clause) -> Iterator[Finding]:
    if negations(clause.text):
        return
    for quoted in ground.quoted_clauses:
        for negation in negations(quoted.text):
            lost = {head for head in negation.heads & clause.stems if _always_negated(ground, head)}
            if lost:
                word = next(word for word in content(clause.text) if word.stem in lost)
                at = clause.start + word.start, clause.start + word.end
                message = f'The quote says "{negation.text}" of "{word.text}"; the claim does not.'
                yield ground.finding(RULE.id, Severity.BLOCK, message, at, claim=clause.text, source=quoted.text)
                return


def _always_negated(ground: Grounds, head: str) -> bool:
    """Whether every clause of the quotes that has the word negates it."""
    with_it = [quoted for quoted in ground.quoted_clauses if head in quoted.stems]
    return all(any(head in negation.heads for negation in negations(quoted.text)) for quoted in with_it)


def _opposites(ground: Grounds) -> Iterator[Finding]:
    """A word that is in no quote, while its opposite is."""
    said = {word.stem for text in (*ground.quotes, ground.context, ground.question) for word in words(text)}
    for word in words(ground.claim):
        if word.stem not in said and (
            opposite := next((other for other in _opposites_of(word.stem) if stem(other) in said), None)
        ):
            message = f'The claim says "{word.text}" where the quote says "{opposite}".'
            yield ground.finding(
                RULE.id, Severity.BLOCK, message, (word.start, word.end), claim=word.text, source=opposite
            )


@cache
def _opposites_of(stemmed: str) -> tuple[str, ...]:
    pairs = table("opposites")["pairs"]
    return tuple(other for pair in pairs for one, other in (pair, pair[::-1]) if stem(one) == stemmed)


def _exceptions(ground: Grounds) -> Iterator[Finding]:
    """An exception or condition of the quote's own sentence that neither the claim nor the question speaks of."""
    claimed = {word.stem for word in ground.content}
    for sentence in ground.quoted_sentences:
        parts = exception(sentence)
        if parts is None:
            continue
        main, rest = ({word.stem for word in content(part)} for part in parts)
        told = len(main & claimed) >= max(2, _MAIN * len(main))
        if told and rest and not rest & (claimed | ground.asked_stems):
            message = f'The quote goes on "{parts[1].strip()}"; the claim leaves that out.'
            yield ground.finding(RULE.id, Severity.REVIEW, message, None, source=parts[1].strip())


RULE = Rule.documented(__doc__, id="grounding-negation", version=1, check=check)
