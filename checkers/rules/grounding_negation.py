"""Harm: "do not give" turns into "give", "avoid" into "use", "stop" into "start".

Source: ISMP and Joint Commission reports of omitted negations; NegEx for the words that negate.

Example: the quote says "Do not give aspirin to children." The claim "Aspirin is to be avoided in children" passes; "Give
aspirin to children" is blocked, and so is "Do not give paracetamol" where the quote gives it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from checkers.directions import directed
from checkers.grounds import Clause, Grounds, grounds
from checkers.polarity import Negation, negations, opposites_of, orders
from checkers.types import Finding, Rule, Severity, Subject
from checkers.words import Word, content, function_words, stem, words

_NEAR = 80
"""Characters behind a preposition in which its word is looked for."""


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every word that is negated on one side only, and for whatever is turned into its opposite."""
    ground = grounds(subject)
    if ground is None or ground.is_verbatim:
        return
    negated = _negated(ground)
    for clause in ground.clauses:
        yield from _added(ground, clause)
        yield from _dropped(ground, clause, negated)
    yield from _turned(ground)
    yield from _restarted(ground)
    yield from _opposites(ground)


def _added(ground: Grounds, clause: Clause) -> Iterator[Finding]:
    for negation in negations(clause.text):
        numbers = sorted({number for head in negation.heads for number in ground.with_stem.get(head, ())})
        about = [ground.quoted_clauses[number] for number in numbers]
        candidates = about or ground.quoted_clauses
        if not any(negations(quoted.text) for quoted in candidates):
            at = clause.start + negation.start, clause.start + negation.end
            message = f'The claim says "{negation.text}"; the quote does not.'
            yield ground.finding(
                RULE.id, Severity.BLOCK, message, at, claim=clause.text, source=candidates[0].text if about else None
            )


def _negated(ground: Grounds) -> dict[str, tuple[int, Negation, Clause]]:
    """Stems that every clause of the quotes negates that has them, with the first that does and its number."""
    found: dict[str, tuple[int, Negation, Clause]] = {}
    times: Counter[str] = Counter()
    for number, quoted in enumerate(ground.quoted_clauses):
        heads = {head: negation for negation in reversed(negations(quoted.text)) for head in negation.heads}
        times.update(heads.keys() & quoted.stems)
        for head, negation in heads.items():
            found.setdefault(head, (number, negation, quoted))
    return {head: first for head, first in found.items() if times[head] == len(ground.with_stem.get(head, ()))}


def _dropped(ground: Grounds, clause: Clause, negated: dict[str, tuple[int, Negation, Clause]]) -> Iterator[Finding]:
    if negations(clause.text):
        return
    said = {word.stem: word for word in content(clause.text) if word.stem in negated}
    if not said:
        return
    head = min(said, key=lambda stem: (negated[stem][0], negated[stem][1].start))
    word, (_, negation, quoted) = said[head], negated[head]
    at = clause.start + word.start, clause.start + word.end
    message = f'The quote says "{negation.text}" of "{word.text}"; the claim does not.'
    yield ground.finding(RULE.id, Severity.BLOCK, message, at, claim=clause.text, source=quoted.text)


def _turned(ground: Grounds) -> Iterator[Finding]:
    """Two things that have changed places about "rather than" or another word with two unlike sides."""
    said = {side for quoted in ground.quoted_clauses for side in directed(quoted.text)}
    for clause in ground.clauses:
        for kind, one, other in sorted(directed(clause.text)):
            if (kind, other, one) in said and (kind, one, other) not in said:
                words_of = {word.stem: word.text for word in content(clause.text)}
                message = f'The quote says it the other way round about "{words_of[one]}" and "{words_of[other]}".'
                at = clause.start, clause.start + len(clause.text)
                yield ground.finding(RULE.id, Severity.BLOCK, message, at, claim=clause.text, source=None)
                return


def _opposites(ground: Grounds) -> Iterator[Finding]:
    """A word that is in no quote, while its opposite is."""
    said = {word.stem for text in (ground.context, ground.question) for word in words(text)}
    for text, figures in zip(ground.quotes, ground.quoted_by_quote, strict=True):
        taken = {at for figure in figures for at in range(figure.start, figure.end)}
        said |= {word.stem for word in words(text) if word.start not in taken}
    for word in words(ground.claim):
        if word.stem not in said and (
            opposite := next((other for other in opposites_of(word.stem) if stem(other) in said), None)
        ):
            if word.text.lower() in function_words() and not _of_the_same(ground, word, opposite):
                continue
            message = f'The claim says "{word.text}" where the quote says "{opposite}".'
            yield ground.finding(
                RULE.id, Severity.BLOCK, message, (word.start, word.end), claim=word.text, source=opposite
            )


def _of_the_same(ground: Grounds, word: Word, opposite: str) -> bool:
    """Whether a preposition and its opposite stand before the same word: "with food", "without food"."""
    after = [other.stem for other in ground.content if other.start >= word.end][:1]
    for quote in ground.quotes:
        found = words(quote)
        for at in (other.end for other in found if other.text.lower() == opposite):
            if after == [other.stem for other in content(quote[at : at + _NEAR])][:1]:
                return True
    return False


def _restarted(ground: Grounds) -> Iterator[Finding]:
    """What the quote starts and the claim stops, or the other way round, and no quote does what the claim does."""
    asked = {order for quoted in ground.quoted_clauses for order in orders(quoted.text, quoted.drugs)}
    for clause in ground.clauses:
        for starts, what in orders(clause.text, clause.drugs):
            if (not starts, what) in asked and (starts, what) not in asked:
                verbs = ("starts", "stops") if starts else ("stops", "starts")
                message = f"The claim {verbs[0]} what the quote {verbs[1]}."
                at = clause.start, clause.start + len(clause.text)
                yield ground.finding(RULE.id, Severity.BLOCK, message, at, claim=clause.text)
                return


RULE = Rule.documented(__doc__, id="grounding-negation", version=2, check=check)
