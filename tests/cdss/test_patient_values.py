"""FHIR to Patient: which observation counts, in which unit, and why another one does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cdss.tables import table
from checkers.situation.labs import catalogued
from tests.cdss.charts import chart, reasons
from tests.cdss.fhir.builders import measured, observation, patient


def test_the_newest_value_counts_in_the_rules_unit() -> None:
    found = chart(
        patient(),
        measured("2160-0", 1.0, "mg/dL", "2026-01-01"),
        measured("2160-0", 176.8, "umol/L", "2026-06-01"),
        measured("29463-7", 150, "[lb_av]", "2026-05-01"),
    )
    assert found.patient.creatinine_mg_dl == pytest.approx(2.0, abs=1e-3)
    assert found.patient.weight_kg == pytest.approx(68.039, abs=1e-3)
    fact = next(fact for fact in found.facts if fact.name == "creatinine_mg_dl")
    assert (fact.on, fact.source) == (date(2026, 6, 1), "Observation/o-2160-0-2026-06-01")


@pytest.mark.parametrize(
    ("newest", "reason"),
    [
        (measured("2160-0", 1.0, "mg/dL", "2024-06-01"), "1 mg/dL of 2024-06-01 is stale"),
        (measured("2160-0", 1.0, "mg/dL", None), "no date"),
        (measured("2160-0", 1.0, "furlong", "2026-06-01"), "unit that is not known"),
        (observation("2160-0", "2026-06-01", valueString="high"), "no number"),
        (observation("2160-0", "2026-06-01", valueQuantity={"value": 1.0}), "unit that is not known"),
        (measured("2160-0", 4000, "mg/dL", "2026-06-01"), "cannot be right"),
    ],
)
def test_a_value_that_does_not_hold_is_unknown_and_says_why(newest: dict[str, Any], reason: str) -> None:
    older = measured("2160-0", 0.9, "mg/dL", "2024-01-01")
    found = chart(patient(), *([older] if newest["effectiveDateTime"] else []), newest)
    assert found.patient.creatinine_mg_dl is None
    assert reason in reasons(found, "creatinine_mg_dl")


@pytest.mark.parametrize("status", ["entered-in-error", "cancelled", "registered", "unknown"])
def test_a_result_that_is_none_is_not_looked_at(status: str) -> None:
    found = chart(patient(), measured("2823-3", 7.0, "mmol/L", "2026-06-14", status=status))
    assert found.patient.labs is None
    assert not found.gaps


def test_a_result_of_the_future_is_not_looked_at() -> None:
    assert chart(patient(), measured("2823-3", 7.0, "mmol/L", "2026-08-01")).patient.labs is None


def test_a_comparator_and_a_preliminary_result_are_told() -> None:
    found = chart(
        patient(),
        measured("33914-3", 60, "mL/min/{1.73_m2}", "2026-06-01", comparator=">"),
        measured("2823-3", 7.0, "mmol/L", "2026-06-14", status="preliminary"),
    )
    assert found.patient.egfr == 60
    assert {fact.name: fact.note for fact in found.facts if fact.note} == {
        "egfr": "reported as at least 60",
        "labs.potassium": "preliminary",
    }


def test_a_childs_weight_holds_for_less_long_than_an_adults() -> None:
    weight = measured("29463-7", 9, "kg", "2026-01-15")
    assert chart(patient(birth="1980-01-01"), measured("29463-7", 70, "kg", "2026-01-15")).patient.weight_kg == 70
    assert chart(patient(birth="2025-01-15"), weight).patient.weight_kg is None
    assert chart(patient(birth="2010-01-15"), measured("29463-7", 60, "kg", "2026-01-15")).patient.weight_kg == 60


def test_blood_pressure_comes_from_its_components() -> None:
    part = {
        "code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]},
        "valueQuantity": {"value": 142, "unit": "mmHg"},
    }
    assert chart(patient(), observation("85354-9", "2026-06-10", component=[part])).patient.labs == {
        "systolic_mm_hg": 142
    }


def test_the_labs_are_called_as_the_rules_call_them() -> None:
    for name in table("loinc")["labs"]:
        values, _ = catalogued({name: 1.0})
        known, doubts = catalogued({name: 100.0})
        assert values.keys() | known.keys() | {doubt.name for doubt in doubts} != set(), name
