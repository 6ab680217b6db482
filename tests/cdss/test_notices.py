"""What must be said is said, and what need not is not."""

from __future__ import annotations

import pytest

from cdss.notices import emergency, mentions_dose


@pytest.mark.parametrize(
    "question",
    [
        "adult in cardiac arrest, first drug?",
        "my patient has anaphylaxis what dose of adrenaline",
        "toddler is choking on a grape",
        "medic on scene: midazolam IM dose seizing 4 y old",
        "Patient was stabbed four hours ago and is bleeding out",
        "unconscious, glucose 2.1",
    ],
)
def test_an_emergency_is_recognised(question: str) -> None:
    assert emergency(question) is not None


@pytest.mark.parametrize(
    "question",
    [
        "How long to treat otitis media?",
        "metformin in renal impairment",
        "shocking price of insulin",
        "target BP in diabetes",
    ],
)
def test_an_everyday_question_is_not_an_emergency(question: str) -> None:
    assert emergency(question) is None


@pytest.mark.parametrize(
    "text", ["Give 500 mg twice daily", "2–3 puffs", "10 ml/kg", "1 tablet", "0.5 µg", "250 units IM"]
)
def test_a_dose_is_recognised(text: str) -> None:
    assert mentions_dose(text)


@pytest.mark.parametrize(
    "text", ["glucose above 250 mg/dL", "Review after 2 days", "potassium 6.5 mmol/L", "children under 5 years"]
)
def test_a_laboratory_value_or_a_time_is_not_a_dose(text: str) -> None:
    assert not mentions_dose(text)
