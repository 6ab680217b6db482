"""Harm: an adult's dose reaches a child, or advice for pregnancy is given without saying that it is for pregnancy.

Source: ICH E11(R1) and ICH E7 for the age groups; FDA Pregnancy and Lactation Labeling Rule.

Example: the quote says "In children, give 15 mg/kg." The claim "Children: 15 mg/kg" passes; "Give adults 15 mg/kg" is
blocked; "Give 15 mg/kg" goes to review, unless the question or the section speaks of children.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkers.grounds import Grounds, grounds
from checkers.people import AXES, groups
from checkers.tables import table
from checkers.types import Finding, Rule, Severity, Subject

_LIMITS = re.compile(r"\b(?:in|for|to|among|if|when|during|only)\b[^.;:]*$|^[^\w]*$", re.IGNORECASE)
"""What stands before the words for a group that limit a sentence to it, and do not just mention it."""

_LIST = re.compile(r"^[^.;:]{0,40}(?:\b(?:or|and)\b|,)[^.;:]{0,20}$", re.IGNORECASE)


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every group of people that the claim adds, swaps or drops."""
    ground = grounds(subject)
    if ground is None or ground.is_verbatim:
        return
    quoted = {group for quote in ground.quotes for group, _, _ in groups(quote)}
    over = {group for group, _, _ in groups(ground.context)}
    asked = {group for group, _, _ in groups(ground.question)}
    claimed = list(groups(ground.claim))
    for group, start, end in claimed:
        if group in quoted | over:
            continue
        words = ground.claim[start:end]
        others = [other for other in quoted if _axis(other) == _axis(group)]
        at = start, end
        if others and not any(_related(group, other) for other in others):
            message = f'The claim speaks of "{words}", the quote of {_named(others)}.'
            yield ground.finding(RULE.id, Severity.BLOCK, message, at, claim=words, source=_named(others))
            return
        if others or group not in asked:
            message = (
                f'The quote does not speak of "{words}".'
                if not others
                else f'The quote speaks of {_named(others)}, not of "{words}".'
            )
            yield ground.finding(RULE.id, Severity.REVIEW, message, at, claim=words, source=_named(others) or None)
    yield from _dropped(ground, {group for group, _, _ in claimed} | asked | over)


def _dropped(ground: Grounds, spoken_of: set[str]) -> Iterator[Finding]:
    """A group to which the source limits what it says, and of which neither claim nor question nor section speaks."""
    for clause in ground.clauses:
        for source in ground.sources(clause)[:1]:
            for group, start, end in groups(source.text):
                if (
                    group in spoken_of
                    or any(_related(group, other) for other in spoken_of)
                    or not _LIMITS.search(source.text[:start])
                    or _is_listed_with(source.text, start, end, spoken_of)
                ):
                    continue
                words = source.text[start:end]
                message = f'The quote says this of "{words}"; the claim does not say so.'
                at = clause.start, clause.start + len(clause.text)
                yield ground.finding(RULE.id, Severity.REVIEW, message, at, claim=clause.text, source=words)
                return


def _is_listed_with(text: str, start: int, end: int, spoken_of: set[str]) -> bool:
    """Whether the group at ``text[start:end]`` is listed with one that is spoken of: what holds for all holds for one."""
    return any(
        group in spoken_of and _LIST.search(text[min(end, other_end) : max(start, other_start)])
        for group, other_start, other_end in groups(text)
        if (other_start, other_end) != (start, end)
    )


def _axis(group: str) -> str:
    return next(axis for axis in AXES if group in table("populations")[axis])


def _related(one: str, other: str) -> bool:
    within = table("populations")["within"]
    return one in within.get(other, ()) or other in within.get(one, ())


def _named(found: list[str]) -> str:
    return ", ".join(f'"{group}"' for group in sorted(set(found)))


RULE = Rule.documented(__doc__, id="grounding-population", version=1, check=check)
