"""Harm: one sentence holds two regimens, and the claim takes the dose of one with the drug or the interval of the other: the
loading dose becomes the daily dose.

Source: ISMP reports of loading doses continued as maintenance and of transposed doses in two-drug regimens.

Example: the quote says "doxycycline 200 mg on the first day, then 100 mg daily". The claim "doxycycline 100 mg daily after
200 mg on the first day" passes; "doxycycline 200 mg daily" goes to review.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from checkers.grounds import grounds
from checkers.names import drugs
from checkers.quantities import FREQUENCY, Key, Quantity, quantities
from checkers.sentences import sentences
from checkers.types import Finding, Rule, Severity, Subject
from checkers.words import Word

_DOSED = ("mass", "volume", "units", "tablets", "capsules", "puffs", "drops")
_OF = re.compile(r"(?:\s(?:daily|once|single|total|dose))*\s(?:of\s)?", re.IGNORECASE)
_MOST, _FAR = 8, 300
"""Figures and characters behind a dose in which its interval is looked for."""
_COMPARED = 60
"""Doses of a claim and of its quotes that are compared; who has more quotes a table."""
_ASIDE = re.compile(r"\([^()]*\)")
_BREAK = re.compile(
    r";|\b(?:then|thereafter|followed by|initially|at once|immediately|loading|single|stat|as a first dose|increas\w+|reduc\w+"
    r"|(?<!as )(?:give|take|start|continue|use|infuse|administer|maintain|maintenance)|on (?:the first )?day"
    r"|(?:the )?first day|once(?! a day| daily| a week| weekly| a month| monthly| per))\b",
    re.IGNORECASE,
)
"""Behind a dose: what comes later belongs to the next one."""


_AHEAD = re.compile(r"\b(?:(?:loading|initial|first|stat) (?:dose )?(?:of )?|after (?:an? )?)$", re.IGNORECASE)
"""Before a dose that another one follows."""


@dataclass(frozen=True, slots=True)
class _Regimen:
    """A dose with the drug and the interval it stands with. ``often`` is empty where there is none, or where, as ``broken``
    says, the words between tell that the next one is not this dose's."""

    dose: Quantity
    drug: str
    often: frozenset[Key]
    broken: bool


def check(subject: Subject) -> Iterator[Finding]:
    """A finding for every dose that the quotes give with another drug, or at another interval, only."""
    ground = grounds(subject)
    if ground is None or ground.is_verbatim:
        return
    said = _regimens(ground.claim)
    if not said:
        return
    quoted = [regimen for quote in ground.quotes for regimen in _regimens(quote)]
    for one in said[:_COMPARED]:
        homes = [other for other in quoted[:_COMPARED] if other.dose.keys & one.dose.keys]
        for rival in quoted[:_COMPARED]:
            if rival.dose.keys & one.dose.keys or not rival.dose.dimensions & one.dose.dimensions:
                continue
            if _of_another_drug(one, homes, rival) or _of_another_interval(one, homes, rival):
                message = (
                    f'The quote says "{rival.dose.text}" where the claim says "{one.dose.text}". '
                    "Check which belongs to what."
                )
                span = one.dose.start, one.dose.end
                yield ground.finding(
                    RULE.id, Severity.REVIEW, message, span, claim=one.dose.text, source=rival.dose.text
                )
                break


def _of_another_drug(one: _Regimen, homes: list[_Regimen], rival: _Regimen) -> bool:
    return bool(one.drug and rival.drug == one.drug and homes) and all(
        home.drug and home.drug != one.drug for home in homes
    )


def _of_another_interval(one: _Regimen, homes: list[_Regimen], rival: _Regimen) -> bool:
    return bool(one.often & rival.often and homes and rival.drug == one.drug) and all(
        home.broken or (home.often and not home.often & one.often) for home in homes
    )


def _regimens(text: str) -> list[_Regimen]:
    """The doses of folded ``text``."""
    found = quantities(text)
    doses = [at for at, figure in enumerate(found) if any(name in _DOSED for name in figure.dimensions)]
    if not doses:
        return []
    named = drugs(text)
    starts = [word.start for word in named]
    bounds = list(sentences(text))
    firsts = [start for start, _ in bounds]
    made = []
    for at in doses:
        dose = found[at]
        start, end = bounds[max(0, bisect_right(firsts, dose.start) - 1)]
        often, broken = _often(text, found[at : at + _MOST], min(end, dose.end + _FAR))
        made.append(_Regimen(dose, _drug(text, dose, named, bisect_left(starts, dose.start), start), often, broken))
    return made


def _drug(text: str, dose: Quantity, named: tuple[Word, ...], after: int, floor: int) -> str:
    """The stem of the drug right behind the dose, or else of the last one before it in its sentence.

    ``named[after]`` is the first drug behind the dose.
    """
    behind = _OF.match(text, dose.end)
    if behind and after < len(named) and named[after].start == behind.end():
        return named[after].stem
    return named[after - 1].stem if after and named[after - 1].start >= floor else ""


def _often(text: str, found: tuple[Quantity, ...], end: int) -> tuple[frozenset[Key], bool]:
    """How often the dose ``found[0]`` is given: what is said before the next dose, or, in a list of doses, behind the last."""
    dose, *later = found
    if _AHEAD.search(text[max(0, dose.start - 30) : dose.start]):
        return frozenset(), True
    for figure in later:
        if figure.start >= end:
            break
        if _BREAK.search(_ASIDE.sub(" ", text[dose.end : figure.start])):
            return frozenset(), True
        if often := frozenset(key for key in figure.keys if key[2].startswith(FREQUENCY)):
            return often, False
    return frozenset(), _BREAK.search(text, dose.end, min(end, later[0].start if later else end)) is not None


RULE = Rule.documented(__doc__, id="grounding-regimen", version=1, check=check)
