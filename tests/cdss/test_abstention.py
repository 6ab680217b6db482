"""When not to answer, and what is said to be missing."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cdss.abstention import Evidence, asked_words, confidence
from cdss.drugs import asked_drugs
from cdss.figures import figures_asked
from cdss.pipeline import Service, ask
from cdss.types import Answer, AnswerStatus, Question
from guidelines.words import WordCounts

TODAY = date(2026, 11, 24)
SET = Path(__file__).parents[1] / "eval" / "abstention.toml"
QUESTIONS: list[dict[str, Any]] = [
    item for item in tomllib.loads(SET.read_text("utf-8"))["question"] if item["library"] == "bundled"
]


def answer(item: dict[str, Any], service: Service) -> Answer:
    asked = Question.model_validate({"question": item["text"], "patient": item.get("patient")})
    return Answer.model_validate_json(ask(asked, service, actor="tests", today=TODAY))


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("amoxicillin mg/kg in otitis", {"a dose by body weight"}),
        ("How long should he take it?", {"a duration"}),
        ("ectopic: methotrexate per square metre?", {"a dose by body surface"}),
        ("How many vials of antivenom?", {"a number of vials", "a number"}),
        ("Above what potassium may I not start it?", {"a threshold"}),
        ("how often to recheck glucose", {"an interval"}),
        ("Which drug first?", set()),
    ],
)
def test_the_kind_of_figure_asked_for(question: str, kinds: set[str]) -> None:
    assert {figure.name for figure in figures_asked(question)} == kinds


def test_a_kind_of_figure_is_recognised_in_a_sentence() -> None:
    weight, dose = figures_asked("what dose, in mg/kg?")
    assert weight.given.search("give 15 mg/kg by mouth")
    assert dose.given.search("give 15 mg/kg by mouth")
    assert not weight.given.search("give 500 mg by mouth")
    assert not dose.given.search("give it by mouth")


def test_words_are_weighed_by_how_rare_they_are_however_they_are_spelled() -> None:
    counts = WordCounts(0, {})
    assert counts.rarity("anything") == 1.0
    from guidelines.words import Counting

    counting = Counting()
    for text in ("methemoglobinemia and oxygen", "oxygen", "oxygen and acetaminophen"):
        counting.add(text)
    question = "methaemoglobinaemia, oxygen, paracetamol or sugammadex for a 3-year-old, how many mg?"
    words = asked_words(question, asked_drugs(question), counting.counts(), lambda words: [5] * len(words))
    rarity = {word.word: word.rarity for word in words}
    assert rarity.keys() == {"methaemoglobinaemia", "oxygen", "paracetamol", "sugammadex"}
    assert rarity["oxygen"] == 0.0
    assert 0 < rarity["methaemoglobinaemia"] < 1
    assert 0 < rarity["paracetamol"] < 1
    assert [word.word for word in words if word.is_unknown] == ["sugammadex"]


def test_every_kind_of_evidence_moves_confidence_the_way_it_should() -> None:
    plain = {"passages": 0.6, "sentence": 0.6, "words": 0.5}
    for better in ("passages", "sentence", "words"):
        assert confidence(Evidence(**{**plain, better: 0.9})) > confidence(Evidence(**plain))
    for worse in ("missing", "no_drug", "no_figure"):
        assert confidence(Evidence(**plain, **{worse: 0.5})) < confidence(Evidence(**plain))
    assert 0 <= confidence(Evidence(passages=-1)) < confidence(Evidence(1, 1, 1)) <= 1


@pytest.mark.parametrize(
    "item", [item for item in QUESTIONS if item["kind"] == "answered"], ids=lambda item: item["id"]
)
def test_gold_stands_in_its_document(item: dict[str, Any]) -> None:
    text = (Path(__file__).parents[2] / "guidelines" / "documents" / item["file"]).read_text("utf-8")
    for group in item["must"]:
        assert any(re.search(pattern, text, re.IGNORECASE) for pattern in group)


def test_bundled_questions_are_answered_and_near_misses_mostly_are_not(service: Service) -> None:
    answered = {item["id"]: answer(item, service).status is not AnswerStatus.ABSTAINED for item in QUESTIONS}
    lost = [item["id"] for item in QUESTIONS if item["kind"] == "answered" and not answered[item["id"]]]
    let_through = [item["id"] for item in QUESTIONS if item["kind"] != "answered" and answered[item["id"]]]
    assert len(lost) <= 1, lost
    assert len(let_through) <= 8, let_through


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("omalizumab interval in severe asthma", "no passage has the word “omalizumab”"),
        ("allopurinol start dose after gout flare", "“allopurinol”"),
    ],
)
def test_what_is_missing_is_said(question: str, words: str, service: Service) -> None:
    got = answer({"text": question}, service)
    assert got.status is AnswerStatus.ABSTAINED
    (told,) = [notice for notice in got.notices if notice.startswith("What is missing: ")]
    assert words in told


def test_a_population_that_nothing_is_for_is_said(service: Service) -> None:
    got = answer({"text": "prasugrel loading dose", "patient": {"age_years": 9}}, service)
    assert got.status is AnswerStatus.ABSTAINED
    assert any("for adults; the question is about children" in left.reason for left in got.left_out)
