"""No text may make the reader or a rule fail: what cannot be read is withheld, and with it whatever is safe."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.dosing import read_doses
from checkers.run import judge
from checkers.tables import table
from checkers.types import Claim, Patient, Subject

_TABLE = table("dosing")
_GROUPS = ("words", "cues", "times", "forms", "counts", "ordinals", "times_a_day")
_PHRASES = sorted({form for group in _GROUPS for forms in _TABLE[group].values() for form in forms})
_SIGNS = [",", ";", ":", "(", ")", "[", "]", "/", "-", "–", "=", "|", ".", "\n", "%", "<", "≥", "×", "+", "→", "²", "½"]
_NUMBERS = [
    "0",
    "1",
    "2",
    ".5",
    "0.05",
    "1.73",
    "5,000",
    "1,5",
    "1 000",
    "10⁹",
    "½",
    "two",
    "5/325",
    "1/2",
    "5/7",
    "100-50",
    "2 to 4",
    "1.2.3",
]
_UNITS = [
    "mg",
    "mcg",
    "g",
    "mL",
    "units",
    "mEq",
    "mmol",
    "kg",
    "lb",
    "m2",
    "m 2",
    "1.73m 2",
    "dL",
    "%",
    "mg/kg",
    "mg/5 mL",
    "mL/min/1.73 m2",
    "tablets",
    "puffs",
]
_DRUGS = [
    "amoxicillin",
    "heparin",
    "salbutamol",
    "co-trimoxazole",
    "piperacillin/tazobactam",
    "lidocaine",
    "Zorbatrix",
    "insulin glargine",
    "IV",
    "PO",
]
PIECES = st.one_of(*map(st.sampled_from, (_PHRASES, _SIGNS, _NUMBERS, _NUMBERS, _UNITS, _UNITS, _DRUGS)))
TEXTS = st.lists(PIECES, max_size=24).map(" ".join) | st.lists(PIECES, max_size=12).map("".join)
PATIENT = Patient(age_years=6, weight_kg=20, conditions=("asthma",), medications=("warfarin 5 mg daily",), allergies=())


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_any_phrases_are_read(text: str) -> None:
    for dose in read_doses(text):
        assert 0 <= dose.span[0] < dose.span[1] <= len(text)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_no_rule_fails_on_them(text: str) -> None:
    report = judge(Subject(claim=Claim(id="c", text=text), patient=PATIENT))
    assert not any("could not be checked" in finding.message for finding in report.findings)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_signs_are_read(text: str) -> None:
    spans = [dose.span for dose in read_doses(text)]
    assert all(0 <= start < end <= len(text) for start, end in spans), (text, spans)
