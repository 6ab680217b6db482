"""Which sentences would complete a claim, and that the rule is content once they are told."""

from __future__ import annotations

import pytest

from checkers.omissions import MOST, omissions, recommended
from checkers.rules import omission as rule
from checkers.types import Claim, Quote, Subject
from guidelines.types import Citation, Lead, Passage, Sentence, SentenceKind

TEXT = (
    "Give gentamicin 5 mg/kg once daily. Do not exceed 400 mg. Contraindicated in myasthenia gravis. "
    "Monitor renal function. Avoid crowds. Do not give ampicillin in glandular fever."
)


def passage(text: str = TEXT, *, name: str = "p", section: tuple[str, ...] = ()) -> Passage:
    spans, at = [], 0
    for part in text.split(". "):
        end = min(len(text), at + len(part) + 1)
        spans.append(Sentence(at, end))
        at = end + 1
    return Passage(
        id=name, document_id="d-0", section=section, start=0, end=len(text), text=text, sentences=tuple(spans)
    )


def claim(text: str = "Give gentamicin 5 mg/kg once daily.") -> Claim:
    citation = Citation(passage_id="p", document="d-0", title="t", section="", start=0, end=35)
    return Claim(id="c", text=text, quotes=(Quote(quote=TEXT[:35], source=TEXT, citation=citation),))


def found(text: str, *others: Passage) -> list[str]:
    passages = {other.id: other for other in (passage(text), *others)}
    return [omission.text for omission in omissions(claim(), passages, [claim().text])]


def test_the_sentences_that_limit_the_same_drug_are_named_the_gravest_first() -> None:
    named = omissions(claim(), {"p": passage()}, [claim().text])
    assert [(omission.number, omission.kind) for omission in named] == [(2, "contraindication"), (1, "maximum")]
    assert named[1].text == "Do not exceed 400 mg."


def test_nothing_is_left_out_once_it_is_told() -> None:
    told = ["Do not exceed 400 mg; contraindicated in myasthenia gravis."]
    assert omissions(claim(), {"p": passage()}, [claim().text, *told]) == []


def test_another_figure_in_the_same_words_is_not_told() -> None:
    told = ["Do not exceed 4000 mg; contraindicated in myasthenia gravis."]
    assert [omission.kind for omission in omissions(claim(), {"p": passage()}, [claim().text, *told])] == ["maximum"]


def test_the_rule_counts_what_was_released_before() -> None:
    before = (Claim(id="b", text="Contraindicated in myasthenia gravis; do not exceed 400 mg."),)
    assert len(list(rule.check(Subject(claim=claim(), passages={"p": passage()})))) == 2
    assert list(rule.check(Subject(claim=claim(), passages={"p": passage()}, released=before))) == []


def test_a_limit_in_another_passage_of_the_same_section_counts() -> None:
    here, limit = "Give gentamicin 5 mg/kg once daily. Eat.", "Drink. Do not give gentamicin in myasthenia."
    assert found(here, passage(limit, name="q")) == ["Do not give gentamicin in myasthenia."]
    assert found(here, passage(limit, name="q", section=("Elsewhere",))) == []
    assert found(here, passage("Drink. Do not give ampicillin in myasthenia.", name="q")) == []


@pytest.mark.parametrize(
    ("text", "owed"),
    [
        ("Gentamicin by mouth 100 mg a day, maximum 400 mg, is an alternative.", 0),
        ("Gentamicin 5 mg/kg is given at night, maximum 400 mg.", 1),
        ("Gentamicin: maximum 400 mg.", 1),
    ],
)
def test_the_maximum_of_another_order_is_not_owed(text: str, owed: int) -> None:
    assert len(found(f"Give gentamicin 5 mg/kg once daily. {text}")) == owed


def test_an_item_says_what_the_line_over_it_says() -> None:
    text = "Give gentamicin 5 mg/kg once daily. Gentamicin is contraindicated in: myasthenia gravis"
    spans = (
        Sentence(0, 35),
        Sentence(36, 69, SentenceKind.PROSE),
        Sentence(70, len(text), SentenceKind.ITEM, (Lead(start=36, end=69),)),
    )
    named = omissions(claim(), {"p": passage(text).model_copy(update={"sentences": spans})}, [claim().text])
    assert [omission.text for omission in named] == ["Gentamicin is contraindicated in:", "myasthenia gravis"]


def test_no_more_than_a_reader_reads() -> None:
    many = " ".join(f"Do not give gentamicin in illness number {n}." for n in range(2, 12))
    named = found(f"Give gentamicin 5 mg/kg once daily. {many}")
    assert len(named) == MOST
    passages = {"p": passage(f"Give gentamicin 5 mg/kg once daily. {many}")}
    assert omissions(claim(), passages, [claim().text, *named]) == []


@pytest.mark.parametrize(
    "text",
    [
        "Crowds are noisy.",
        "Gentamicin is an aminoglycoside.",
        "Give fluids.",
        "Do not give gentamicin.",
        "A gentamicin level above 2 mg/L is too high.",
    ],
)
def test_a_claim_that_recommends_no_drug_owes_nothing(text: str) -> None:
    assert recommended(text) == frozenset()
    assert omissions(claim(text), {"p": passage()}, [text]) == []


@pytest.mark.parametrize(
    "text",
    ["Give gentamicin.", "Gentamicin 5 mg/kg daily.", "Gentamicin. The dose is 5 mg/kg.", "Start with gentamicin."],
)
def test_a_claim_that_recommends_a_drug(text: str) -> None:
    assert len(recommended(text)) == 1


def test_the_title_of_the_next_section_is_no_limit() -> None:
    title = "Notable Adverse Drug Reactions, Contraindications and Caution"
    assert found(f"Give gentamicin 5 mg/kg once daily. Infants may have gentamicin {title}.") == []


def test_a_passage_that_is_not_at_hand_is_no_error() -> None:
    assert omissions(claim(), {}, []) == []
