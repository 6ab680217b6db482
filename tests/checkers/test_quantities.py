"""What a figure in prose is worth, and which two mean the same."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.fold import fold
from checkers.numerals import value
from checkers.quantities import Quantity, quantities


def read(text: str) -> list[Quantity]:
    return quantities(fold(text).text)


def one(text: str) -> Quantity:
    found = read(text)
    assert len(found) == 1, [quantity.text for quantity in found]
    return found[0]


SAME = [
    ("0.5 g", "500 mg"),
    ("500 micrograms", "0.5 mg"),
    ("500 µg", "500 mcg"),
    ("38 °C", "100.4 °F"),
    ("38 °C", "38 degrees Celsius"),
    ("1 week", "7 days"),
    ("24 hours", "1 day"),
    ("2 years", "24 months"),
    ("twice daily", "every 12 hours"),
    ("bid", "two times a day"),
    ("q8h", "three times daily"),
    ("6-hourly", "four times a day"),
    ("every other day", "every 48 hours"),
    ("every 4 to 6 hours", "q4-6h"),
    ("once weekly", "weekly"),
    ("2 to 3 days", "2-3 days"),
    ("2 or 3 days", "2–3 days"),
    ("between 2 and 3 days", "2-3 days"),
    ("2 mg to 4 mg", "2-4 mg"),
    ("15 mg/kg per hour", "0.25 mg/kg/min"),
    ("10 mg/kg/day", "10 mg per kg per day"),
    ("4 g in 24 hours", "4 g per day"),
    ("125 mg/5 mL", "25 mg/mL"),
    ("1 g/L", "100 mg/dL"),
    ("½ tablet", "0.5 tablets"),
    ("1½ tablets", "1.5 tablets"),
    ("1 1/2 tablets", "1.5 tablets"),
    ("two tablets", "2 tablets"),
    ("2.4 million units", "2,400,000 IU"),
    ("10 000 units", "10,000 units"),
    ("2 × 10⁹/L", "2 x 10^9/L"),
    ("6,25 mg", "6.25 mg"),
    ("5-day", "5 days"),
    ("1 lb", "453.59237 g"),
]

APART = [
    ("0.5 g", "5 g"),
    ("5 mg", "5 mL"),
    ("5 mg", "5"),
    ("5 mg/kg", "5 mg"),
    ("5 mg/kg", "5 mg/kg/day"),
    ("24 mg/day", "1 mg/h"),
    ("twice daily", "twice weekly"),
    ("every 12 hours", "12 hours"),
    ("5 or 10 mg", "5-10 mg"),
    ("30 days", "1 month"),
    ("mmol 5", "5 mEq"),
    ("5 mmol", "5 mEq"),
    ("120/80 mmHg", "12080 mmHg"),
    ("1:1000", "1:10000"),
    ("-5 °C", "5 °C"),
]

REACH = [
    ("at least 5 mg", "at_least"),
    ("≥ 5 mg", "at_least"),
    ("5 mg or more", "at_least"),
    ("no less than 5 mg", "at_least"),
    ("> 5 mg", "more_than"),
    ("more than 5 mg", "more_than"),
    ("over 5 kg", "more_than"),
    ("up to 5 mg", "at_most"),
    ("maximum 5 mg", "at_most"),
    ("a maximum of 5 mg", "at_most"),
    ("5 mg maximum", "at_most"),
    ("do not exceed 5 mg", "at_most"),
    ("do not give more than 5 mg", "at_most"),
    ("not more than 5 mg", "at_most"),
    ("less than 5 mg", "less_than"),
    ("< 5 mg", "less_than"),
    ("within 5 days", "within"),
    ("over 30 minutes", "during"),
    ("about 5 mg", ""),
    ("5 mg", ""),
]


@pytest.mark.parametrize(("first", "second"), SAME)
def test_the_same_amount(first: str, second: str) -> None:
    assert one(first).keys & one(second).keys


@pytest.mark.parametrize(("first", "second"), APART)
def test_another_amount(first: str, second: str) -> None:
    keys = [{key for quantity in read(text) for key in quantity.keys} for text in (first, second)]
    assert not keys[0] & keys[1]


@pytest.mark.parametrize(("text", "reach"), REACH)
def test_how_far_it_reaches(text: str, reach: str) -> None:
    assert one(text).reach == reach


@pytest.mark.parametrize(
    "name", ["vitamin B12", "COVID-19", "CYP3A4", "H1N1", "one of them", "the 2nd dose", "no figure"]
)
def test_names_are_no_figures(name: str) -> None:
    assert not read(name)


def test_a_list_lends_its_unit() -> None:
    five, ten, fifteen = read("5, 10 or 15 mg")
    assert all(quantity.keys & one(f"{n} mg").keys for quantity, n in ((five, 5), (ten, 10), (fifteen, 15)))


def test_daily_goes_with_per_day_and_with_once_daily_which_do_not_go_together() -> None:
    daily, once, per_day = read("500 mg daily"), read("500 mg once daily"), read("500 mg/day")
    assert daily[0].keys & per_day[0].keys
    assert daily[1].keys & once[1].keys
    assert not once[0].keys & per_day[0].keys


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 3))
def test_a_decimal_is_worth_what_it_says(whole: int, places: int) -> None:
    written = f"{whole // 10**places}.{whole % 10**places:0{places}d}"
    assert value(written) == Fraction(whole, 10**places)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    folded = fold(text).text
    for quantity in quantities(folded):
        assert folded[quantity.start : quantity.end] == quantity.text
        assert quantity.keys


@settings(deadline=None)
@given(st.decimals("0.01", "99999", places=2), st.sampled_from(["mg", "g", "mcg", "mL", "days", "%"]))
def test_a_quantity_is_itself_and_not_ten_times_itself(number: object, unit: str) -> None:
    assert one(f"Give {number} {unit}").keys & one(f"{number}{unit} is given").keys
    assert not one(f"Give {number} {unit}").keys & one(f"Give 1{number} {unit}").keys
