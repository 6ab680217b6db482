"""What is put on skin, eye or ear is not judged as if it were swallowed; what reaches the blood from there is."""

from __future__ import annotations

import pytest

from checkers.run import judge
from checkers.types import Claim, Patient, Subject, Verdict


@pytest.mark.parametrize(
    ("text", "patient", "verdict"),
    [
        ("Diclofenac 1% gel to the knee QID.", {"egfr": 20, "medications": ["warfarin 3 mg daily"]}, Verdict.RELEASE),
        ("Diclofenac 50 mg TID.", {"egfr": 20, "medications": ["warfarin 3 mg daily"]}, Verdict.WITHHOLD),
        ("Ciprofloxacin 0.3% ear drops 5 drops BID.", {"medications": ["tizanidine 4 mg TID"]}, Verdict.RELEASE),
        ("Dexamethasone 0.1% eye drops QID.", {"conditions": ["dendritic ulcer"]}, Verdict.WITHHOLD),
        ("Sildenafil 50 mg as needed.", {"medications": ["nitroglycerin ointment"]}, Verdict.WITHHOLD),
        ("Diclofenac 1% gel QID.", {"allergies": ["aspirin: asthma"]}, Verdict.WITHHOLD),
    ],
)
def test_what_stays_where_it_is_put(text: str, patient: dict[str, object], verdict: Verdict) -> None:
    of_whom = Patient.model_validate({"age_years": 60, "weight_kg": 70, **patient})
    assert judge(Subject(claim=Claim(id="x", text=text), patient=of_whom)).verdict is verdict
