"""An opioid that replaces another is set beside it; parts of a day and tablets of a combination add up."""

from __future__ import annotations

import pytest

from checkers.run import judge
from checkers.types import Claim, Patient, Subject, Verdict


def _verdict(text: str, *medications: str) -> Verdict:
    patient = Patient(
        age_years=60,
        weight_kg=70,
        sex="male",
        crcl_ml_min=90,
        conditions=("cancer pain",),
        medications=medications,
        allergies=(),
    )
    return judge(Subject(claim=Claim(id="c", text=text), patient=patient)).verdict


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Switch from oxycodone MR 20 mg BD to fentanyl 100 mcg/h patch every 72 hours.", Verdict.WITHHOLD),
        ("Switch from oxycodone MR 40 mg BD to fentanyl 37 mcg/h patch every 72 hours.", Verdict.RELEASE),
        ("Convert oral morphine 60 mg per day to oral hydromorphone 60 mg per day.", Verdict.WITHHOLD),
        ("Convert oral morphine 60 mg per day to oral hydromorphone 12 mg per day.", Verdict.RELEASE),
        ("Switch codeine 60 mg QDS to morphine 5 mg PO every 4 hours.", Verdict.RELEASE),
    ],
)
def test_a_conversion_comes_to_no_more_than_what_it_replaces(text: str, expected: Verdict) -> None:
    assert _verdict(text) is expected


def test_what_is_replaced_may_stand_in_the_record() -> None:
    assert _verdict("Change to oxycodone MR 80 mg BD.", "MST 40 mg BD") is Verdict.WITHHOLD
    assert _verdict("Change to oxycodone MR 25 mg BD.", "MST 40 mg BD") is Verdict.RELEASE


def test_parts_of_a_day_add_up() -> None:
    assert _verdict("Pregabalin 300 mg in the morning, 300 mg at lunch and 300 mg at night.") is Verdict.WITHHOLD
    assert _verdict("Pregabalin 100 mg in the morning, 100 mg at lunch and 200 mg at night.") is Verdict.RELEASE


def test_tablets_of_a_combination_count_by_the_least_that_one_holds() -> None:
    assert _verdict("Paracetamol 1 g QDS.", "Tramacet two tablets QID") is Verdict.WITHHOLD
    assert _verdict("Paracetamol 500 mg QDS.", "Tramacet one tablet BD") is Verdict.RELEASE
