"""Two hundred patients at once: nobody gets anybody else's cards."""

from __future__ import annotations

import re
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
            ask: Callable[[int], str] = partial(cards_of, client, base, ehr.fhir)
            with ThreadPoolExecutor(20) as pool:
                at_once = list(pool.map(ask, range(200)))
            alone = {number: ask(number) for number in range(0, 200, 7)}
    assert {number: at_once[number] for number in alone} == alone
    for number, cards in enumerate(at_once):
        told = [drug for drug in DRUGS if f"allergy to it ({drug})" in cards]
        assert told == [DRUGS[number % 5]], (number, cards)
    limits = [re.search(r"At most (\S+) mg a day", cards) for cards in at_once]
    assert all(limits)
    assert (
        len({limit[1] for limit in limits if limit}) > 140
    )  # each weighs what nobody else does; only the heaviest share a ceiling


def cards_of(client: httpx.Client, base: str, fhir: str, number: int) -> str:
    """The cards of one call, without their fresh uuids. Half of the patients are prefetched, half read from the server; each
    is allergic to one drug and weighs what nobody else does."""
    orders = [
        draft(DRUGS[number % 5], id="bad"),
        draft("Enoxaparin", dosage(400, "mg", route="SC", frequency=2), id="kg"),
    ]
    prefetch = {"patient": patient(birth="1980-01-01") | {"id": f"n{number}"}}
    if number % 2:
        prefetch["allergies"] = bundle(of_patient(number, allergy(DRUGS[number % 5])))
        prefetch["vitals"] = bundle(of_patient(number, measured("29463-7", 40 + number, "kg", TODAY)))
    body = call("cdss-order-sign", *orders, prefetch=prefetch, context={"patientId": f"n{number}"}, fhirServer=fhir)
    for one in body["context"]["draftOrders"]["entry"]:
        one["resource"]["subject"] = {"reference": f"Patient/n{number}"}
    cards = client.post(f"{base}/cds-services/cdss-order-sign", json=body).json()["cards"]
    return re.sub(r"'uuid': '[^']*'", "", str(cards))
