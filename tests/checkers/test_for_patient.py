"""The dose for this patient: from the text's dose per kilogram, the patient's size, the caps and the rounding steps."""

from __future__ import annotations

import pytest

from checkers.run import judge
from checkers.types import Claim, Patient, Subject


def _of(text: str, **patient: object) -> list[dict[str, str | float] | None]:
    report = judge(
        Subject(claim=Claim(id="c", text=text), patient=Patient.model_validate(patient) if patient else None)
    )
    return [dose.for_patient for dose in report.doses]


def test_a_days_amount_in_parts() -> None:
    (found,) = _of("Give amoxicillin 80 to 90 mg/kg/day PO divided twice daily.", age_years=3, weight_kg=14)
    assert found is not None
    assert (found["low"], found["high"], found["unit"]) == (560, 630, "mg")
    assert "80 to 90 mg/kg/day × 14 kg = 1,120 to 1,260 mg/day, in 2 doses: 560 to 630 mg each" in str(
        found["calculation"]
    )


def test_the_cap_holds() -> None:
    (found,) = _of("Acetaminophen 15 mg/kg PO every 6 hours.", age_years=14, weight_kg=80)
    assert found is not None
    assert found["high"] == 1000
    assert "at most 1,000 mg" in str(found["calculation"])


def test_the_drugs_own_ceiling_holds_where_the_text_caps_it() -> None:
    first, _ = _of("Vincristine 1.4 mg/m2 IV weekly (capped at 2 mg).", age_years=50, weight_kg=90, height_cm=180)
    assert first is not None
    assert first["high"] == 2


@pytest.mark.parametrize("patient", [{}, {"age_years": 3}])
def test_without_a_size_nothing_is_said(patient: dict[str, object]) -> None:
    assert _of("Give amoxicillin 45 mg/kg PO twice daily.", **patient) == [None]


def test_a_blocked_dose_has_no_amount() -> None:
    assert _of("Gentamicin 50 mg/kg IV every 24 hours.", age_years=40, weight_kg=70, crcl_ml_min=100) == [None]
