"""A chart read from resources written by hand, on one day, and the code systems that these name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from cdss.patient import Chart, read_chart

TODAY = date(2026, 6, 15)
SNOMED = "http://snomed.info/sct"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"


def chart(*resources: Mapping[str, Any], **more: Any) -> Chart:
    """What is read of the resources on ``TODAY``."""
    return read_chart(resources, as_of=TODAY, **more)


def reasons(found: Chart, fact: str) -> str:
    """Why ``fact`` is not known."""
    return "; ".join(gap.reason for gap in found.gaps if gap.fact == fact)
