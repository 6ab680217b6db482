"""Units: exact, and none guessed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from cdss.fhir import ucum
from cdss.fhir.observations import converted
from cdss.tables import table


@pytest.mark.parametrize(
    ("written", "factor"),
    [
        ("mg/dL", Fraction(1, 100)),
        ("umol/L", Fraction(1, 10**6)),
        ("10*3/uL", Fraction(10**9)),
        ("K/uL", Fraction(10**9)),
        ("10*9/L", Fraction(10**9)),
        ("[lb_av]", Fraction(45359237, 100000)),
        ("mL/min/{1.73_m2}", Fraction(1, 60000)),
        ("mL/min/1.73m2", Fraction(1, 60000)),
        ("/min", Fraction(1, 60)),
        ("%", Fraction(1, 100)),
        ("{INR}", Fraction(1)),
        ("m[IU]/L", Fraction(1, 1000)),
        ("ukat/L", Fraction(60)),
    ],
)
def test_a_unit_is_read(written: str, factor: Fraction) -> None:
    unit = ucum.read(written)
    assert unit is not None
    assert unit.factor == factor


@pytest.mark.parametrize("written", ["", "mg%", "furlong", "mg//dL", "mg/", "[lb_av", "10*x", "mg dL", "0", "🍎"])
def test_a_unit_that_is_not_known_is_not_guessed(written: str) -> None:
    unit = ucum.read(written)
    assert unit is None or unit.dimensions in ((), (("mass", 1),))


@pytest.mark.parametrize(
    ("fact", "value", "unit", "expected"),
    [
        ("facts.creatinine_mg_dl", "88.4", "umol/L", 1.0),
        ("facts.creatinine_mg_dl", "1.2", "mg/dL", 1.2),
        ("facts.creatinine_mg_dl", "12", "mg/L", 1.2),
        ("facts.weight_kg", "150", "[lb_av]", 68.0389),
        ("facts.weight_kg", "3200", "g", 3.2),
        ("facts.height_cm", "70", "[in_i]", 177.8),
        ("facts.height_cm", "1.78", "m", 178.0),
        ("labs.potassium", "4.2", "mmol/L", 4.2),
        ("labs.calcium", "2.5", "mmol/L", 10.02),
        ("labs.magnesium", "1.5", "meq/L", 1.823),
        ("labs.hba1c", "48", "mmol/mol", 6.543),
        ("labs.hba1c", "6.5", "%", 6.5),
        ("labs.glucose_mg_dl", "5.5", "mmol/L", 99.09),
        ("labs.bilirubin", "17.1", "umol/L", 1.0),
        ("labs.hemoglobin", "8.7", "mmol/L", 14.02),
        ("labs.hemoglobin", "140", "g/L", 14.0),
        ("labs.platelets", "250", "10*9/L", 250),
        ("labs.platelets", "250000", "/uL", 250),
        ("labs.anc", "1.5", "10*3/uL", 1500),
        ("labs.digoxin_ng_ml", "1.28", "nmol/L", 1.0),
        ("labs.qtc_ms", "0.44", "s", 440),
        ("labs.inr", "2.5", "1", 2.5),
        ("labs.lvef", "0.55", "1", 55),
    ],
)
def test_a_value_is_converted(fact: str, value: str, unit: str, expected: float) -> None:
    group, name = fact.split(".")
    number = converted(Decimal(value), unit, None, table("loinc")[group][name])
    assert number is not None
    assert float(number) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(
    ("fact", "unit"),
    [("creatinine_mg_dl", "mg"), ("creatinine_mg_dl", "mL/min"), ("creatinine_mg_dl", None), ("weight_kg", "cm")],
)
def test_a_value_in_another_kind_of_unit_is_not_used(fact: str, unit: str | None) -> None:
    assert converted(Decimal(1), unit, None, table("loinc")["facts"][fact]) is None


def test_every_unit_of_the_table_can_be_read() -> None:
    for group in ("facts", "labs"):
        for name, row in table("loinc")[group].items():
            assert ucum.read(row["unit"]) is not None, name
    for spelling, code in table("ucum")["spellings"].items():
        assert ucum.read(code) is not None or code == "mmol/mol", spelling
