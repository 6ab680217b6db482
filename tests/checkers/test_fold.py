"""Folding changes how a text is set, never what it says."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checkers.fold import Origin, fold, hidden_character

SAME = [
    ("Give  5 mg\n\tat night", "Give 5 mg at night"),
    ("Give\u00a05\u202fmg\u2009now", "Give 5 mg now"),
    ("Give 5mg", "Give 5 mg"),
    ("mg /\nkg", "mg/kg"),
    ("≥ 38 ° C", "≥38 °C"),
    ("2-\n3 days", "2-3 days"),
    ("2–3 days", "2-3 days"),
    ("2− 3 days", "2-3 days"),
    ("ﬁrst‑line, eﬃcient", "first-line, efficient"),
    ("“Don’t”", '"Don\'t"'),
    ("5 μg", "5 µg"),
    ("38 ºC", "38 °C"),
    ("37\u2103", "37 °C"),
    ("• Fever", "Fever"),
    ("Fever\n• Cough", "Fever Cough"),
    ("wait…", "wait..."),
    ("e\u0301clampsie", "éclampsie"),
    ("word--word", "word—word"),
    ("co\u200btrimoxazole", "cotrimoxazole"),
    ("5 mg\r\nnow", "5 mg now"),
]

OTHER = [
    ("10⁹", "109"),
    ("10⁹", "10 9"),
    ("m²", "m2"),
    ("½", "1/2"),
    ("1½", "11/2"),
    ("2-3", "23"),
    ("2-3", "2 3"),
    ("1.5", "15"),
    ("1,5", "1.5"),
    ("-5", "5"),
    ("1\u200b0", "10"),
    ("1\u00ad0", "10"),
    ("1\u200d0", "10"),
    ("1\u200b\u200b0", "10"),
    ("1.\u200b5", "15"),
    ("٥ mg", "5 mg"),
    ("５ mg", "5 mg"),
    ("amoxicillin", "аmoxicillin"),
    ("≥ 5", "> 5"),
    ("≤ 5", "< 5"),
    ("=\u0338 5", "= 5"),
    ("not able", "notable"),
    ("in appropriate", "inappropriate"),
    ("µg", "mg"),
    ("5 mg", "5 Mg"),
    ("Ⅳ", "IV"),
    ("㎎", "mg"),
    ("2 to 3", "2-3"),
    ("5 × 10", "5 x 10"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_words_set_otherwise(one: str, other: str) -> None:
    assert fold(one).text == fold(other).text


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


def test_marks_tell_lines_and_paragraphs_apart() -> None:
    folded = fold("One\ntwo\n\nthree – four")
    assert folded.text == "One two three - four"
    assert folded.marks == "One\rtwo\nthree – four"


@pytest.mark.parametrize("character", ["\u202e", "\u2066", "\u200f", "\x00", "\x1b", "\U000e0041"])
def test_hidden_characters_are_found(character: str) -> None:
    assert hidden_character(f"Give 5{character} mg") == f"U+{ord(character):04X}"


def test_plain_text_hides_nothing() -> None:
    assert hidden_character("Give 5\u00a0mg\r\n\tnow – “please” ≥ 10⁹ é") is None


@settings(deadline=None)
@given(st.text())
@example("ab- cd -- e/ f 5mg")
@example("\ue000")
def test_folding_twice_changes_no_more_than_once(text: str) -> None:
    once = fold(text).text
    assert [c for c in fold(once).text if c.isalnum()] == [c for c in once if c.isalnum()]


@settings(deadline=None)
@given(st.text())
def test_every_letter_and_digit_survives(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.marks)
    digits = [c for c in text if c.isdecimal()]
    assert [c for c in folded.text if c.isdecimal()] == digits


@settings(deadline=None)
@given(st.text(), st.data())
def test_a_span_lies_in_the_text_it_came_from(text: str, data: st.DataObject) -> None:
    folded = fold(text).text
    start = data.draw(st.integers(0, len(folded)))
    end = data.draw(st.integers(start, len(folded)))
    span = Origin(text, folded).span(start, end)
    assert span is None or 0 <= span[0] < span[1] <= len(text)


def test_a_span_points_at_the_same_words() -> None:
    text = "Give  ﬁve\u00a0ml  of 10mg/ kg amoxi-\ncillin"
    folded = fold(text).text
    for words, there in (("10 mg/kg", "10mg/ kg"), ("five ml", "ﬁve\u00a0ml")):
        start = folded.index(words)
        span = Origin(text, folded).span(start, start + len(words))
        assert span is not None
        assert text[slice(*span)] == there
        assert Origin(text, folded).place(*span) == (start, start + len(words))
