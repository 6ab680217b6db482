"""What is no dose, what a text may hold, and how long it may take."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from pathlib import Path

import lark
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import checkers.dosing
from checkers.dosing import read_doses
from checkers.dosing.scan import plain, scan


@pytest.mark.parametrize(
    "text",
    [
        "",
        "INR 2.0 to 3.0, BP 120/80 mmHg, HR 72, temperature 38.5 °C.",
        "A 70-year-old woman, 62 kg, 160 cm, seen for 2 weeks on 3/4/2024 at 10:30.",
        "Vancomycin trough 15 to 20 mg/L.",
        "Creatinine 1.2 mg/dL, eGFR 45 mL/min/1.73 m², potassium 5.5 mmol/L.",
        "Gentamicin is supplied as 80 mg/2 mL.",
        "Reconstitute with 10 mL of sterile water.",
        "Blood loss of 500 mL.",
        "Never daily.",
        "See section 2.1 and reference 14.",
    ],
)
def test_no_dose(text: str) -> None:
    assert read_doses(text) == ()


def test_a_span_is_where_the_amount_stands() -> None:
    text = "Start\u2009vancomycin 15–20\u2009mg/kg IV (1\u202f250 mg) q12h."
    assert [text[slice(*dose.span)] for dose in read_doses(text)] == ["15–20\u2009mg/kg", "1\u202f250 mg"]


def test_a_drug_is_carried_to_the_next_sentence_and_not_past_an_unknown_one() -> None:
    text = "Start amlodipine 5 mg daily. Increase to 10 mg daily. Zorblatinib 20 mg once daily. "
    assert [dose.drug for dose in read_doses(text)] == ["amlodipine", "amlodipine", None]


def test_a_table_row_belongs_to_the_drug_over_it() -> None:
    text = "Cotrimoxazole\n| Weight | Dose |\n|---|---|\n| 6–10 kg | 5 mL twice daily |\n"
    [dose] = read_doses(text)
    assert (dose.drug, dose.unit, str(dose.dose_low)) == ("trimethoprim-sulfamethoxazole", "mL", "5")


_PIECES = [*"15½,./-–()[]|=×µ²⁻¹ \n", " mg", "/kg", " every ", "vancomycin ", " for ", " max ", " h", " or ", " daily"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))
def test_any_text_is_read_twice_the_same(text: str) -> None:
    found = read_doses(text)
    assert found == read_doses(text)
    assert all(0 <= dose.span[0] < dose.span[1] <= len(text) for dose in found)
    assert len(plain(text)) == len(text)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_tokens_stand_in_their_order(text: str) -> None:
    ends = [(token.start, token.end) for token in scan(text)]
    assert ends == sorted(ends)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1,000",
        "5 mg ",
        "5 mg and ",
        "5 mg = ",
        "5 mg (",
        "(",
        "1-",
        "/kg",
        "every ",
        "for about ",
        "1/",
        "⁻¹",
        "½",
        "two ",
        "bd or ",
        "5 (5) ",
        "Monday, ",
        ". ",
        "\n",
        "a",
        "vancomycin ",
    ],
)
def test_no_text_takes_long(piece: str) -> None:
    text = ("vancomycin 5 mg" + piece * 20_000)[:20_000]
    start = time.process_time()
    read_doses(text)
    assert time.process_time() - start < 3


def test_long_texts_are_read_quickly() -> None:
    text = "Vancomycin 15–20 mg/kg IV q8–12h for 10 days, infused over at least 60 minutes per gram. " * 320
    start = time.process_time()
    assert len(read_doses(text)) == 320
    assert time.process_time() - start < 4


def test_the_grammar_has_no_conflict(caplog: pytest.LogCaptureFixture) -> None:
    grammar = (Path(checkers.dosing.__file__).parent / "grammar.lark").read_text("utf-8")
    with caplog.at_level(logging.DEBUG, logger="lark"):
        lark.Lark(grammar, parser="lalr", lexer="basic", debug=True)
    assert not [record for record in caplog.records if "conflict" in record.getMessage().lower()]


def test_importing_the_rules_loads_no_grammar() -> None:
    code = "import sys, checkers.run, checkers.dosing; sys.exit('lark' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("Tramadol 50 mg p.r.n.", None),
        ("Diazepam 10 mg p.r.", "rectal"),
        ("Naloxone 2 mg IN", "intranasal"),
        ("Glucose 10 g in water", None),
        ("Nystatin 1 mL four times daily for oral thrush", None),
    ],
)
def test_a_route(text: str, route: str | None) -> None:
    [dose] = read_doses(text)
    assert dose.route == route
