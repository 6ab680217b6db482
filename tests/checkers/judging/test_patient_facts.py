"""Facts of the patient move a verdict one way only, and exactly at their cut-offs. Read with the real tables."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.run import judge
from checkers.types import Claim, Patient, Subject, Verdict

RANK = {Verdict.RELEASE: 0, Verdict.REVIEW: 1, Verdict.WITHHOLD: 2}


def rank(text: str, **record: object) -> int:
    patient = Patient(**{"age_years": 50, "weight_kg": 70, "sex": "male", "egfr": 90, "allergies": (), **record})
    return RANK[judge(Subject(claim=Claim(id="c", text=text), patient=patient)).verdict]


WORSE_UP = [
    ("Lisinopril 10 mg PO daily.", "potassium"),
    ("Spironolactone 25 mg PO daily.", "k"),
    ("Warfarin 5 mg PO daily.", "inr"),
    ("Lithium carbonate 300 mg PO BID.", "lithium_level"),
    ("Isoniazid 300 mg PO daily.", "alt"),
]
WORSE_DOWN = [
    ("Enoxaparin 40 mg SC daily.", "plt"),
    ("Clozapine 100 mg PO BID.", "anc"),
    ("Insulin regular 5 units SC.", "glucose_mg_dl"),
]
RANGE = {
    "potassium": (3.5, 8),
    "k": (3.5, 8),
    "inr": (2, 12),
    "lithium_level": (0.6, 4),
    "alt": (20, 2000),
    "plt": (5, 400),
    "anc": (100, 8000),
    "glucose_mg_dl": (30, 180),
}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(WORSE_UP + WORSE_DOWN), st.floats(0, 1), st.floats(0, 1))
def test_a_value_moves_the_verdict_one_way(row: tuple[str, str], one: float, other: float) -> None:
    text, name = row
    low, high = RANGE[name]
    less, more = sorted((low + one * (high - low), low + other * (high - low)))
    least, most = rank(text, labs={name: less}), rank(text, labs={name: more})
    assert least <= most if row in WORSE_UP else least >= most


@pytest.mark.parametrize(
    ("text", "below", "at"),
    [
        ("Ibuprofen 400 mg PO TID.", {"gestation_weeks": 19.9}, {"gestation_weeks": 30.0}),
        ("Lisinopril 10 mg PO daily.", {"labs": {"potassium": 5.49}}, {"labs": {"potassium": 5.5}}),
        ("Rosuvastatin 40 mg PO daily.", {"crcl_ml_min": 30.0}, {"crcl_ml_min": 29.9}),
    ],
)
def test_cut_offs_are_half_open(text: str, below: dict[str, object], at: dict[str, object]) -> None:
    also: dict[str, object] = {"pregnant": True, "sex": "female", "age_years": 30} if "gestation_weeks" in below else {}
    assert rank(text, **also, **below) < rank(text, **also, **at) == 2


@pytest.mark.parametrize("unknown", ["zorbin_level", "x_index"])
def test_an_unknown_value_never_loosens(unknown: str) -> None:
    assert rank("Lisinopril 10 mg PO daily.", labs={"potassium": 6.1, unknown: 3.0}) == 2


def test_a_doubtful_unit_is_a_review_where_the_drug_depends_on_it() -> None:
    assert rank("Lisinopril 10 mg PO daily.", labs={"potassium": 45.0}) == 1
    assert rank("Cephalexin 500 mg PO QID for 5 days.", labs={"potassium": 45.0}) == 0


def test_grave_harm_among_the_conditions_bars_the_drug() -> None:
    text = "Nevirapine 200 mg PO daily for 14 days."
    assert rank(text, conditions=("HIV", "Stevens-Johnson syndrome after nevirapine")) == 2
    assert rank("Carbamazepine 200 mg PO BID.", conditions=("epilepsy", "no rash with carbamazepine")) < 2


def test_somebody_elses_age_is_not_the_patients() -> None:
    text = "Amoxicillin 500 mg PO TID for 7 days; she is breastfeeding her 3-week-old."
    assert rank(text, sex="female", age_years=29, pregnant=False) == 0
