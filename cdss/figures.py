"""What kind of figure a question asks for, and whether a sentence gives one of that kind."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TIME = r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|years?)"
_COUNT = r"(?:\d|\b(?:half|one|two|three|four|five|six|seven|eight|nine|ten|twelve|once|twice|single)\b)"
_MASS = r"(?:mg|mcg|µg|μg|ug|micrograms?|milligrams?|g|grams?|ml|millilit\w+|units?|i\.?u\.?|mu|mmol|meq|mEq|joules?|j)"


@dataclass(frozen=True, slots=True)
class Figure:
    """A kind of figure: its ``name`` in a sentence, how a question asks for it, how a sentence gives it."""

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]


FIGURES = tuple(
    Figure(name, re.compile(asked, re.IGNORECASE), re.compile(given, re.IGNORECASE))
    for name, asked, given in (
        (
            "a dose by body weight",
            r"(?:/|\bper\b|\ba\b)\s?(?:kg|kilo\w*)\b",
            r"/\s*kg|\bkg\b|\bkilogram",
        ),
        (
            "a dose by body surface",
            r"/\s?m[2²]|\bper (?:square met\w+|m2)",
            r"/\s*m\s?[2²]|per square met",
        ),
        (
            "a rate",
            r"/\s?h(?:r|our)?\b|\b(?:per|an) hour\b|\bhourly\b|\b(?:infusion|drip) rate\b",
            r"/\s*(?:h|hr|hour|min|minute)\b|\b(?:per|an|every) (?:hour|minute)\b|\bhourly\b|\bover \d",
        ),
        (
            "a percentage",
            r"\b(?:what|which|how many|how much|how high|in)\b[^.?]{0,12}(?:%|per ?cent)"
            r"|\bsuccess rate\b|\bhow likely\b",
            r"%|\bper ?cent",
        ),
        ("a number of vials", r"\b(?:vials?|ampoules?)\b", r"\b(?:vials?|ampoules?)\b"),
        (
            "a duration",
            r"\bhow long\b|\bduration\b|\blength of\b|\bcourse\b"
            rf"|\b(?:how many|number of|what|and|in|for)\s(?:\w+\s)?{_TIME}\b"
            rf"|,\s?{_TIME}\b",
            rf"{_COUNT}[^.;]{{0,14}}\b{_TIME}\b|\b(?:lifelong|indefinite\w*|until)\b",
        ),
        (
            "an interval",
            r"\bhow often\b|\binterval\b|\bhow far apart\b|\bevery how\b|\bhow frequently\b|\btimes (?:a|per) day\b|\bspac\w+"
            r"|\bwhen\b[^.?]{0,30}\brepeat",
            r"\b(?:every|daily|hourly|once|twice|times|apart|per day|a day|q\d|bd|tds|qds|later|repeat\w*)\b"
            rf"|{_COUNT}[^.;]{{0,14}}\b{_TIME}\b",
        ),
        (
            "a dose",
            rf"\bdos(?:e|es|age|ing)\b|\bhow much\b|\bregimen\b|\btitrat\w+|\b{_MASS}\b(?!\s*/)|\bpuffs\b|\bvolume\b",
            rf"\d\s*(?:(?:{_MASS}|tablets?|capsules?|puffs?|drops?|sprays?|ampoules?|vials?)\b|%)",
        ),
        (
            "a threshold",
            r"\b(?:at|above|below|under|over|from) (?:what|which)\b|\bthreshold\b|\bcut-?off\b|\btarget\b"
            r"|\bwhat (?:level|value|age|temp\w*|sat\w*|rate|bp|range|weight|size|score)\b"
            r"|\bhow (?:high|low|old|large|big|soon|late|early|deep|far)\b|\bmax(?:imum)?\b|\bupper limit\b|\bceiling\b",
            _COUNT,
        ),
        ("a number", r"\bhow many\b|\bnumber of\b|\bratio\b|\bhow fast\b", _COUNT),
    )
)


def figures_asked(question: str) -> tuple[Figure, ...]:
    """The kinds of figure that ``question`` asks for; none when it asks what to do."""
    return tuple(figure for figure in FIGURES if figure.asked.search(question))
