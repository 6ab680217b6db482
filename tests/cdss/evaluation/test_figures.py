"""Figures are the same by exact conversion, and contradict each other only where a reader could take one for the other."""

from __future__ import annotations

import pytest

from cdss.evaluation.figures import Asked, read_figure, said, stands_in
from checkers.for_patient import READER
from checkers.types import Claim, Dose, Subject

GOLD = "Give adrenaline 500 micrograms intramuscularly. Repeat after 5 minutes."


def contradicting(
    text: str, *figures: str, about: tuple[str, ...] = ("adrenaline",), also: tuple[str, ...] = (), gold: str = GOLD
) -> list[str]:
    doses = [each for each in READER.check(Subject(claim=Claim(id="1", text=text))) if isinstance(each, Dose)]
    asked = Asked(
        figures=tuple(map(read_figure, figures)), also=tuple(map(read_figure, also)), about=about, gold_text=gold
    )
    return [figure for sentence in said(text, doses, asked) for figure in sentence.contradicting]


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        ("0.5 mg", "adrenaline 500 micrograms"),
        ("10 to 14 days", "for 10-14 days"),
        ("7 days", "for one week"),
        ("twice daily", "every 12 hours"),
        ("2550 mg per day", "up to 2,550 mg per day"),
        ("80 to 90 mg/kg/day", "80–90 mg/kg/day"),
    ],
)
def test_exact_conversion(figure: str, text: str) -> None:
    assert stands_in(read_figure(figure), text)


@pytest.mark.parametrize(
    ("figure", "text"),
    [
        ("0.5 mg", "adrenaline 50 micrograms"),
        ("10 to 14 days", "for 10 days"),
        ("1 g/day", "500 mg twice daily"),
        ("5 mg/kg", "5 mg"),
    ],
)
def test_what_is_near_is_not_the_same(figure: str, text: str) -> None:
    assert not stands_in(read_figure(figure), text)


@pytest.mark.parametrize("text", ["", "a lot", "2 mg or 4 mg daily", "5 mg for 3 days"])
def test_a_figure_is_one_quantity(text: str) -> None:
    with pytest.raises(ValueError, match="a figure is one number"):
        read_figure(text)


def test_another_dose_of_the_drug_contradicts() -> None:
    assert contradicting("For a child give adrenaline 300 micrograms.", "0.5 mg") == ["300 micrograms"]


def test_a_sentence_that_gives_the_figure_does_not() -> None:
    assert contradicting("Give adrenaline 0.5 mg; 0.3 mg of adrenaline to a child.", "0.5 mg") == []


def test_another_name_of_the_drug_is_the_drug() -> None:
    assert contradicting("Give epinephrine 1 mg.", "0.5 mg") == ["1 mg"]


def test_another_drug_a_body_weight_and_another_kind_of_figure_do_not() -> None:
    assert contradicting("Give salbutamol 5 mg.", "0.5 mg") == []
    assert contradicting("Body weight: 12 kg; adrenaline: 0.5 mg", "0.5 mg") == []
    assert contradicting("Give adrenaline 0.01 mg/kg.", "0.5 mg") == []
    assert contradicting("Salbutamol 5 mg may follow adrenaline.", "0.5 mg") == []


def test_a_combination_is_not_one_of_its_parts() -> None:
    gold, text = "Give amoxicillin 1 g.", "Give amoxicillin-clavulanate 500 mg."
    assert contradicting(text, "1 g", about=("amoxicillin",), gold=gold) == []
    assert contradicting(text, "1 g", about=("amoxicillin-clavulanate",), gold=gold) == ["500 mg"]


def test_each_of_several_figures_is_judged_alone() -> None:
    gold = "Give nitrofurantoin 100 mg for 7 days."
    text = "Give nitrofurantoin 100 mg for 3 days."
    assert contradicting(text, "100 mg", "7 days", about=("nitrofurantoin",), gold=gold) == ["3 days"]


def test_what_is_known_to_stand_beside_and_one_end_of_a_range_do_not() -> None:
    gold = "Give aspirin 162 to 325 mg, then 75 mg."
    assert contradicting("Then aspirin 75 mg.", "162 to 325 mg", about=("aspirin",), also=("75 mg",), gold=gold) == []
    assert contradicting("Give aspirin 325 mg.", "162 to 325 mg", about=("aspirin",), gold=gold) == []
    assert contradicting("Give aspirin 75 mg.", "162 to 325 mg", about=("aspirin",), gold=gold) == ["75 mg"]


def test_how_far_a_figure_reaches_and_its_scale_are_part_of_its_kind() -> None:
    gold = "Treat for 10 days."
    asked = {"about": ("treat",), "gold": gold}
    assert contradicting("Treat for 5 days.", "10 days", **asked) == ["5 days"]  # type: ignore[arg-type]
    assert contradicting("Treat within 4 days.", "10 days", **asked) == []  # type: ignore[arg-type]
    assert contradicting("Treat every child after 30 minutes.", "10 days", **asked) == []  # type: ignore[arg-type]


def test_a_number_without_a_unit_contradicts_nothing() -> None:
    assert contradicting("Aim for an INR of 3 to 4.", "2 to 3", about=("INR",), gold="an INR of 2 to 3") == []
