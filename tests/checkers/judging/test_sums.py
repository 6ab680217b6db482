"""Sums and roundings that a text writes out."""

from __future__ import annotations

import pytest

from checkers.judging.sums import wrong_roundings, wrong_sums


@pytest.mark.parametrize(
    "text",
    [
        "15 mg/kg × 20 kg = 300 mg",
        "5 x (80 + 25) = 525 mg",
        "4 x 500 mg = 2 g a day",
        "(140 - 70) × 60 / (72 × 1.2) = 48.6",
        "80-90 mg/kg/day × 14 kg = 1120-1260 mg",
        "5 mcg/kg/min × 70 kg = 21 mg/h",
        "INR = 2.4",
        "1 mg = 1 mL",
    ],
)
def test_right_sums_and_no_sums_pass(text: str) -> None:
    assert not list(wrong_sums(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("15 mg/kg × 20 kg = 3,000 mg", 300), ("5 x (80 + 25) = 825 mg", 525), ("4 x 500 mg = 4 g", 2000)],
)
def test_wrong_sums_are_found(text: str, expected: int) -> None:
    (wrong,) = wrong_sums(text)
    assert wrong.expected == expected
    assert wrong.severity == "block"
    assert text[slice(*wrong.span)] == text.split("= ")[1]


def test_a_rounding_stays_near() -> None:
    assert not list(wrong_roundings("300 mg, rounded to 325 mg"))
    assert not list(wrong_roundings("1 mg/kg for 68 kg, round to 70 mg"))
    assert not list(wrong_roundings("300 mg, rounded to the nearest 50 mg"))
    (wrong,) = wrong_roundings("135 mg, round to 240 mg")
    assert wrong.severity == "block"
