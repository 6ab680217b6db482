from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkers.situation.facts import Facts, facts
from checkers.situation.labs import catalogued, completed
from checkers.situation.situation import situation
from checkers.tables import table
from checkers.types import Claim, Patient, Quote, Subject


def known(**record: object) -> Facts:
    return facts(Patient(**record), (), "", None)


def test_conditions_tell_of_pregnancy_and_milk() -> None:
    for words, weeks in (("pregnancy 33 weeks", 33), ("28 weeks pregnant", 28), ("G2P1, 31/40 pregnant", 31)):
        told = known(conditions=(words,), sex="female")
        assert (told.pregnant, told.gestation_weeks) == (True, weeks)
    assert known(conditions=("breastfeeding a newborn",)).lactating
    assert known(conditions=("postpartum, not breastfeeding",)).lactating is None
    assert known(conditions=("not pregnant",)).pregnant is None
    assert known(age_years=0.1, conditions=("born at 28 weeks gestation",)).gestation_weeks is None
    assert known(conditions=("pregnancy 33 weeks",), pregnant=False).pregnant is False


def test_conditions_tell_of_kidneys_and_liver() -> None:
    assert known(conditions=("CKD stage IV",)).egfr == 22
    assert known(conditions=("CKD stage IV",), egfr=70).egfr == 70
    assert known(conditions=("ESRD on haemodialysis",)).dialysis
    assert known(conditions=("CKD G5, not on dialysis",)).dialysis is None
    assert known(conditions=("acute liver failure",)).child_pugh == "C"
    assert known(conditions=("moderate hepatic impairment",)).child_pugh == "B"
    assert known(conditions=("cirrhosis",)).child_pugh is None


def test_records_call_a_test_by_any_of_its_names() -> None:
    values, doubts = catalogued({"K": 4.1, "Plt": 230_000, "ALT": 400, "lithium_level": 2.3, "Glucose": 5.5})
    assert [(doubt.name, doubt.taken) for doubt in doubts] == [("platelets", 230), ("glucose_mg_dl", 99.088)]
    assert values == {"potassium": 4.1, "platelets": 230, "alt_u_l": 400, "lithium_meq_l": 2.3, "glucose_mg_dl": 99.088}
    assert completed(values, is_corrected=False, dialysis=False)["alt_times_uln"] == 10


def test_what_cannot_be_right_is_doubted_and_not_used() -> None:
    values, doubts = catalogued({"potassium": 45})
    assert values == {}
    assert [doubt.name for doubt in doubts] == ["potassium"]
    assert [doubt.name for doubt in catalogued({"k": 3.1, "potassium": 5.9})[1]] == ["potassium"]


def test_calcium_and_phenytoin_are_taken_for_the_albumin() -> None:
    found = completed({"calcium": 7.6, "albumin": 2.0, "phenytoin_mcg_ml": 10.0}, is_corrected=False, dialysis=False)
    assert found["calcium"] == 9.2
    assert found["phenytoin_corrected_mcg_ml"] == 20
    assert completed({"calcium": 7.6, "albumin": 2.0}, is_corrected=True, dialysis=False)["calcium"] == 7.6


@given(st.sampled_from(sorted(table("labs")["labs"])), st.floats(0, 1e7))
def test_a_value_is_used_only_within_what_is_believed(name: str, number: float) -> None:
    values, doubts = catalogued({name: number})
    row = table("labs")["labs"][name]
    assert (name in values) == all(doubt.taken is not None for doubt in doubts)
    if name in values:
        assert row["least"] - 1e-6 <= values[name] <= row["most"] * 1.3


@pytest.mark.parametrize(
    ("question", "patient", "egfr"),
    [
        ("Nitrofurantoin for a woman with an eGFR of 25?", None, 25.0),
        ("Nitrofurantoin for a woman with an eGFR of 25?", Patient(age_years=40), 25.0),
        ("Nitrofurantoin for a woman with an eGFR of 25?", Patient(egfr=70), 70.0),
        ("Nitrofurantoin if the eGFR is below 30?", None, None),
    ],
)
def test_what_the_question_tells_is_known_where_the_record_does_not_say(
    question: str, patient: Patient | None, egfr: float | None
) -> None:
    text = "Give nitrofurantoin 100 mg twice daily."
    claim = Claim(id="c", text=text, quotes=(Quote(quote=text, source=text),))
    assert situation(Subject(claim=claim, question=question, patient=patient)).facts.egfr == egfr


def test_the_row_of_somebody_else_is_not_set_beside_the_one_who_is_asked_about() -> None:
    text = "Child of 12 years: adrenaline 500 micrograms."
    claim = Claim(id="c", text=text, quotes=(Quote(quote=text, source=text),))
    assert situation(Subject(claim=claim, question="Adrenaline for a child of 3 years?")).facts.age_years is None
