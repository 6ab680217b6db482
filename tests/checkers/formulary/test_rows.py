"""The rows of the formulary against each other; and that rows which are wrong would be found."""

from __future__ import annotations

from typing import Any

import pytest

from checkers.formulary.load import formulary
from checkers.formulary.rows import Medicine, medicine
from tests.checkers.formulary.consistency import CHECKS, faults

MEDICINES = sorted(formulary().values(), key=lambda one: one.name)
_NEVER = {"verified": False}
_REGIMEN = {"route": "oral", "dose": [25, 100], "unit": "mg", "every_hours": [2, 24], **_NEVER}
_CEILING = {"daily": 200, "single": 100, "unit": "mg", **_NEVER}
_TIER = {"severity": "review", "says": "Less in renal impairment.", "max_daily": 100, "unit": "mg", **_NEVER}
SOUND: dict[str, Any] = {
    "regimen": [_REGIMEN, {**_REGIMEN, "form": "depot", "dose": 150, "every_hours": 168}],
    "maximum": [_CEILING, {"form": "depot", "single": 150, "unit": "mg", **_NEVER}],
    "renal": [{**_TIER, "crcl": {"below": 30}}, {**_TIER, "crcl": {"from": 30, "below": 50}}],
}


@pytest.mark.parametrize("one", MEDICINES, ids=lambda one: one.name)
def test_rows_agree(one: Medicine) -> None:
    assert not faults(one)


def test_sound_rows_have_no_fault() -> None:
    assert not faults(medicine("aspirin", SOUND))


WRONG: list[tuple[str, dict[str, Any]]] = [
    ("whole", {"maximum": [{"total": 12, "unit": "mg", **_NEVER}]}),
    ("whole", {"regimen": []}),
    ("a_day_is_a_day", {"regimen": [{**_REGIMEN, "per": "day", "every_hours": 168}]}),
    ("one_dose", {"regimen": [{**_REGIMEN, "dose": [25, 1000]}]}),
    ("one_dose", {"regimen": [{**_REGIMEN, "dose": [25, "0.3"][::-1], "unit": "g"}]}),
    ("one_dose", {"regimen": [{**_REGIMEN, "form": "depot", "dose": [150, 250], "every_hours": 168}]}),
    ("one_day", {"regimen": [{**_REGIMEN, "dose": [50, 100], "every_hours": [2, 4]}]}),
    ("one_day", {"regimen": [{**_REGIMEN, "per": "day", "dose": [100, 300]}]}),
    ("units", {"maximum": [{**_CEILING, "unit": "mL"}]}),
    ("child", {"regimen": [{**_REGIMEN, "dose": 10, "per_kg": True, "max_single": 300}]}),
    ("tiers", {"renal": [{**_TIER, "crcl": {"below": 30}}, {**_TIER, "crcl": {"from": 40, "below": 50}}]}),
    ("tiers", {"renal": [{**_TIER, "crcl": {"below": 30}}, {**_TIER, "crcl": {"from": 20, "below": 50}}]}),
]


@pytest.mark.parametrize(("check", "rows"), WRONG)
def test_wrong_rows_are_found(check: str, rows: dict[str, Any]) -> None:
    found = faults(medicine("aspirin", {**SOUND, **rows}))
    assert any(fault.startswith(f"{check}: ") for fault in found)


def test_a_name_that_no_table_has_is_found() -> None:
    assert faults(medicine("zorbatrix", SOUND)) == ["names: not among the drugs"]


def test_every_check_is_asked() -> None:
    seeded = {check for check, _ in WRONG} | {"names", "sourced"}  # a row without a source cannot be made at all
    assert {check.__name__ for check in CHECKS} == seeded


def test_a_third_of_them_rest_on_a_document_that_was_opened() -> None:
    vouched = [
        one
        for one in MEDICINES
        if any(row.verified for row in one.regimen) and any(row.verified for row in one.maximum)
    ]
    assert len(vouched) >= 320
