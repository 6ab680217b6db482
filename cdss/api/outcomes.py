"""Errors of the CDS services as FHIR OperationOutcome, as CDS Hooks 3.0 asks for, readable for pages of other origins too."""

from __future__ import annotations

from fastapi import Request
from fastapi.responses import JSONResponse

PREFIX = "/cds-services"
_CODES = {
    400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 405: "not-supported", 408: "timeout", 409: "conflict",
    412: "required", 413: "too-long", 415: "not-supported", 422: "invalid", 429: "throttled", 503: "transient",
}  # fmt: skip
"""HTTP status to the code of an issue. Source: hl7.org/fhir/R4/valueset-issue-type.html."""


def speaks_fhir(path: str) -> bool:
    """Whether errors at ``path`` are OperationOutcomes."""
    return path == PREFIX or path.startswith(f"{PREFIX}/")


def outcome(status: int, diagnostics: str) -> JSONResponse:
    """An OperationOutcome as a response. It repeats nothing of what was sent."""
    issue = {"severity": "error", "code": _CODES.get(status, "exception"), "diagnostics": diagnostics}
    return JSONResponse({"resourceType": "OperationOutcome", "issue": [issue]}, status_code=status)


def cors_headers(request: Request) -> dict[str, str]:
    """What makes an answer that no middleware saw readable for the page that asked."""
    origin, allowed = request.headers.get("origin"), request.app.state.cdss.origins
    if not origin or not speaks_fhir(request.url.path) or ("*" not in allowed and origin not in allowed):
        return {}
    return {"access-control-allow-origin": "*" if "*" in allowed else origin, "vary": "Origin"}
