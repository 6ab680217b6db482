"""How an order is meant, by the words around it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from checkers.situation.manner import is_refused, manner


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Start nevirapine 200 mg BD from day one", {"starts"}),
        ("Morphine 2.5 mg, opioid-naive", {"starts"}),
        ("Prednisolone 5 mg daily long term", {"endless"}),
        ("Potassium chloride 10 mmol IV push", {"pushed"}),
        ("must not be given as an IV push; 10 mmol/h", set()),
        ("Ondansetron 4 mg once", {"once"}),
        ("Amlodipine 5 mg once daily", set()),
        ("Salbutamol 2 puffs as needed", {"as_needed"}),
    ],
)
def test_manner(said: str, expected: set[str]) -> None:
    found = manner(said, [None])
    names = ("pushed", "as_needed", "once", "repeats", "starts", "endless")
    assert {name for name in names if getattr(found, name)} == expected


def test_what_may_be_repeated_soon_is_no_schedule() -> None:
    assert manner("Atropine 0.5 mg, repeat every 3 minutes", [Decimal(480)]).repeats
    assert not manner("Amoxicillin 500 mg every 8 hours", [Decimal(3)]).repeats


@pytest.mark.parametrize(
    ("behind", "expected"),
    [
        (" BD would be inappropriate here", True),
        (" is contraindicated in her first trimester", True),
        (" IV is a tenfold overdose", True),
        (" must not be given with it", True),
        (" is not contraindicated", False),
        (" daily; stopping it is unsafe", False),
        (" BD for 5 days", False),
    ],
)
def test_a_dose_may_be_refused_behind_it(behind: str, expected: bool) -> None:
    text = "Ciprofloxacin 500 mg"
    assert is_refused(text + behind, len(text)) is expected
