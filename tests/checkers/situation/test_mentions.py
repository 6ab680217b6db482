"""What becomes of the drugs that a text names."""

from __future__ import annotations

import pytest

from checkers.dosing import read_doses
from checkers.situation.mentions import Standing, mentions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hold simvastatin during clarithromycin 500 mg BID.", {"simvastatin": "held", "clarithromycin": "ordered"}),
        ("Stop ibuprofen and naproxen; give aspirin 1 g.", {"naproxen": "stopped", "aspirin": "ordered"}),
        ("Sildenafil 50 mg; he takes no nitroglycerin.", {"sildenafil": "ordered", "nitroglycerin": "negated"}),
        ("Start sertraline 50 mg; she takes phenelzine.", {"sertraline": "ordered", "phenelzine": "current"}),
        ("Unlike warfarin, apixaban 5 mg needs no INR.", {"warfarin": "contrast", "apixaban": "ordered"}),
        ("Penicillin allergy: give azithromycin 500 mg.", {"penicillin": "allergy", "azithromycin": "ordered"}),
        ("Ingestion of 10 g acetaminophen is toxic.", {"acetaminophen": "history"}),
        ("Simvastatin is contraindicated; use pravastatin 40 mg.", {"simvastatin": "negated", "pravastatin": "ordered"}),
        ("Digoxin level 3.1; hold digoxin.", {"digoxin": "held"}),
        ("Trimethoprim-sulfamethoxazole DS BID.", {"trimethoprim-sulfamethoxazole": "ordered"}),
        ("Give ceftriaxone 1 g, not gentamicin.", {"ceftriaxone": "ordered", "gentamicin": "negated"}),
    ],
)  # fmt: skip
def test_standing(text: str, expected: dict[str, str]) -> None:
    dosed: list[tuple[int, int, Standing]] = sorted(
        (*dose.span, "history" if dose.role == "history" else "ordered") for dose in read_doses(text)
    )
    found = {one.ingredient: one.standing for one in mentions(text, dosed)}
    assert {name: found[name] for name in expected} == expected


def test_a_class_is_named() -> None:
    (one,) = mentions("He takes nitrates.", [])
    assert (one.ingredient, one.classes, one.standing) == (None, ("nitrate",), "current")
