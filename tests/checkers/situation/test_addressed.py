"""Whom an order's own words are for."""

from __future__ import annotations

import pytest

from checkers.situation.addressed import is_for_others
from checkers.situation.facts import Facts

ADULT = Facts(age_years=70, weight_kg=60, crcl_ml_min=25, egfr=40)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (" twice daily above 85 kg", True),
        (" twice daily up to 85 kg", False),
        (" for 23 to 40 kg", True),
        (" if creatinine clearance is below 30 mL/min", False),
        (" if creatinine clearance is above 30 mL/min", True),
        (" if eGFR is below 30 mL/min/1.73 m²", True),
        (" for adults of 65 years or more", False),
        (" under 12 years", True),
        (" twice daily", None),
        (" over 30 minutes", None),
    ],
)
def test_a_band_is_the_patients_or_not(words: str, expected: bool | None) -> None:
    assert is_for_others(words, ADULT) is expected


def test_what_is_not_known_answers_nothing() -> None:
    assert is_for_others(" above 85 kg", Facts()) is None
