"""Passages that disagree, and those that only look as if."""

from __future__ import annotations

import pytest

from checkers.conflict import MOST, Conflict, conflicts
from guidelines.types import Lead, Passage, Sentence, SentenceKind

PNEUMONIA = ("Community-acquired pneumonia", "Treatment")


def passage(
    name: str, text: str, *, section: tuple[str, ...] = PNEUMONIA, kind: SentenceKind = SentenceKind.PROSE
) -> Passage:
    spans, at = [], 0
    for part in text.split("\n"):
        spans.append(Sentence(at, at + len(part), kind))
        at += len(part) + 1
    return Passage(
        id=name,
        document_id=f"{name}-0123456789",
        section=section,
        start=0,
        end=len(text),
        text=text,
        sentences=tuple(spans),
    )


def between(one: str, other: str, *sections: tuple[str, ...]) -> tuple[Conflict, ...]:
    first, second = (*sections, *sections[-1:], PNEUMONIA, PNEUMONIA)[:2]
    return conflicts([passage("north", one, section=first), passage("south", other, section=second)])


DISAGREE = [
    ("Give amoxicillin 500 mg orally every 8 hours for 5 days.", "Amoxicillin 1 g by mouth every 8 hours for 5 days.", "dose"),
    ("Adults: amoxicillin 500 mg tid for 5 days.", "In adults amoxicillin 0.5 g three times daily for 7 days.", "duration"),
    ("Amoxicillin is the first choice in adults.", "Doxycycline is the drug of choice in adults.", "first choice"),
    ("In adults the maximum of paracetamol is 4 g a day.", "In adults paracetamol must not exceed 3 g a day.", "dose"),
    ("Ceftriaxone 50 mg/kg IV once a day in children.", "In children: ceftriaxone 80 mg/kg once a day.", "dose"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other", "parameter"), DISAGREE)
def test_two_documents_that_disagree(one: str, other: str, parameter: str) -> None:
    (conflict,) = between(one, other)
    assert conflict.parameter == parameter
    assert not conflict.editions
    assert [side.document for side in conflict.sides] == ["north-0123456789", "south-0123456789"]
    assert all(side.figure.lower() in text.lower() for side, text in zip(conflict.sides, (one, other), strict=True))
    (turned,) = between(other, one)
    assert [side.figure for side in turned.sides] == [side.figure for side in reversed(conflict.sides)]


@pytest.mark.parametrize(
    "other",
    [
        "Give artesunate 2.4 mg/kg IV at once to children.",
        "Give artesunate 3 mg/kg IM at once to adults.",
        "Give quinine 3 mg/kg IV at once to adults.",
        "Give artesunate 0.0024 g/kg IV at once to adults.",
        "Give artesunate 2 to 3 mg/kg IV at once to adults.",
        "Give artesunate at most 3 mg/kg IV at once to adults.",
        "Give artesunate 3 mg/kg IV at once to adults with severe malaria.",
        "Then repeat artesunate 1.2 mg/kg IV in adults.",
        "Give artesunate 3 mg/kg IV to adults with a creatinine clearance below 30 mL/min.",
        "Rats were given artesunate 30 mg/kg IV at once.",
        "Give artesunate 3 mg/kg IV at once, or 2.4 mg/kg in a clinic, to adults.",
        "In a hospital, artesunate for adults comes in vials of 60 mg and is made up with bicarbonate.",
        "Give artesunate 3 mg/kg IV at once to adults.\nGive artesunate 2.4 mg/kg IV at once to adults over 60 kg.",
    ],
)
def test_no_conflict(other: str) -> None:
    malaria = ("Malaria",)
    assert between("Give artesunate 2.4 mg/kg IV at once to adults.", other, malaria) == ()
    assert between(other, "Give artesunate 2.4 mg/kg IV at once to adults.", malaria) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("First-line treatment in adults is amlodipine.", "In pregnancy methyldopa is first-line treatment."),
        ("First-line treatment in adults is amlodipine.", "In adults losartan or amlodipine is first-line treatment."),
        ("First-line treatment in adults is amlodipine.", "In adults losartan is no longer first-line treatment."),
        ("Children 2 months to 5 years: amoxicillin 250 mg.", "Children 6 to 12 years: amoxicillin 500 mg."),
    ],
)
def test_another_question_is_no_conflict(one: str, other: str) -> None:
    assert between(one, other) == ()


def test_another_disease_is_about_something_else() -> None:
    one, other = "Give doxycycline 100 mg twice daily for 14 days.", "Doxycycline 100 mg twice daily for 7 days."
    assert between(one, other, ("Pelvic inflammatory disease",), ("Chlamydial infection",)) == ()
    assert between(one, other, ("Chlamydia",), ("Infections", "Chlamydia")) != ()


def test_the_line_that_opens_a_list_says_what_its_items_are_about() -> None:
    text = "Infants:\nAmoxicillin 250 mg orally for 5 days."
    made = passage("north", text, kind=SentenceKind.ITEM)
    item = Sentence(9, len(text), SentenceKind.ITEM, (Lead(start=0, end=8),))
    led = made.model_copy(update={"sentences": (item,)})
    assert conflicts([led, passage("south", "Amoxicillin 500 mg orally for 5 days.")]) == ()
    assert conflicts([led, passage("south", "Infants: amoxicillin 500 mg orally for 5 days.")]) != ()


def test_one_document_does_not_contradict_itself_and_rows_are_too_short_to_tell() -> None:
    one, other = "Amoxicillin 500 mg orally", "Amoxicillin 1 g orally"
    assert conflicts([passage("a", one), passage("a", other)]) == ()
    rows = [passage(name, text, kind=SentenceKind.ROW) for name, text in (("a", one), ("b", other))]
    assert conflicts(rows) == ()


def test_two_editions_of_one_work_are_told_apart_from_two_works() -> None:
    old = passage("opioids", "Reassess at 90 mg a day of morphine.").model_copy(
        update={"document_id": "opioids-0000000000"}
    )
    new = passage("opioids2", "Reassess at 50 mg a day of morphine.").model_copy(
        update={"document_id": "opioids-1111111111"}
    )
    (conflict,) = conflicts([old, new])
    assert conflict.editions


def test_only_what_is_cited_and_never_a_flood() -> None:
    passages = [passage(f"p{n}", f"Amoxicillin {n}00 mg orally for 5 days.") for n in range(1, 20)]
    assert len(conflicts(passages)) == MOST
    cited = conflicts(passages, cited=[("p7", 0)])
    assert cited
    assert {conflict.sides[0].passage_id for conflict in cited} == {"p7"}
    assert conflicts(passages, cited=[]) == ()
