"""A FHIR dosage in words, and what the dose reader makes of the words."""

from __future__ import annotations

from typing import Any

import pytest

from cdss.fhir.datatypes import Dosage
from cdss.fhir.dosage import order
from cdss.fhir.medicines import named
from checkers.dosing import read_doses
from tests.cdss.fhir.builders import dosage, quantity


def said(name: str, *given: dict[str, Any]) -> str:
    return order(named(name), [Dosage.read(one) for one in given])


def timed(**repeat: Any) -> dict[str, Any]:
    return {"timing": {"repeat": repeat}, "doseAndRate": [{"doseQuantity": quantity(5, "mg")}]}


@pytest.mark.parametrize(
    ("repeat", "words"),
    [
        ({"frequency": 1, "period": 1, "periodUnit": "d"}, "once daily"),
        ({"frequency": 2, "period": 1, "periodUnit": "d"}, "twice a day"),
        ({"frequency": 3, "frequencyMax": 4, "period": 1, "periodUnit": "d"}, "3 to 4 times a day"),
        ({"frequency": 1, "period": 6, "periodUnit": "h"}, "every 6 hours"),
        ({"frequency": 1, "period": 4, "periodMax": 6, "periodUnit": "h"}, "every 4 to 6 hours"),
        ({"frequency": 1, "period": 1, "periodUnit": "h"}, "every 1 hour"),
        ({"frequency": 2, "period": 3, "periodUnit": "d"}, "every 36 hours"),
        ({"frequency": 1, "period": 3, "periodUnit": "d"}, "every 3 days"),
        ({"frequency": 1, "period": 1, "periodUnit": "wk"}, "once a week"),
        ({"frequency": 1, "period": 1, "periodUnit": "wk", "dayOfWeek": ["mon"]}, "once a week on Monday"),
        ({"dayOfWeek": ["mon", "wed", "fri"]}, "3 times a week on Monday, Wednesday, Friday"),
        ({"frequency": 1, "period": 1, "periodUnit": "d", "dayOfWeek": ["mon"]}, "once a week on Monday"),
        ({"timeOfDay": ["08:00:00", "20:00:00"]}, "twice a day"),
        ({"when": ["MORN", "HS"]}, "twice a day"),
        ({"when": ["AC"]}, "3 times a day"),
        ({"frequency": 1, "period": 24, "periodUnit": "h"}, "once daily"),
        ({"count": 1}, "once"),
        ({"when": ["WHENEVER"]}, ""),
        ({"frequency": 1, "period": 0, "periodUnit": "d"}, ""),
    ],
)
def test_how_often(repeat: dict[str, Any], words: str) -> None:
    assert said("Warfarin", timed(**repeat)) == f"Warfarin 5 mg {words}".strip()


@pytest.mark.parametrize(
    ("code", "times"),
    [("BID", 2), ("TID", 3), ("QID", 4), ("QD", 1), ("QOD", 0.5), ("Q6H", 4), ("BED", 1), ("WK", 1 / 7)],
)
def test_a_timing_code_is_read(code: str, times: float) -> None:
    given = {"timing": {"code": {"coding": [{"code": code}]}}, "doseAndRate": [{"doseQuantity": quantity(5, "mg")}]}
    (dose,) = read_doses(said("Warfarin", given))
    assert float(dose.frequency_per_day or 0) == pytest.approx(times, abs=1e-3)


