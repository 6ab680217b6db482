"""One CDS Hooks call, read from what the client sent: strict about whom and what it is for, lenient about the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cdss.ehr.services import CdsService
from cdss.errors import BadCall

MAX_DRAFTS = 100


@dataclass(frozen=True, slots=True)
class HookCall:
    """What is asked, for whom. ``drafts`` are the resources of the draft bundle; ``selected`` their ids, ``None`` for all.

    ``token`` opens the FHIR server for this call alone: it is not shown, not logged and not kept.
    """

    service: CdsService
    instance: str
    patient_id: str
    drafts: tuple[Mapping[str, Any], ...]
    selected: frozenset[str] | None
    prefetch: Mapping[str, Any]
    fhir_server: str | None
    token: str | None = field(repr=False, default=None)


def read_call(body: object, service: CdsService) -> HookCall:
    """The call that ``body`` holds. Raises ``BadCall`` naming what is missing or contradicts itself."""
    if not isinstance(body, Mapping):
        raise BadCall("The body is not a JSON object.")
    hook = _string(body, "hook")
    if hook != service.hook:
        raise BadCall(f"The service {service.id} is for the hook {service.hook}.")
    instance, context = _string(body, "hookInstance"), body.get("context")
    if not isinstance(context, Mapping):
        raise BadCall("context is missing, or is no object.")
    patient_id = _string(context, "patientId", within="context.").removeprefix("Patient/")
    _string(context, "userId", within="context.")
    if not patient_id:
        raise BadCall("context.patientId is missing, or is no text.")
    drafts: tuple[Mapping[str, Any], ...] = ()
    selected: frozenset[str] | None = None
    if service.hook != "patient-view":
        drafts = _drafts(context.get("draftOrders"))
    if service.hook == "order-select":
        selected = _selected(context.get("selections"))
    authorization = body.get("fhirAuthorization")
    token = authorization.get("access_token") if isinstance(authorization, Mapping) else None
    granted = authorization.get("patient") if isinstance(authorization, Mapping) else None
    if isinstance(granted, str) and granted.removeprefix("Patient/") != patient_id:
        raise BadCall("fhirAuthorization is for another patient than context.patientId.")
    prefetch, server = body.get("prefetch"), body.get("fhirServer")
    call = HookCall(
        service,
        instance,
        patient_id,
        drafts,
        selected,
        prefetch if isinstance(prefetch, Mapping) else {},
        server if isinstance(server, str) and server else None,
        token if isinstance(token, str) and token else None,
    )
    for resource in drafts:
        refuse_others(resource, patient_id, "draftOrders")
    return call


def _string(given: Mapping[str, Any], name: str, *, within: str = "") -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadCall(f"{within}{name} is missing, or is no text.")
    return value.strip()


def _drafts(bundle: object) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(bundle, Mapping):
        raise BadCall("context.draftOrders is missing, or is no bundle.")
    entries = bundle.get("entry")
    if entries is None:
        return ()
    if not isinstance(entries, list):
        raise BadCall("context.draftOrders.entry is no list.")
    if len(entries) > MAX_DRAFTS:
        raise BadCall(f"context.draftOrders has more than {MAX_DRAFTS} entries.")
    resources = (entry.get("resource") for entry in entries if isinstance(entry, Mapping))
    return tuple(resource for resource in resources if isinstance(resource, Mapping))


def _selected(selections: object) -> frozenset[str]:
    if not isinstance(selections, list):
        raise BadCall("context.selections is missing, or is no list.")
    return frozenset(one.rsplit("/", 1)[-1] for one in selections if isinstance(one, str))


def refuse_others(resource: Mapping[str, Any], patient_id: str, where: str) -> None:
    """Raise ``BadCall`` if ``resource`` says that it is about somebody else than the patient of the call."""
    for said in _about(resource):
        if said != patient_id:
            raise BadCall(f"{where} holds a resource about another patient than context.patientId.")


def _about(resource: Mapping[str, Any]) -> Iterator[str]:
    """The id of the patient that ``resource`` is about, if it names one in a way that can be compared."""
    if resource.get("resourceType") == "Patient" and isinstance(resource.get("id"), str):
        yield resource["id"]
    for name in ("subject", "patient"):
        reference = resource.get(name)
        address = reference.get("reference") if isinstance(reference, Mapping) else None
        if isinstance(address, str) and "Patient/" in address:
            yield address.rsplit("Patient/", 1)[1].split("/_history", 1)[0]
