"""By which route a drug without an amount is given."""

from __future__ import annotations

import pytest

from checkers.situation.ways import way_of


@pytest.mark.parametrize(
    ("text", "drug", "route"),
    [
        ("Give vincristine intrathecally.", "vincristine", "intrathecal"),
        ("Give intrathecal methotrexate.", "methotrexate", "intrathecal"),
        ("Give vincristine and methotrexate intrathecally.", "vincristine", "intrathecal"),
        ("Give vincristine IV and methotrexate intrathecally.", "vincristine", "intravenous"),
        ("Give vincristine with intrathecal methotrexate.", "methotrexate", "intrathecal"),
        ("Give vincristine with intrathecal methotrexate.", "vincristine", None),
        ("Give vincristine and intrathecal methotrexate.", "vincristine", None),
        ("Vincristine is not given intrathecally.", "Vincristine", None),
        ("Give vincristine, methotrexate intrathecally.", "vincristine", None),
        ("Give vincristine; methotrexate intrathecally.", "vincristine", None),
        ("Give vincristine.", "vincristine", None),
    ],
)
def test_the_route_of_a_name(text: str, drug: str, route: str | None) -> None:
    start = text.index(drug)
    assert way_of(text, (start, start + len(drug))) == route
