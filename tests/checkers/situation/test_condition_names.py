from __future__ import annotations

import pytest

from checkers.situation.conditions import named, plain


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("diabetes", "T2DM"),
        ("type 1 diabetes", "insulin-dependent diabetes"),
        ("heart failure", "HFrEF"),
        ("heart block", "complete heart block"),
        ("active bleeding", "GI bleed"),
        ("liver disease", "Child-Pugh C cirrhosis"),
        ("active liver disease", "acute liver failure"),
        ("chronic kidney disease", "ESRD on haemodialysis"),
        ("history of peptic ulcer", "duodenal ulcer in 2015"),
        ("seizure disorder", "previous seizures"),
        ("intracranial hemorrhage", "history of intracranial haemorrhage"),
        ("HLA-B*15:02", "HLA-B*1502 positive"),
    ],
)
def test_another_name_or_a_narrower_condition_counts(word: str, said: str) -> None:
    assert named((word,), plain(said))


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("type 1 diabetes", "type 2 diabetes"),
        ("type 1 diabetes", "diabetes"),
        ("decompensated cirrhosis", "cirrhosis"),
        ("active liver disease", "cirrhosis"),
        ("HFpEF", "HFrEF"),
        ("heart block", "first-degree AV block"),
        ("narrow-angle glaucoma", "primary open-angle glaucoma"),
        ("hepatitis b", "hepatitis B surface antigen and core antibody negative"),
        ("HLA-B*15:02", "HLA-B*15:02 negative"),
        ("seizures", "no history of seizures"),
        ("epilepsy", "mother has epilepsy"),
        ("active bleeding", "GI bleed in 2015"),
        ("acute kidney injury", "AKI resolved"),
        ("G6PD deficiency", "G6PD deficiency excluded"),
        ("diabetes", "diabetes insipidus"),
    ],
)
def test_a_wider_a_denied_or_an_ended_condition_does_not(word: str, said: str) -> None:
    assert not named((word,), plain(said))
