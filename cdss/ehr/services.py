"""The CDS services that are offered, as CDS Hooks 2.0 discovers them (``version`` from 3.0). Source: cds-hooks.hl7.org."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from cdss.tables import table

Hook = Literal["patient-view", "order-select", "order-sign"]
VERSION = "1.0.0"

_OF_PATIENT = "patient={{context.patientId}}"
_PREGNANCY = ",".join(
    f"http://loinc.org|{code}" for group in ("status", "due", "test") for code in table("loinc")["pregnancy"][group]
)
PREFETCH: Mapping[str, str] = {
    "patient": "Patient/{{context.patientId}}",
    "allergies": f"AllergyIntolerance?{_OF_PATIENT}",
    "conditions": f"Condition?{_OF_PATIENT}",
    "medications": f"MedicationRequest?{_OF_PATIENT}&status=active,on-hold",
    "statements": f"MedicationStatement?{_OF_PATIENT}&status=active",
    "laboratory": f"Observation?{_OF_PATIENT}&category=laboratory&_sort=-date&_count=200",
    "vitals": f"Observation?{_OF_PATIENT}&category=vital-signs&_sort=-date&_count=100",
    "pregnancy": f"Observation?{_OF_PATIENT}&code={_PREGNANCY}&_sort=-date",
}
LISTS: Mapping[str, str] = {
    "allergies": "allergies",
    "conditions": "conditions",
    "medications": "medications",
    "statements": "medications",
    "laboratory": "laboratory values",
    "vitals": "vital signs",
    "pregnancy": "pregnancy observations",
}
"""Which list of the chart each key fills."""
OPTIONAL = frozenset(("statements", "pregnancy"))
"""Keys that many servers do not have: without them nothing is called partial."""


@dataclass(frozen=True, slots=True)
class CdsService:
    """One service: what it does, on which hook, with what data."""

    id: str
    hook: Hook
    title: str
    description: str

    def described(self) -> dict[str, object]:
        """As the discovery endpoint tells it."""
        return {
            "hook": self.hook,
            "title": self.title,
            "description": self.description,
            "id": self.id,
            "version": VERSION,
            "prefetch": dict(PREFETCH),
            "usageRequirements": "Needs the Patient resource, by prefetch or from a FHIR server that the operator allows. "
            "Whatever else cannot be had is unknown, and the cards say so.",
        }


SERVICES: Mapping[str, CdsService] = {
    service.id: service
    for service in (
        CdsService(
            "cdss-patient-view",
            "patient-view",
            "Guidelines for this patient",
            "What the guidelines recommend for the patient's problems and is not being done, what endangers the patient "
            "among the current medicines, and which facts nobody has recorded. Few cards, each with its quote.",
        ),
        CdsService(
            "cdss-order-select",
            "order-select",
            "Safety of the selected orders",
            "Checks the dose of every selected medication order, and the order against the patient's allergies, medicines, "
            "kidney function, pregnancy, age and laboratory values.",
        ),
        CdsService(
            "cdss-order-sign",
            "order-sign",
            "Safety of the orders to be signed",
            "Checks the dose of every medication order, and the order against the patient's allergies, medicines, kidney "
            "function, pregnancy, age and laboratory values, with the recommendation of the guideline.",
        ),
    )
}
