"""What the endpoints share: the service and how far it has come in starting."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from cdss.ehr.door import Ehr
from cdss.errors import Unavailable
from cdss.keys import Keys
from cdss.pipeline import Service


@dataclass(slots=True)
class State:
    """Set once by the application's lifespan. ``loaded`` turns true when the embedder has embedded its first text."""

    service: Service | None = None
    loaded: bool = False
    failure: str | None = field(default=None)
    ehr: Ehr | None = None
    keys: Keys | None = None
    origins: tuple[str, ...] = ("*",)


async def _service(request: Request) -> Service:
    state: State = request.app.state.cdss
    if state.service is None:
        raise Unavailable(state.failure or "The service is starting. Try again in a few seconds.")
    return state.service


async def _ehr(request: Request) -> Ehr:
    state: State = request.app.state.cdss
    if state.ehr is None:
        raise Unavailable(state.failure or "The service is starting. Try again in a few seconds.")
    return state.ehr


EhrNow = Annotated[Ehr, Depends(_ehr)]
"""What the EHR's door needs."""
ServiceNow = Annotated[Service, Depends(_service)]
"""The service, or a 503 problem while it is not there."""
