"""The report of a claim holds the doses that were read in it."""

from __future__ import annotations

import pytest

import checkers.dosing.read
from checkers.run import judge
from checkers.types import Claim, Subject, Verdict


def test_a_report_holds_the_doses_of_its_claim() -> None:
    report = judge(Subject(claim=Claim(id="1", text="Give MTX 7.5 mg PO weekly.")))
    assert [(dose.drug, str(dose.frequency_per_day)) for dose in report.doses] == [("methotrexate", "0.1429")]


def test_a_claim_that_cannot_be_read_is_withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str) -> tuple[()]:
        raise RecursionError

    monkeypatch.setattr(checkers.dosing.read, "read_doses", broken)
    assert judge(Subject(claim=Claim(id="1", text="Give MTX 7.5 mg PO weekly."))).verdict is Verdict.WITHHOLD
