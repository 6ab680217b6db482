"""Whom a question, a heading or a patient is about."""

from __future__ import annotations

import pytest

from cdss.people import GROWN, MINORS, Band, People, band_of, mentioned, of_patient, of_population, of_question
from checkers.types import Patient


@pytest.mark.parametrize(
    ("question", "bands"),
    [
        ("amoxicillin dose for a 3-year-old", {Band.CHILD}),
        ("croup, 18 months, dexamethasone?", {Band.INFANT}),
        ("Cefixime for a girl of six - mg/kg?", {Band.CHILD}),
        ("Woman of 67 on citalopram", {Band.OLDER}),
        ("a two week old with meningitis", {Band.NEONATE}),
        ("16-year-old, ulipristal?", {Band.ADOLESCENT, Band.ADULT}),
        ("newborn girl with trichomonas", {Band.NEONATE}),
        ("toddler swallowed a coin", MINORS),
        ("IV artesunate, 12 kg, when is the next dose", MINORS),
        ("adult in anaphylaxis", GROWN),
        ("child or grown-up, the same dose?", MINORS | GROWN),
        ("how long does Child-Pugh B matter", set()),
        ("delivery at 34 weeks after a previous preterm birth", set()),
        ("stabbed 4 hours ago, TXA?", set()),
        ("toddler ate gran's tablets", MINORS),
        ("tetanus immunoglobulin for a 60 kg farmer", set()),
    ],
)
def test_ages_are_read_from_the_words_of_a_question(question: str, bands: set[Band]) -> None:
    assert of_question(question).bands == frozenset(bands)


def test_weeks_of_pregnancy_are_no_age() -> None:
    people = of_question("Nauseated woman, 10 weeks pregnant")
    assert people == People(GROWN, pregnant=True)


@pytest.mark.parametrize(
    ("years", "band"),
    [
        (0.0, Band.NEONATE), (0.1, Band.INFANT), (2.0, Band.CHILD), (11.9, Band.CHILD), (12.0, Band.ADOLESCENT),
        (18.0, Band.ADULT), (64.9, Band.ADULT), (65.0, Band.OLDER),
    ],
)  # fmt: skip
def test_bands_begin_where_ich_says(years: float, band: Band) -> None:
    assert band_of(years) == {band}


def test_a_patient_is_what_is_known_of_them() -> None:
    assert of_patient(None) == People()
    assert of_patient(Patient()) == People()
    assert of_patient(Patient(weight_kg=9)).bands == MINORS
    assert of_patient(Patient(weight_kg=60)).bands == frozenset()
    assert of_patient(Patient(age_years=30, gestation_weeks=20)).pregnant is True
    assert of_patient(Patient(sex="male")).pregnant is False
    assert of_patient(Patient(age_years=0.01, gestation_weeks=34)).pregnant is None


def test_headings_and_populations() -> None:
    assert mentioned("8.4 Pediatric Use").bands == MINORS
    assert mentioned("8.5 Geriatric Use").bands == {Band.OLDER}
    assert mentioned("8.1 Pregnancy").pregnant is True
    assert mentioned("Dosage") == People()
    assert of_population(("adult", "child")).bands == MINORS | GROWN
    assert str(mentioned("Newborns of mothers with tuberculosis")) == "newborns"
    assert str(People(GROWN, pregnant=True)) == "adults and pregnancy"
