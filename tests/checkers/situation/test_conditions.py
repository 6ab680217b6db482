"""Conditions by their other names, and those that are denied."""

from __future__ import annotations

import pytest

from checkers.situation.conditions import named, plain


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("Clostridioides difficile",), "Treat the C. difficile colitis"),
        (("hyperkalaemia",), "severe hyperkalemia"),
        (("G6PD deficiency",), "known glucose-6-phosphate dehydrogenase deficiency"),
        (("venous thromboembolism",), "after a PE last year"),
        (("liver disease",), "decompensated cirrhosis"),
        (("HLA-B*57:01",), "HLA-B*5701 positive"),
    ],
)
def test_another_name_is_known(words: tuple[str, ...], text: str) -> None:
    assert named(words, plain(text))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("asthma",), "no history of asthma"),
        (("bleeding",), "monitor for bleeding"),
        (("HLA-B*57:01",), "HLA-B*57:01 negative"),
        (("pulmonary embolism",), "a low-grade pe class"),
        (("myocardial infarction",), "semi-elective surgery"),
    ],
)
def test_what_is_denied_is_not_there(words: tuple[str, ...], text: str) -> None:
    assert not named(words, plain(text))
