"""Two hundred patients at once: nobody gets anybody else's cards."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path

import httpx

from cdss.api.app import create_app
from cdss.pipeline import Service
from cdss.settings import EhrSettings
from tests.cdss.conftest import lend
from tests.cdss.ehr.calls import bundle, call, draft
from tests.cdss.ehr.ehr_server import ehr_server, serving
from tests.cdss.fhir.builders import Json, allergy, dosage, measured, patient

TODAY = date.today().isoformat()  # noqa: DTZ011
DRUGS = ("Amoxicillin", "Ibuprofen", "Codeine", "Cephalexin", "Sulfamethoxazole-trimethoprim")


def of_patient(number: int, resource: Json) -> Json:
    reference = {"reference": f"Patient/n{number}"}
    return {**resource, "id": f"{resource['id']}-{number}", "subject": reference, "patient": reference}


def test_no_call_mixes_up_patients(service: Service, tmp_path: Path) -> None:
    with ehr_server() as ehr:
        for number in range(200):
            ehr.resources += [
                patient(birth="1980-01-01") | {"id": f"n{number}"},
                of_patient(number, allergy(DRUGS[number % 5])),
                of_patient(number, measured("29463-7", 40 + number, "kg", TODAY)),
            ]
        settings = service.settings.model_copy(
            update={"ehr": EhrSettings(fhir_servers=(ehr.fhir,), deadline_s=60), "home": tmp_path}
        )
        lent = lend(service, settings=settings)
        with serving(create_app(lambda: lent)) as base, httpx.Client(timeout=120) as client:
            while client.get(f"{base}/readyz").status_code != 200:
                pass
            ask: Callable[[int], None] = partial(check, client, base, ehr.fhir)
            with ThreadPoolExecutor(20) as pool:
                list(pool.map(ask, range(200)))


def check(client: httpx.Client, base: str, fhir: str, number: int) -> None:
    """Half of them prefetched, half read from the server; each is allergic to one drug and weighs what nobody else does."""
    orders = [
        draft(DRUGS[number % 5], id="bad"),
        draft("Gentamicin", dosage(5, "mg/kg", route="IV", frequency=9), id="kg"),
    ]
    prefetch = {"patient": patient(birth="1980-01-01") | {"id": f"n{number}"}}
    if number % 2:
        prefetch["allergies"] = bundle(of_patient(number, allergy(DRUGS[number % 5])))
        prefetch["vitals"] = bundle(of_patient(number, measured("29463-7", 40 + number, "kg", TODAY)))
    body = call("cdss-order-sign", *orders, prefetch=prefetch, context={"patientId": f"n{number}"}, fhirServer=fhir)
    for one in body["context"]["draftOrders"]["entry"]:
        one["resource"]["subject"] = {"reference": f"Patient/n{number}"}
    found = client.post(f"{base}/cds-services/cdss-order-sign", json=body).json()["cards"]
    text = str(found)
    others = {drug for at, drug in enumerate(DRUGS) if at != number % 5}
    assert f"allergy to it ({DRUGS[number % 5]})" in text, (number, text)
    assert not any(f"allergy to it ({drug})" in text for drug in others), number
