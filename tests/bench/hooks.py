"""How fast CDS Hooks calls are answered: order-sign with six orders and a full chart, patient-view, one by one and 16 at once.

    python -m tests.bench.hooks [calls]

Uses a library under ``CDSS_HOME`` that is there, and the real application over HTTP on loopback.
"""

from __future__ import annotations

import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import httpx

from cdss.api.app import create_app
from cdss.server import open_service
from cdss.settings import Settings
from tests.cdss.ehr.calls import bundle, call, draft
from tests.cdss.ehr.ehr_server import serving
from tests.cdss.fhir.builders import allergy, condition, dosage, measured, patient, request

Json = dict[str, Any]
TODAY = date.today().isoformat()  # noqa: DTZ011
_TAKEN = (
    "Warfarin Sodium 5 MG Oral Tablet",
    "Metformin 500 MG Oral Tablet",
    "Lisinopril 10 MG Oral Tablet",
    "Amlodipine 5 MG Oral Tablet",
    "Atorvastatin 20 MG Oral Tablet",
    "Omeprazole 20 MG Oral Capsule",
    "Furosemide 40 MG Oral Tablet",
    "Levothyroxine 0.1 MG Oral Tablet",
)
_ORDERED = (
    ("Acetaminophen 500 MG Oral Tablet", dosage(2, "{tbl}", frequency=4)),
    ("Ibuprofen 400 MG Oral Tablet", dosage(1, "{tbl}", frequency=3)),
    ("Amoxicillin 500 MG Oral Capsule", dosage(1, "{capsule}", frequency=3)),
    ("Enoxaparin", dosage(1, "mg/kg", frequency=2, route="SC")),
    ("Gentamicin", dosage(5, "mg/kg", route="IV")),
    ("Prednisone 20 MG Oral Tablet", dosage(2, "{tbl}")),
)


def chart(number: int) -> Json:
    """A full chart: eight medicines, six conditions, 120 observations, its numbers its own."""
    labs = (
        ("2823-3", 4.2, "mmol/L"),
        ("2160-0", 0.8 + number % 40 / 50, "mg/dL"),
        ("718-7", 13.1, "g/dL"),
        ("6301-6", 2.4, "1"),
    )
    conditions = ("Atrial fibrillation", "Type 2 diabetes mellitus", "Hypertension", "Heart failure", "Gout", "Asthma")
    return {
        "patient": patient(birth=f"19{40 + number % 50}-01-01"),
        "allergies": bundle(allergy("Penicillin G")),
        "conditions": bundle(*(condition(name) for name in conditions)),
        "medications": bundle(*(request(name, dosage(1, "{tbl}"), id=f"m{at}") for at, name in enumerate(_TAKEN))),
        "statements": bundle(),
        "laboratory": bundle(*(measured(*labs[at % 4], TODAY) | {"id": f"o{at}"} for at in range(120))),
        "vitals": bundle(measured("29463-7", 50 + number % 50, "kg", TODAY)),
        "pregnancy": bundle(),
    }


def body(service: str, number: int) -> Json:
    orders = (draft(name, given, id=f"d{at}") for at, (name, given) in enumerate(_ORDERED))
    return call(service, *(() if service == "cdss-patient-view" else orders), prefetch=chart(number))


def timed(client: httpx.Client, base: str, service: str, number: int) -> float:
    began = time.perf_counter()
    client.post(f"{base}/cds-services/{service}", json=body(service, number)).raise_for_status()
    return (time.perf_counter() - began) * 1000


def told(name: str, found: list[float]) -> None:
    ordered = sorted(found)
    print(
        f"{name:36} n={len(found):4}  p50 {statistics.median(found):7.1f} ms  p95 {ordered[int(len(found) * 0.95)]:7.1f} ms"
    )


def main(calls: int) -> None:
    service = open_service(Settings())
    with serving(create_app(lambda: service)) as base, httpx.Client(timeout=60) as client:
        while client.get(f"{base}/readyz").status_code != 200:
            time.sleep(0.1)
        for name in ("cdss-order-sign", "cdss-patient-view"):
            for number in range(50):  # every age band's first look-up in the library
                timed(client, base, name, number)
            told(f"{name}, one by one", [timed(client, base, name, 1000 + number) for number in range(calls)])
            with ThreadPoolExecutor(16) as pool:
                told(f"{name}, 16 at once", list(pool.map(lambda n: timed(client, base, name, 2000 + n), range(calls))))  # noqa: B023


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
