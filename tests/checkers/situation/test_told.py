"""What a text says of its patient, and what only sounds like it."""

from __future__ import annotations

import pytest

from checkers.situation.told import told


@pytest.mark.parametrize(
    ("text", "fact", "value"),
    [
        ("Dabigatran 150 mg BID, CrCl 12 mL/min.", "crcl_ml_min", 12),
        ("eGFR is 54 so no adjustment", "egfr", 54),
        ("(SCr 4.1 mg/dL)", "creatinine_mg_dl", 4.1),
        ("creatinine 177 µmol/L", "creatinine_mg_dl", 177 / 88.42),
        ("an 84-year-old with falls", "age_years", 84),
        ("for sleep (86 y, dementia)", "age_years", 86),
        ("a 9-month-old", "age_years", 0.75),
        ("this 3.2-kg term newborn", "weight_kg", 3.2),
        ("for 80 kg: 1,200 mg", "weight_kg", 80),
        ("a 110 lb man", "weight_kg", 49.895),
        ("for BSA 2.3 m²", "bsa_m2", 2.3),
        ("Child-Pugh class C cirrhosis", "child_pugh", "C"),
        ("Child-Pugh 8", "child_pugh", "B"),
        ("in a confirmed pregnancy", "pregnant", True),
        ("at 32 weeks gestation", "gestation_weeks", 32),
        ("a breastfeeding mother", "lactating", True),
        ("on hemodialysis", "dialysis", True),
        ("vancomycin trough 42 mg/L", "vancomycin_trough", 42),
        ("INR 7.2 today", "inr", 7.2),
        ("K 5.9 and rising", "potassium", 5.9),
        ("QTc of 520 ms", "qtc_ms", 520),
        ("glucose 2.5 mmol/L", "glucose_mg_dl", 2.5 * 18.016),
        ("creatinine rose from 0.9 to 2.4 mg/dL", "creatinine_mg_dl", 2.4),
    ],
)
def test_a_fact_is_read(text: str, fact: str, value: float | str | bool) -> None:
    found = {one.fact: one.value for one in told(text)}
    assert found[fact] == (pytest.approx(value, rel=0.01) if isinstance(value, float | int) else value)


@pytest.mark.parametrize(
    "text",
    [
        "For CrCl 15 to 30 mL/min give 75 mg",
        "if eGFR <30",
        "target INR 2.5",
        "children 10-20 kg",
        "children aged 2 to 5 years",
        "patients aged 65 years or older",
        "over 50 kg",
        "she is not pregnant",
        "avoid in pregnancy",
        "potassium chloride 40 mEq PO",
        "15 mg/kg every 6 hours",
        "potassium 6.5 mmol/L or more",
        "until INR is 2",
    ],
)
def test_what_is_said_of_others_is_no_fact(text: str) -> None:
    assert told(text) == ()


def test_long_digits_take_no_time() -> None:
    assert told("1" * 40_000) == ()
