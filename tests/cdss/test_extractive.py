"""What the backend without a model chooses, and what it never drops."""

from __future__ import annotations

import json
from datetime import date

import pytest

from cdss.pipeline import Service, ask
from cdss.types import Question


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What dose of adrenaline does a boy of 8 get for anaphylaxis?", "300 micrograms"),
        ("What dose of adrenaline does an infant get for anaphylaxis?", "100 to 150 micrograms"),
    ],
)
def test_rows_of_one_table_that_differ_in_their_figures_are_all_worth_telling(
    service: Service, question: str, said: str
) -> None:
    given = json.loads(ask(Question(question=question), service, actor="tests", today=date(2026, 11, 24)))
    assert said in " ".join(claim["text"] or "" for claim in given["claims"])


@pytest.mark.parametrize(
    ("question", "patient", "said", "others"),
    [
        (
            "ST-elevation infarction and PCI too far away: tenecteplase, single bolus?",
            {"weight_kg": 75, "age_years": 61},
            "40 mg",
            ("35 mg", "45 mg", "50 mg"),
        ),
        (
            "Anaphylaxis: intramuscular dose of adrenaline?",
            {"age_years": 8, "weight_kg": 26},
            "300 micrograms",
            ("150 micrograms", "500 micrograms"),
        ),
        (
            "A seizure that lasts, no drip: midazolam into the muscle?",
            {"age_years": 8, "weight_kg": 25},
            "midazolam 5 mg",
            ("midazolam 10 mg",),
        ),
        (
            "Amoxicillin for a child of 3 with acute otitis media: how much each time?",
            {"weight_kg": 14, "age_years": 3},
            "560 to 630 mg",
            ("640 to 720 mg", "800 to 900 mg"),
        ),
    ],
)
def test_the_row_for_the_weight_or_age_of_the_patient_is_told_and_the_others_are_not(
    service: Service, question: str, patient: dict[str, float], said: str, others: tuple[str, ...]
) -> None:
    asked = Question.model_validate({"question": question, "patient": patient})
    given = json.loads(ask(asked, service, actor="tests", today=date(2026, 11, 24)))
    told = " ".join(claim["text"] or "" for claim in given["claims"])
    assert said in told
    assert not [other for other in others if other in told]


def test_two_drugs_to_choose_from_are_two_claims(service: Service) -> None:
    question = "Tenecteplase or alteplase for a disabling stroke within 3 hours: dose by weight?"
    given = json.loads(ask(Question(question=question), service, actor="tests", today=date(2026, 11, 24)))
    assert not [claim for claim in given["claims"] if claim["verdict"] == "withhold"]
    assert "0.25 mg/kg" in " ".join(claim["text"] for claim in given["claims"])


@pytest.mark.parametrize(
    ("question", "about"),
    [
        ("First drug and dose in anaphylaxis in an adult?", {"Anaphylaxis"}),
        (
            "Ticagrelor after the loading tablet: what is the regular twice-a-day dose?",
            {"Acute coronary syndromes in adults"},
        ),
    ],
)
def test_a_passage_that_only_has_the_common_words_of_the_question_is_no_claim(
    service: Service, question: str, about: set[str]
) -> None:
    given = json.loads(ask(Question(question=question), service, actor="tests", today=date(2026, 11, 24)))
    assert {quote["title"] for claim in given["claims"] for quote in claim["quotes"]} == about


def test_what_a_page_says_of_itself_is_no_claim(service: Service) -> None:
    asked = Question(question="First drug and dose in anaphylaxis in an adult?")
    given = json.loads(ask(asked, service, actor="tests", today=date(2026, 11, 24)))
    assert given["claims"]
    assert not [claim["text"] for claim in given["claims"] if "this page" in claim["text"]]


def test_what_the_question_says_of_the_patient_is_checked(service: Service) -> None:
    asked = Question(question="Can I give nitrofurantoin to a woman with an eGFR of 25?")
    given = json.loads(ask(asked, service, actor="tests", today=date(2026, 11, 24)))
    assert "patient-renal" in {
        finding["rule"] for claim in given["claims"] if claim["verdict"] == "withhold" for finding in claim["findings"]
    }
    assert not [claim["text"] for claim in given["claims"] if "give nitrofurantoin 100 mg" in (claim["text"] or "")]
