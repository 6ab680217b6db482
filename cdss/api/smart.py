"""``/app/launch``, ``/app/callback``, ``/app/session``: SMART App Launch for the page."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel

from cdss.api.cds_services import public_base
from cdss.api.state import EhrNow
from cdss.clock import today
from cdss.errors import BadCall, NotAuthenticated
from checkers.types import Patient

router = APIRouter(tags=["page"], include_in_schema=False)
LAUNCH_COOKIE, SESSION_COOKIE = "cdss_launch", "cdss_session"


class ShownFact(BaseModel):
    """A fact with where it is from."""

    name: str
    value: float | str | bool
    unit: str | None
    on: date | None
    source: str | None
    note: str | None


class ShownGap(BaseModel):
    """Something recorded that cannot be used, and why."""

    fact: str
    reason: str


class ShownChart(BaseModel):
    """The chart as the page shows it."""

    patient: Patient
    facts: list[ShownFact]
    gaps: list[ShownGap]
    partial: dict[str, str]


class ShownSession(BaseModel):
    """What a launch led to."""

    chart: ShownChart
    question: str | None


@router.get("/app/launch")
async def launch(request: Request, ehr: EhrNow, iss: str = "", launch: str | None = None) -> Response:
    """Where an EHR opens the page; without ``launch`` the page asks for a patient itself."""
    if not iss:
        raise BadCall("iss is missing: the address of the EHR's FHIR server.")
    base = public_base(request, ehr.settings.public_url)
    url, browser = await ehr.smart.begin(iss, launch, redirect_uri=f"{base}/app/callback")
    return _with_cookie(RedirectResponse(url, status_code=302), LAUNCH_COOKIE, browser, base, 600)


@router.get("/app/callback")
async def callback(request: Request, ehr: EhrNow, code: str = "", state: str = "", error: str = "") -> Response:
    """Where the EHR sends the browser back."""
    if error or not code or not state:
        raise NotAuthenticated("The EHR did not give access.")
    browser = request.cookies.get(LAUNCH_COOKIE)
    name = await ehr.smart.finish(code, state, browser=browser, today=today())
    base = public_base(request, ehr.settings.public_url)
    response = _with_cookie(RedirectResponse("/app/", status_code=303), SESSION_COOKIE, name, base, 3600)
    response.delete_cookie(LAUNCH_COOKIE, path="/")
    return response


@router.get("/app/session", response_model=ShownSession)
def session(request: Request, response: Response, ehr: EhrNow) -> ShownSession | Response:
    """The chart of this browser's launch; 204 without one."""
    found = ehr.smart.session(request.cookies.get(SESSION_COOKIE))
    if found is None:
        return Response(status_code=204, headers={"cache-control": "no-store"})
    response.headers["cache-control"] = "no-store"
    chart = found.chart
    shown = ShownChart(
        patient=chart.patient,
        facts=[ShownFact(**{name: getattr(fact, name) for name in ShownFact.model_fields}) for fact in chart.facts],
        gaps=[ShownGap(fact=gap.fact, reason=gap.reason) for gap in chart.gaps],
        partial=dict(chart.partial),
    )
    return ShownSession(chart=shown, question=found.question)


def _with_cookie(response: Response, name: str, value: str, base: str, seconds: int) -> Response:
    """A cookie that no script reads; inside the EHR's frame only over HTTPS, and there kept apart by site."""
    flags = "SameSite=None; Secure; Partitioned" if base.startswith("https://") else "SameSite=Lax"
    response.headers.append("set-cookie", f"{name}={value}; Max-Age={seconds}; Path=/; HttpOnly; {flags}")
    return response