@pytest.mark.parametrize(
    ("name", "given", "drug", "amount", "unit"),
    [
        ("Acetaminophen 325 MG Oral Tablet", dosage(2, "{tbl}"), "acetaminophen", 650, "mg"),
        ("Amoxicillin 50 MG/ML Oral Suspension", dosage(5, "mL"), "amoxicillin", 250, "mg"),
        ("Amoxicillin 250 MG Oral Capsule", dosage(500, "mg"), "amoxicillin", 500, "mg"),
        ("Levothyroxine", dosage(100, "ug"), "levothyroxine", 100, "mcg"),
        ("Insulin Glargine 100 UNT/ML Injectable Solution", dosage(20, "[iU]"), "insulin glargine", 20, "units"),
        ("Gentamicin", dosage(5, "mg/kg", route="IV"), "gentamicin", 5, "mg"),
        (
            "Acetaminophen 325 MG / HYDROcodone Bitartrate 7.5 MG Oral Tablet",
            dosage(2, "tablet"),
            "hydrocodone",
            15,
            "mg",
        ),
        ("albuterol 0.09 MG/ACTUAT Metered Dose Inhaler", dosage(2, "{puff}", route=None), "albuterol", 0.18, "mg"),
    ],
)
def test_the_dose_reader_reads_what_is_ordered(
    name: str, given: dict[str, Any], drug: str, amount: float, unit: str
) -> None:
    doses = {(dose.drug, dose.unit): dose for dose in read_doses(said(name, given))}
    assert float(doses[drug, unit].dose_high or 0) == pytest.approx(amount)


def test_ranges_limits_and_lengths_are_said() -> None:
    given = dosage(
        period=4,
        period_unit="h",
        asNeededBoolean=True,
        maxDosePerPeriod={"numerator": quantity(4, "g"), "denominator": quantity(1, "d")},
        maxDosePerAdministration=quantity(1000, "mg"),
        doseAndRate=[{"doseRange": {"low": quantity(500, "mg"), "high": quantity(1000, "mg")}}],
    )
    given["timing"]["repeat"] |= {"boundsDuration": {"value": 5, "code": "d"}, "duration": 30, "durationUnit": "min"}
    assert said("Acetaminophen", given) == (
        "Acetaminophen 500 to 1000 mg by mouth every 4 hours as needed for 5 days, at most 4 g in 24 hours, "
        "at most 1000 mg a dose, over 30 minutes"
    )


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        ({"rateQuantity": quantity(5, "ug/kg/min")}, "5 micrograms/kg/minute"),
        ({"rateRatio": {"numerator": quantity(100, "mg"), "denominator": quantity(30, "min")}}, "200 mg/hour"),
        ({"rateRange": {"low": quantity(2, "mg/h"), "high": quantity(4, "mg/h")}}, "2 to 4 mg/hour"),
    ],
)
def test_a_rate_is_an_amount(rate: dict[str, Any], words: str) -> None:
    assert said("Dopamine", {"doseAndRate": [rate], "route": {"text": "IV"}}) == f"Dopamine {words} intravenously"


def test_instructions_follow_each_other() -> None:
    first, then = dosage(40, sequence=1), dosage(20, sequence=2)
    assert said("Prednisone", then, first) == "Prednisone 40 mg by mouth once daily, then 20 mg by mouth once daily"
    morning, evening = dosage(10), dosage(20)
    assert said("Prednisone", morning, evening) == "Prednisone 10 mg by mouth once daily, and 20 mg by mouth once daily"


def test_words_take_the_place_of_what_is_not_structured() -> None:
    assert said("Warfarin 5 MG Oral Tablet", {"text": "Take 1 tablet by mouth daily."}) == (
        "Warfarin 5 mg oral tablet Take 1 tablet by mouth daily"
    )
    assert said("Warfarin", {"text": "5 mg\x00 daily\n\u202e"}) == "Warfarin 5 mg daily"


@pytest.mark.parametrize("given", [{}, {"doseAndRate": [{}]}, {"doseAndRate": "many"}, {"timing": 7}, {"text": ""}])
def test_what_says_nothing_is_left_out(given: dict[str, Any]) -> None:
    assert said("Warfarin 5 MG Oral Tablet", given) == "Warfarin oral tablet"


def test_an_amount_without_a_unit_is_no_dose() -> None:
    given = {"doseAndRate": [{"doseQuantity": {"value": 500}}], "timing": {"code": {"text": "BID"}}}
    assert said("Amoxicillin", given) == "Amoxicillin twice a day"
