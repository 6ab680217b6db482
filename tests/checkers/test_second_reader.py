"""A second reader can only tighten."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from checkers.rules import RULES
from checkers.run import run
from checkers.second_reader import second_reader
from checkers.types import Claim, Draft, Quote, Verdict

GOOD = Claim(id="good", text="Give 5 mg.", quotes=(Quote(quote="Give 5 mg.", source="Give 5 mg."),))
BAD = Claim(id="bad", text="Give 6 mg.", quotes=(Quote(quote="Give 5 mg.", source="Give 5 mg."),))
BARE = Claim(id="bare", text="Give 6 mg.")


def verdicts(answer: Any) -> list[Verdict]:
    def supports(claim: str, quotes: tuple[str, ...]) -> Any:
        assert quotes == ("Give 5 mg.",)
        if isinstance(answer, Exception):
            raise answer
        return answer

    rules = (*RULES, second_reader(supports))
    return [claim.verdict for claim in run(Draft(claims=(GOOD, BAD, BARE)), as_of=date(2024, 1, 1), rules=rules).claims]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("yes", Verdict.RELEASE),
        ("unsure", Verdict.REVIEW),
        ("no", Verdict.WITHHOLD),
        ("maybe", Verdict.WITHHOLD),
        (None, Verdict.WITHHOLD),
        (True, Verdict.WITHHOLD),
        (TimeoutError(), Verdict.WITHHOLD),
    ],
)
def test_its_opinion_and_its_failures(answer: Any, verdict: Verdict) -> None:
    assert verdicts(answer) == [verdict, Verdict.WITHHOLD, Verdict.RELEASE]


def test_its_version_is_recorded() -> None:
    report = run(Draft(claims=()), as_of=None, rules=(second_reader(lambda _claim, _quotes: "yes", version=4),))
    assert report.rules == {"second-reader": 4}
