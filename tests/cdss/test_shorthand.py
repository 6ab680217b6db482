"""Ward shorthand in full words."""

from __future__ import annotations

import pytest

from cdss.shorthand import spelled_out


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("pt w/ CAP, PCN allergy, what abx?", "patient with CAP, penicillin allergy, what antibiotics?"),
        ("72 y/o w/o fever, sats 88", "72 year old without fever, oxygen saturation 88"),
        ("Vit D post-op", "vitamin D after surgery"),
    ],
)
def test_shorthand_is_spelled_out(written: str, meant: str) -> None:
    assert spelled_out(written) == meant


@pytest.mark.parametrize("text", ["15 mg/kg in CAP with AF", "tabloid, temporary, captopril", "pts/x and w/e"])
def test_what_guidelines_print_and_longer_words_stay(text: str) -> None:
    assert spelled_out(text) == text
