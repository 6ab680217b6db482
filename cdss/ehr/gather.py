"""The data of a call: what was prefetched, and the rest from the FHIR server if it may be asked.

What cannot be had is named with the reason. A list is whole only if its every page was read.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from cdss.ehr.call import HookCall, refuse_others
from cdss.ehr.fhir_client import MAX_PAGES, FhirError, FhirServer
from cdss.ehr.services import LISTS, OPTIONAL, PREFETCH
from cdss.errors import NotObtainable
from cdss.fhir.bundles import Page, matches, page

MAX_REFERENCES = 20
Resources = list[Mapping[str, Any]]


class Deadline:
    """When an answer has to be on its way. ``left`` is in seconds."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    @property
    def left(self) -> float:
        return self._ends - time.monotonic()


@dataclass(slots=True)
class Gathered:
    """Resources of one patient, and which lists are not whole, with the reason."""

    resources: Resources
    partial: dict[str, str] = field(default_factory=dict)


async def gather(call: HookCall, server: FhirServer | None, *, deadline: Deadline, reason: str) -> Gathered:
    """All that can be had for ``call``. ``reason`` says why there is no ``server``.

    Raises ``BadCall`` if something is about another patient, ``NotObtainable`` if the patient cannot be had.
    """
    found: Resources = []
    for key, value in call.prefetch.items():
        if key not in PREFETCH:
            found += page(value).resources
    keys = ("patient", *LISTS)
    got = await asyncio.gather(*(_one(key, call, server, deadline, reason) for key in keys))
    partial: dict[str, str] = {}
    for key, (resources, flaw) in zip(keys, got, strict=True):
        found += resources
        if flaw and key in LISTS and not (key in OPTIONAL and key not in call.prefetch):
            partial.setdefault(LISTS[key], flaw)
    for resource in found:
        refuse_others(resource, call.patient_id, "prefetch")
    if not any(one.get("resourceType") == "Patient" for one in found):
        flaw = got[0][1] or "it was not given"
        raise NotObtainable(f"The Patient resource could not be had: {flaw}.")
    if server is not None:
        found += await _referenced(found, server, deadline)
    return Gathered(_unique(found), partial)


async def _one(
    key: str, call: HookCall, server: FhirServer | None, deadline: Deadline, reason: str
) -> tuple[Resources, str | None]:
    """What there is of one prefetch template, and why it is not all."""
    given = page(call.prefetch.get(key))
    if (
        given.flaw is None
        and given.following is None
        and _all_there(given, key)
        and (given.resources or key != "patient")
    ):
        return list(given.resources), None
    if server is None:
        kept = given.resources if key not in _SORTED or _newest_first(given.resources) else ()
        what = given.flaw or ("it has more pages" if given.following is not None else "only a part of it was given")
        return list(kept), f"{what}, and {reason}"
    start = given.following if given.flaw is None and given.following else None
    first = [] if start is None else list(given.resources)
    address = start or PREFETCH[key].replace("{{context.patientId}}", quote(call.patient_id, safe=""))
    try:
        return first + await _pages(address, server, deadline, key), None
    except FhirError as error:
        kept = given.resources if key not in _SORTED or _newest_first(given.resources) else ()
        return list(kept), str(error)


_SORTED = frozenset(("laboratory", "vitals", "pregnancy"))
"""Lists of which the newest are enough, if they come first."""


async def _pages(address: str, server: FhirServer, deadline: Deadline, key: str) -> Resources:
    found: Resources = []
    for _ in range(MAX_PAGES):
        one = page(await server.get_within(address, deadline.left))
        if one.flaw is not None:
            raise FhirError(one.flaw)
        found += one.resources
        if one.following is None or (key in _SORTED and _newest_first(tuple(found))):
            return found
        address = one.following
    raise FhirError("it has more pages than are read")


def _all_there(given: Page, key: str) -> bool:
    """Whether no fewer were given than the bundle's total says; of a sorted list the newest are enough."""
    if given.total is None or key == "patient":
        return True
    kind = PREFETCH[key].split("?", 1)[0]
    return matches(given.resources, kind) >= given.total or (key in _SORTED and _newest_first(given.resources))


def _newest_first(resources: tuple[Mapping[str, Any], ...]) -> bool:
    days = [str(one.get("effectiveDateTime") or "") for one in resources if one.get("resourceType") == "Observation"]
    return bool(days) and all(days) and days == sorted(days, reverse=True)


async def _referenced(found: Resources, server: FhirServer, deadline: Deadline) -> Resources:
    """Medication resources that orders refer to and that were not sent along; what cannot be had stays unread."""
    there = {f"Medication/{one.get('id')}" for one in found if one.get("resourceType") == "Medication"}
    wanted = {
        address
        for one in found
        if isinstance(reference := one.get("medicationReference"), Mapping)
        and isinstance(address := reference.get("reference"), str)
        and not address.startswith("#")
        and "/".join(address.split("/")[-2:]) not in there
    }
    asked = (server.get_within(one, deadline.left) for one in sorted(wanted)[:MAX_REFERENCES])
    answers = await asyncio.gather(*asked, return_exceptions=True)
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, FhirError):
            raise answer
    return [one for one in answers if isinstance(one, Mapping) and one.get("resourceType") == "Medication"]


def _unique(found: Resources) -> Resources:
    """Each resource once; the last one sent counts."""
    kept: dict[object, Mapping[str, Any]] = {}
    for number, one in enumerate(found):
        known = one.get("resourceType"), one.get("id")
        kept[known if isinstance(known[1], str) else number] = one
    return list(kept.values())
