"""How fast CDS Hooks calls are answered: order-sign with six orders and a full chart, patient-view, one by one and 16 at once.

    python -m tests.bench.hooks [calls]

Uses a library under ``CDSS_HOME`` that is there, and ``cdss serve`` in a process of its own; bodies are made beforehand.
"""

from __future__ import annotations

import json
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from typing import Any

import httpx

from tests.cdss.ehr.calls import bundle, call, draft
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


def bodies(service: str, numbers: range) -> list[bytes]:
    return [json.dumps(body(service, number)).encode() for number in numbers]


def timed(client: httpx.Client, service: str, content: bytes) -> float:
    began = time.perf_counter()
    headers = {"content-type": "application/json"}
    client.post(f"/cds-services/{service}", content=content, headers=headers).raise_for_status()
    return (time.perf_counter() - began) * 1000


@contextmanager
def served() -> Iterator[str]:
    """The address of ``cdss serve``, ready."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    with subprocess.Popen([sys.executable, "-m", "cdss.cli", "serve", "--port", str(port)]) as server:
        try:
            while not _is_ready(base):
                assert server.poll() is None, "the service stopped"
                time.sleep(0.1)
            yield base
        finally:
            server.terminate()


def _is_ready(base: str) -> bool:
    try:
        return httpx.get(f"{base}/readyz").status_code == 200
    except httpx.TransportError:
        return False


def told(name: str, found: list[float]) -> None:
    ordered = sorted(found)
    print(
        f"{name:36} n={len(found):4}  p50 {statistics.median(found):7.1f} ms  p95 {ordered[int(len(found) * 0.95)]:7.1f} ms"
    )


def main(calls: int) -> None:
    with served() as base, httpx.Client(base_url=base, timeout=60) as client:
        for name in ("cdss-order-sign", "cdss-patient-view"):
            first, singly, together = (
                bodies(name, range(at, at + n)) for at, n in ((0, 50), (1000, calls), (2000, calls))
            )
            for content in first:  # every age band's first look-up in the library
                timed(client, name, content)
            told(f"{name}, one by one", [timed(client, name, content) for content in singly])
            ask = partial(timed, client, name)
            with ThreadPoolExecutor(16) as pool:
                told(f"{name}, 16 at once", list(pool.map(ask, together)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
