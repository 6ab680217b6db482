"""Which weights and ages a sentence or a row is for."""

from __future__ import annotations

import pytest

from cdss.sizes import UNKNOWN, Size, size_of, suits, worked_for
from checkers.types import Patient

ROW = "Body weight of an adult with infarction: 60 to 69 kg; Reteplatine, single bolus: 35 mg"
FROM_90 = "Body weight of an adult with infarction: 90 kg or more; Reteplatine, single bolus: 50 mg"
EXAMPLE = "Body weight of the child: 18 kg; Mandol, one dose (15 mg/kg): 270 mg"
SMALL = "Age of the patient: child 6 months to 6 years; Mandol: 150 micrograms"
BIG = "Age of the patient: adult, and child over 12 years; Mandol: 500 micrograms"
PROSE = "For a patient of 13 to 40 kg with a seizure, give mandol 5 mg intramuscularly."
HEAVY = "For a patient above 40 kg with a seizure, give mandol 10 mg intramuscularly."
MONTHS = "For a child aged 2 months or older, give mandol 30 mg/kg per dose."


@pytest.mark.parametrize(
    ("text", "size", "may_be_for_them"),
    [
        (ROW, Size(weight_kg=65), True),
        (ROW, Size(weight_kg=69.5), True),
        (ROW, Size(weight_kg=75), False),
        (ROW, UNKNOWN, True),
        (FROM_90, Size(weight_kg=90), True),
        (FROM_90, Size(weight_kg=75), False),
        (EXAMPLE, Size(weight_kg=18), True),
        (EXAMPLE, Size(weight_kg=16), True),
        (EXAMPLE, Size(weight_kg=25), False),
        (SMALL, Size(age_years=3), True),
        (SMALL, Size(age_years=8), False),
        (BIG, Size(age_years=8), False),
        (BIG, Size(age_years=45), True),
        (PROSE, Size(weight_kg=25), True),
        (HEAVY, Size(weight_kg=25), False),
        (HEAVY, Size(weight_kg=70), True),
        (MONTHS, Size(age_years=0.1), False),
        (MONTHS, Size(age_years=3), True),
    ],
)
def test_whom_a_sentence_is_for_by_weight_and_age(text: str, size: Size, may_be_for_them: bool) -> None:
    assert suits(size, text) is may_be_for_them


@pytest.mark.parametrize(
    "text",
    [
        "Give mandol 25 mg twice daily, or 50 mg twice daily above 85 kg.",
        "Mandol 5 mg twice daily; 2.5 mg if two of: age 80 years or more, weight 60 kg or less",
        "Review the adult 2 to 4 weeks later.",
        "In patients with symptoms for more than 3 years, refer.",
        "Give 15 mg/kg, up to 4 times a day.",
    ],
)
def test_what_is_not_said_of_the_patient_before_the_dose_is_no_limit(text: str) -> None:
    assert suits(Size(weight_kg=70, age_years=40), text)
    assert suits(Size(weight_kg=4, age_years=0.2), text)


def test_the_size_comes_from_question_and_patient_and_from_neither_where_they_differ() -> None:
    assert size_of("STEMI, 75 kg: how many mg?", None) == Size(weight_kg=75)
    assert size_of("boy aged 8, 26 kg", None) == Size(weight_kg=26, age_years=8)
    assert size_of("15 mg/kg of mandol?", None) == UNKNOWN
    assert size_of("mandol at 60 kg or at 80 kg", None) == UNKNOWN
    assert size_of("mandol?", Patient(weight_kg=70, age_years=40)) == Size(70, 40)
    assert size_of("mandol for my 12 kg son", Patient(weight_kg=70, age_years=40)) == Size(None, 40)


def test_a_row_for_one_weight_is_an_example() -> None:
    assert worked_for(EXAMPLE) is not None
    assert worked_for(ROW) is None
    assert worked_for(PROSE) is None
