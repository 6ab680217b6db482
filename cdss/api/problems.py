"""Errors as RFC 9457 problem documents: what happened, which field, and never what the caller sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from cdss.api import outcomes
from cdss.errors import (
    BadCall,
    Busy,
    CdssError,
    InvalidInput,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    NotJson,
    NotObtainable,
    NotRecorded,
    Unavailable,
)

MEDIA_TYPE = "application/problem+json"
DEFECT = "This is a defect of the service. No answer was given."

_STATUS: Mapping[type[CdssError], HTTPStatus] = {
    InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    BadCall: HTTPStatus.BAD_REQUEST,
    NotJson: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    NotAllowed: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    NotObtainable: HTTPStatus.PRECONDITION_FAILED,
    NotRecorded: HTTPStatus.SERVICE_UNAVAILABLE,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
}


class FieldError(BaseModel):
    """One part of the request that is wrong."""

    field: str = Field(examples=["patient.weight_kg"])
    message: str = Field(examples=["Input should be greater than 0"])


class Problem(BaseModel):
    """RFC 9457. ``errors`` names the fields when some of them are wrong."""

    type: str = "about:blank"
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    detail: str | None = Field(None, examples=["patient.weight_kg: Input should be greater than 0"])
    errors: list[FieldError] | None = None


RESPONSES: dict[int | str, dict[str, Any]] = {
    code: {"model": Problem, "content": {MEDIA_TYPE: {}}, "description": HTTPStatus(code).phrase}
    for code in (401, 403, 404, 413, 422, 503)
}


def responses(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The problem documents that an endpoint may answer with, for its OpenAPI page."""
    return {code: RESPONSES[code] for code in codes}


def problem(status: int, detail: str | None = None, errors: Sequence[FieldError] = ()) -> JSONResponse:
    """A problem document as a response."""
    title = HTTPStatus(status).phrase
    body = Problem(title=title, status=status, detail=detail, errors=list(errors) or None)
    return JSONResponse(body.model_dump(exclude_none=True), status_code=status, media_type=MEDIA_TYPE)


def told(request: Request, status: int, detail: str | None = None, errors: Sequence[FieldError] = ()) -> JSONResponse:
    """The error in the form that the door speaks: an OperationOutcome under ``/cds-services``, else a problem document."""
    if outcomes.speaks_fhir(request.url.path):
        return outcomes.outcome(status, detail or HTTPStatus(status).phrase)
    return problem(status, detail, errors)


def of(error: CdssError, *, fhir: bool = False) -> JSONResponse:
    """An error that is told: as an OperationOutcome if ``fhir``, else as a problem document."""
    status = _STATUS[type(error)]
    fields = [FieldError(field=error.field, message=str(error))] if isinstance(error, InvalidInput) else []
    response = outcomes.outcome(status, str(error)) if fhir else problem(status, str(error), fields)
    if isinstance(error, NotAuthenticated):
        response.headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, Busy):
        response.headers["Retry-After"] = str(error.retry_after_s)
    return response


def install(app: FastAPI) -> None:
    """Translate every error that can leave an endpoint."""

    @app.exception_handler(CdssError)
    def known(request: Request, error: CdssError) -> JSONResponse:
        return of(error, fhir=outcomes.speaks_fhir(request.url.path))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        fields = [FieldError(field=_name(item["loc"]), message=item["msg"]) for item in error.errors()]
        return told(request, 422, "; ".join(f"{item.field}: {item.message}" for item in fields[:5]), fields)

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> JSONResponse:
        detail = error.detail if error.detail != HTTPStatus(error.status_code).phrase else None
        response = told(request, error.status_code, detail)
        response.headers.update(error.headers or {})
        return response

    @app.exception_handler(500)
    def defect(request: Request, _error: Exception) -> JSONResponse:
        response = told(request, 500, DEFECT)
        response.headers.update(outcomes.cors_headers(request))
        return response


def _name(location: Sequence[str | int]) -> str:
    """``("body", "patient", "weight_kg")`` to ``patient.weight_kg``; a body that is no JSON is called ``body``."""
    inner = [str(part) for part in location if part not in ("body", "query", "path")]
    return ".".join(inner) or "body"
