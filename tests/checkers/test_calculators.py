"""Calculators against worked examples that others published, and against what must hold for any patient."""

from __future__ import annotations

import pytest

from checkers import calculators


def test_cockcroft_gault() -> None:
    """The formula by hand for 66 years, 70 kg, 1.5 mg/dL: (140 - 66) x 70 / (72 x 1.5) = 47.96, and 0.85 of it."""
    given = {"age_years": 66, "weight_kg": 70, "creatinine_mg_dl": 1.5}
    assert calculators.creatinine_clearance_ml_min(**given, sex="male") == pytest.approx(47.96, abs=0.01)
    assert calculators.creatinine_clearance_ml_min(**given, sex="female") == pytest.approx(40.77, abs=0.01)


@pytest.mark.parametrize(
    ("sex", "age", "creatinine", "expected"),
    [("female", 50, 1.0, 69), ("male", 50, 1.0, 92), ("female", 70, 0.6, 96), ("male", 30, 0.7, 127)],
)
def test_ckd_epi_2021(sex: calculators.Sex, age: float, creatinine: float, expected: int) -> None:
    """As the calculator of the National Kidney Foundation gives it, rounded."""
    rate = calculators.egfr_ml_min_173m2(age_years=age, creatinine_mg_dl=creatinine, sex=sex)
    assert round(rate) == pytest.approx(expected, abs=1)


def test_bedside_schwartz() -> None:
    assert calculators.egfr_bedside_schwartz_ml_min_173m2(height_cm=100, creatinine_mg_dl=0.5) == pytest.approx(82.6)


def test_body_surface() -> None:
    assert calculators.body_surface_m2(weight_kg=60, height_cm=154) == pytest.approx(1.60, abs=0.005)


def test_calvert() -> None:
    """The FDA's example: the most for an area of 6 is 6 x 150 = 900 mg, whatever the clearance above 125."""
    assert calculators.carboplatin_mg(auc_mg_min_ml=5, gfr_ml_min=42) == pytest.approx(335)
    assert calculators.carboplatin_mg(auc_mg_min_ml=6, gfr_ml_min=150) == pytest.approx(900)


def test_ideal_and_adjusted_weight() -> None:
    assert calculators.ideal_weight_kg(height_cm=177.8, sex="male") == pytest.approx(73.0)
    assert calculators.ideal_weight_kg(height_cm=162.56, sex="female") == pytest.approx(54.7)
    assert calculators.adjusted_weight_kg(weight_kg=113, height_cm=177.8, sex="male") == pytest.approx(89.0)
    assert calculators.adjusted_weight_kg(weight_kg=60, height_cm=177.8, sex="male") == 60


def test_corrected_calcium() -> None:
    assert calculators.corrected_calcium_mg_dl(calcium_mg_dl=8.0, albumin_g_dl=2.0) == pytest.approx(9.6)


@pytest.mark.parametrize(("weight", "expected"), [(3.5, 350), (10, 1000), (15, 1250), (20, 1500), (30, 1700)])
def test_maintenance_fluid(weight: float, expected: float) -> None:
    assert calculators.maintenance_fluid_ml_day(weight_kg=weight) == pytest.approx(expected)


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="creatinine_mg_dl"):
        calculators.creatinine_clearance_ml_min(age_years=40, weight_kg=70, creatinine_mg_dl=0, sex="male")
    with pytest.raises(ValueError, match=r"152\.4"):
        calculators.ideal_weight_kg(height_cm=140, sex="female")
