"""Harm: one sentence holds two regimens, and the claim takes the dose of one with the drug or the interval of the other: the
loading dose becomes the daily dose.

Source: ISMP reports of loading doses continued as maintenance and of transposed doses in two-drug regimens; labels of
doxycycline, azithromycin and fluconazole, which begin with twice the later dose.

Example: the quote says "doxycycline 200 mg on the first day, then 100 mg daily". The claim "doxycycline 100 mg daily after
200 mg on the first day" passes; "doxycycline 200 mg daily", the first day's dose carried on, is blocked. The dose of another
drug, or the interval of another dose, goes to review.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from checkers.grounds import Grounds, grounds
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
    r"(?P<begins>\b(?:then|thereafter|followed by|initially|at once|immediately|loading|single|stat|as a first dose"
    r"|on (?:the first )?day|(?:the )?first day|once(?! a day| daily| a week| weekly| a month| monthly| per))\b)"
    r"|;|\b(?:increas\w+|reduc\w+|(?<!as )(?:give|take|start|continue|use|infuse|administer|maintain|maintenance))\b",
    re.IGNORECASE,
)
"""Behind a dose: what comes later belongs to the next one, and this one may be what a treatment begins with."""
_AHEAD = re.compile(r"\b(?:(?:loading|initial|first|stat) (?:dose )?(?:of )?|after (?:an? )?)$", re.IGNORECASE)
"""Before a dose that another one follows."""


@dataclass(frozen=True, slots=True)
class _Regimen:
    """A dose with the drug and the interval it stands with. ``often`` is empty where there is none, or where, as ``broken``
    says, the words between tell that the next one is not this dose's; ``begins`` that a treatment begins with it."""

    dose: Quantity
    drug: str
    often: frozenset[Key] = frozenset()
    broken: bool = False
    begins: bool = False


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
                yield _finding(ground, one, rival, carried_on=all(home.begins for home in homes))
                break


def _finding(ground: Grounds, one: _Regimen, rival: _Regimen, *, carried_on: bool) -> Finding:
    said, there = one.dose.text, rival.dose.text
    message = (
        f'"{said}" is what the quote begins with; it carries on with {there}.'
        if carried_on
        else f'The quote says "{there}" where the claim says "{said}". Check which belongs to what.'
    )
    severity = Severity.BLOCK if carried_on else Severity.REVIEW
    return ground.finding(RULE.id, severity, message, (one.dose.start, one.dose.end), claim=said, source=there)


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
        drug = _drug(text, dose, named, bisect_left(starts, dose.start), start)
        made.append(_timed(_Regimen(dose, drug), text, found[at + 1 : at + _MOST], min(end, dose.end + _FAR)))
    return made


def _drug(text: str, dose: Quantity, named: tuple[Word, ...], after: int, floor: int) -> str:
    """The stem of the drug right behind the dose, or else of the last one before it in its sentence.

    ``named[after]`` is the first drug behind the dose.
    """
    behind = _OF.match(text, dose.end)
    if behind and after < len(named) and named[after].start == behind.end():
        return named[after].stem
    return named[after - 1].stem if after and named[after - 1].start >= floor else ""


def _timed(one: _Regimen, text: str, later: tuple[Quantity, ...], end: int) -> _Regimen:
    """``one`` with its interval: what is said before the next dose, or, in a list of doses, behind the last."""
    if _AHEAD.search(text[max(0, one.dose.start - 30) : one.dose.start]):
        return replace(one, broken=True, begins=True)
    for figure in later:
        if figure.start >= end:
            break
        if found := _BREAK.search(_ASIDE.sub(" ", text[one.dose.end : figure.start])):
            return replace(one, broken=True, begins=found["begins"] is not None)
        if often := frozenset(key for key in figure.keys if key[2].startswith(FREQUENCY)):
            return replace(one, often=often)
    found = _BREAK.search(text, one.dose.end, min(end, later[0].start if later else end))
    return replace(one, broken=found is not None, begins=found is not None and found["begins"] is not None)


RULE = Rule.documented(__doc__, id="grounding-regimen", version=1, check=check)
