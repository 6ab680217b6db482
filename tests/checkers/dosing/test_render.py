"""Whatever dose is written out is read back."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.dosing import read_doses, render
from checkers.tables import table
from checkers.types import Dose

_DRUGS = sorted(table("drugs")["drugs"])
_COMBINED = sorted(table("drugs")["combinations"])
_UNITS = ("mg", "mcg", "g", "units", "mEq", "mmol", "mL", "mg PE", "tablet", "capsule", "drop", "ng")
_ROUTES = sorted(table("dosing")["routes"])


def _numbers(places: int, largest: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(Decimal(1).scaleb(-places), largest, places=places, allow_nan=False, allow_infinity=False)


@st.composite
def doses(draw: st.DrawFn) -> Dose:
    low = draw(_numbers(draw(st.integers(0, 3)), 5_000_000))
    high = draw(st.one_of(st.just(low), _numbers(2, 5_000_000).map(lambda more: low + more)))
    role: Literal["dose", "loading", "maximum", "history"] = draw(
        st.sampled_from(("dose", "loading", "maximum", "history"))
    )
    basis: Literal["dose", "day", "hour", "minute"] = draw(st.sampled_from(("dose", "day", "hour", "minute")))
    weighed = draw(st.sampled_from(("", "kg", "m2")))
    often = draw(
        st.none() | st.sampled_from([Decimal("0.1429"), Decimal("0.0333"), Decimal("0.0027")]) | _numbers(4, 480)
    )
    return Dose(
        drug=draw(st.sampled_from(_DRUGS + _COMBINED)),
        dose_low=low,
        dose_high=high,
        unit=draw(st.sampled_from(_UNITS)),
        per_kg=weighed == "kg",
        per_m2=weighed == "m2",
        basis=basis,
        frequency_per_day=often,
        route=draw(st.none() | st.sampled_from(_ROUTES)),
        duration_days=draw(st.none() | st.integers(1, 400).map(Decimal)),
        role=role,
        span=(0, 1),
    )


@settings(max_examples=300, deadline=None)
@given(doses())
def test_what_is_written_is_read_back(dose: Dose) -> None:
    text = render(dose)
    assert [found.model_copy(update={"span": (0, 1)}) for found in read_doses(text)] == [dose], text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (
            "Vancomycin 15–20 mg/kg IV q8–12h for 7-10 days",
            "vancomycin 15 to 20 mg/kg intravenous 3 times a day for 10 days",
        ),
        ("MTX 7.5 mg PO every week", "methotrexate 7.5 mg oral once weekly"),
        ("max paracetamol 4 g/24 h", "acetaminophen maximum 4 g per day"),
        ("benzylpenicillin 2.4 million units IM stat", "penicillin g 2,400,000 units intramuscular"),
    ],
)
def test_a_dose_in_words(text: str, written: str) -> None:
    assert [render(dose) for dose in read_doses(text)] == [written]
