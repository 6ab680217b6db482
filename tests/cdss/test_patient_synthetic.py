"""FHIR to Patient: the synthetic patients, whole."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cdss.patient import read_chart

SYNTHEA = Path(__file__).parents[3] / "shared" / "fixtures" / "synthea-r4"
_BUNDLES = sorted(SYNTHEA.glob("*.json"))


def _resources(path: Path) -> list[dict[str, Any]]:
    return [entry["resource"] for entry in json.loads(path.read_text())["entry"]]


def test_the_synthetic_patients_are_there() -> None:
    if not _BUNDLES:
        pytest.skip("../shared/fixtures/synthea-r4 is not there: the synthetic patients were not mapped")
    assert len(_BUNDLES) == 20


@pytest.mark.parametrize("path", _BUNDLES, ids=lambda path: path.stem[:8])
def test_every_synthetic_patient_maps(path: Path) -> None:
    found = read_chart(_resources(path), as_of=date(2019, 10, 1))
    assert found.patient.age_years is not None
    assert found.patient.sex is not None
    assert not found.partial


@pytest.mark.parametrize("path", _BUNDLES[:10], ids=lambda path: path.stem[:8])
def test_ten_of_them_field_by_field(path: Path) -> None:
    """What the chart must say, worked out here from the resources in another way."""
    as_of, resources = date(2019, 10, 1), _resources(path)
    found = read_chart(resources, as_of=as_of).patient
    person = next(one for one in resources if one["resourceType"] == "Patient")
    born = date.fromisoformat(person["birthDate"])
    had_birthday = (as_of.month, as_of.day) >= (born.month, born.day)
    assert int(found.age_years or 0) == as_of.year - born.year - (not had_birthday)
    assert found.sex == person["gender"]

    def newest(code: str) -> tuple[float, int] | None:
        values = [
            (one["effectiveDateTime"][:10], one["valueQuantity"]["value"])
            for one in resources
            if one["resourceType"] == "Observation"
            and one["code"]["coding"][0]["code"] == code
            and "valueQuantity" in one
            and one["effectiveDateTime"][:10] <= as_of.isoformat()
        ]
        day, value = max(values, default=("", 0.0))
        return (value, (as_of - date.fromisoformat(day)).days) if day else None

    for code, kept, days in (
        ("29463-7", found.weight_kg, 365),
        ("8302-2", found.height_cm, 7305),
        ("33914-3", found.egfr, 365),
        ("718-7", (found.labs or {}).get("hemoglobin"), 180),
        ("777-3", (found.labs or {}).get("platelets"), 180),
    ):
        value = newest(code)
        grown = value is None or (as_of - born).days - value[1] > 18 * 366
        if value is not None and value[1] <= days and grown:
            assert kept == pytest.approx(value[0], rel=1e-6), code
        else:
            assert kept is None, code
    names = [
        ("history of " if one["clinicalStatus"]["coding"][0]["code"] == "resolved" else "")
        + one["code"]["text"].removesuffix(" (disorder)").removesuffix(" (situation)").removesuffix(" (finding)")
        for one in resources
        if one["resourceType"] == "Condition"
    ]
    assert list(found.conditions or ()) == list(dict.fromkeys(names))
    taken = [one for one in resources if one["resourceType"] == "MedicationRequest" and one["status"] == "active"]
    assert len(found.medications or ()) == len({one["medicationCodeableConcept"]["text"] for one in taken})
    for one in taken:
        words = one["medicationCodeableConcept"]["text"].removeprefix("NDA020800 ").lower().split()
        first = next(word for word in words if word[0].isalpha() and word not in ("hr", "ml"))
        assert any(first in listed.lower() for listed in found.medications or ())
    assert found.allergies is None
    assert found.pregnant is None
