"""Which of several observations counts: the newest, by the instant, and what is left unread without harm."""

from __future__ import annotations

from datetime import date
from itertools import permutations

import pytest

from cdss.fhir.observations import of_use
from cdss.patient import read_chart
from tests.cdss.fhir.builders import Json, measured, patient

AS_OF = date(2026, 11, 29)


def potassium(value: float, at: str | None, **more: object) -> Json:
    return measured("2823-3", value, "mmol/L", at) | {"id": f"k{value}", **more}


@pytest.mark.parametrize(
    ("newest", "others"),
    [
        ("2026-11-28T14:00:00+00:00", ("2026-11-28T08:00:00Z", "2026-11-28")),
        ("2026-11-28T23:30:00Z", ("2026-11-29T00:30:00+02:00", "2026-11-28T20:00:00")),
        ("2026-11", ("2026", None)),
    ],
)
def test_the_newest_counts_in_whatever_order_they_are_sent(newest: str, others: tuple[str | None, ...]) -> None:
    sent = [potassium(4.1, newest), *(potassium(6.0 + number, at) for number, at in enumerate(others))]
    for order in permutations(sent):
        found = read_chart([patient(), *order], as_of=AS_OF)
        assert found.patient.labs == {"potassium": 4.1}, order


@pytest.mark.parametrize(
    "newer",
    [
        potassium(6.5, "2026-11-28", status="entered-in-error"),
        potassium(6.5, "2027-11-28"),
        potassium(6.5, "2026-11-28", status="cancelled"),
        potassium(6.5, "2026-11-28", code={"coding": [{"system": "http://local", "code": "2823-3"}]}),
    ],
)
def test_what_may_not_be_used_takes_the_place_of_nothing(newer: Json) -> None:
    for order in permutations([newer, potassium(4.1, "2026-11-20")]):
        found = read_chart([patient(), *order], as_of=AS_OF)
        assert found.patient.labs == {"potassium": 4.1}, order


def test_a_final_result_counts_before_a_preliminary_one_of_the_same_time() -> None:
    sent = [potassium(6.5, "2026-11-28", status="preliminary"), potassium(4.1, "2026-11-28")]
    for order in permutations(sent):
        assert read_chart([patient(), *order], as_of=AS_OF).patient.labs == {"potassium": 4.1}


def test_of_many_results_only_those_that_can_count_are_read() -> None:
    sent = [potassium(4.0 + day / 100, f"2026-11-{day:02}") for day in range(1, 29)]
    others = [measured("55758-7", 1, "1", "2026-11-28"), {"resourceType": "Observation", "code": "odd"}]
    assert [one.id for one in of_use([*sent, *others], as_of=AS_OF)] == ["k4.28"]
    assert [one.id for one in of_use(reversed(sent), as_of=AS_OF)] == ["k4.28"]
