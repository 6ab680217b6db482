"""Identifiers leave the text and come back; clinical numbers stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdss.deidentify import deidentify


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Mrs Adeyemi needs amoxicillin", "Adeyemi"),
        ("MRN 00482913, fever", "00482913"),
        ("NHS number: 943-476-5919 has otitis", "943-476-5919"),
        ("born 12/03/1961, on warfarin", "12/03/1961"),
        ("write to j.doe@example.org about the dose", "j.doe@example.org"),
        ("call 555-010-4477 with the INR", "555-010-4477"),
    ],
)
def test_identifiers_are_replaced_and_restored(text: str, hidden: str) -> None:
    taken, restore = deidentify(text)
    assert hidden not in taken
    assert restore(taken) == text
    assert restore(f"said again: {taken}").endswith(text)


@pytest.mark.parametrize(
    "text",
    [
        "amoxicillin 875/125 mg every 12 hours for 10 days",
        "40-50 mg/kg/day, max 3000 mg",
        "BP 210/110, HR 140, SpO2 88 %",
        "creatinine 1.4 on 12/03/2026",
        "patient 3 years old, 14 kg",
    ],
)
def test_clinical_numbers_are_left_alone(text: str) -> None:
    assert deidentify(text)[0] == text


@given(st.text(alphabet=st.sampled_from("Mrs .ABab@-:0123456789[]NHSMRN\n"), max_size=60))
def test_restoring_gives_back_every_text(text: str) -> None:
    taken, restore = deidentify(text)
    assert restore(taken) == text
