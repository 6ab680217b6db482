"""``/cds-services``: discovery and calls of the CDS services, CDS Hooks 2.0."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from cdss.api.state import EhrNow, ServiceNow
from cdss.clock import today
from cdss.ehr.call import read_call
from cdss.ehr.services import SERVICES, CdsService
from cdss.errors import BadCall, NotFound, NotJson

router = APIRouter(tags=["cds-hooks"])
LAUNCH = "/app/launch"


@router.get("/cds-services")
def discovery() -> JSONResponse:
    """The services that are offered, with what they want prefetched."""
    return JSONResponse({"services": [service.described() for service in SERVICES.values()]})


@router.post("/cds-services/{service_id}")
async def call_service(service_id: str, request: Request, ehr: EhrNow, service: ServiceNow) -> JSONResponse:
    """Cards for one hook call; 412 where the patient's data cannot be had."""
    asked = known(service_id)
    base = public_base(request, ehr.settings.public_url)
    actor = await ehr.trust.check(request.headers.get("authorization"), address=f"{base}/cds-services/{service_id}")
    call = read_call(await body_of(request), asked)
    return JSONResponse(await ehr.answer(call, service, actor=actor, today=today(), app_url=f"{base}{LAUNCH}"))


def known(service_id: str) -> CdsService:
    """The service of that id. Raises ``NotFound``."""
    if service_id not in SERVICES:
        raise NotFound("There is no CDS service with this id.")
    return SERVICES[service_id]


def public_base(request: Request, public_url: str | None) -> str:
    """The address by which this service is reached, without a slash at its end."""
    return (public_url or str(request.base_url)).rstrip("/")


async def body_of(request: Request) -> Any:
    """The JSON that was sent. Raises ``BadCall``, or ``NotJson`` where it does not say that it is JSON.

    A page elsewhere may send text and forms without asking first, and JSON only after a preflight.
    """
    kind = request.headers.get("content-type", "").split(";", 1)[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise NotJson("The body has to be JSON, and to say so: Content-Type: application/json.")
    try:
        return json.loads((await request.body()).decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError:
        raise BadCall("The body is not UTF-8.") from None
    except json.JSONDecodeError as error:
        raise BadCall(f"The body is not JSON: {error.msg}, at character {error.pos + 1}.") from None
    except (ValueError, RecursionError):
        raise BadCall("The body is not JSON that can be read.") from None


def _refuse(constant: str) -> None:
    """NaN and the infinities, which Python reads and JSON does not have."""
    raise ValueError(constant)
