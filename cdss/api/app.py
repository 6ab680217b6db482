"""The application: endpoints, limits, and a start that loads what answering needs before it says that it is ready."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI

from cdss import __version__
from cdss.api import (
    answers,
    ask,
    ask_stream,
    cds_feedback,
    cds_services,
    check,
    documents,
    health,
    notices,
    page,
    passages,
    problems,
    reviews,
    smart,
)
from cdss.api.edge import CdsCors, CheckHost, LimitBody
from cdss.api.keys import CheckKey
from cdss.api.state import State
from cdss.ehr.door import Ehr, warm_up_rules
from cdss.errors import CdssError
from cdss.keys import Keys
from cdss.pipeline import Service


def create_app(
    open_service: Callable[[], Service],
    *,
    hosts: frozenset[str] | None = None,
    origins: tuple[str, ...] = ("*",),
    frame_ancestors: tuple[str, ...] = (),
    keys: Keys | None = None,
    when_ready: Callable[[], None] = lambda: None,
) -> FastAPI:
    """The application over what ``open_service`` opens: in the background, the embedder included, while it says "not ready".

    ``hosts`` are the names that are answered beside those of this machine (``None``: whatever name is used, for an application
    that no network reaches); ``origins`` those whose pages may call the CDS services, ``frame_ancestors`` those that may show
    the page in a frame, ``keys`` the API keys without which nothing is answered, if there are any. ``when_ready`` is called
    before the first answer.
    """
    state = State(origins=origins, keys=keys)

    def start() -> None:
        try:
            state.service = open_service()
            state.ehr = Ehr.open(state.service.settings)
            state.service.warm_up(always=True)
            warm_up_rules()
            when_ready()
            state.loaded = True
        except CdssError as error:
            state.failure = str(error)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        starting = asyncio.create_task(asyncio.to_thread(start))
        yield
        await starting
        if state.ehr is not None:
            await state.ehr.close()
        if state.service is not None:
            await state.service.backend.close()
            state.service.close()

    app = FastAPI(
        title="cdss",
        version=__version__,
        summary="Clinical decision support that quotes its guidelines and checks every sentence before it is shown",
        description="Decision support for professionals; not a medical device. You decide.",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=lifespan,
    )
    app.state.cdss = state
    problems.install(app)
    for resource in (
        ask,
        ask_stream,
        notices,
        check,
        answers,
        reviews,
        passages,
        documents,
        cds_services,
        cds_feedback,
        smart,
        health,
    ):
        app.include_router(resource.router)
    page.install(app, frame_ancestors=frame_ancestors)
    app.add_middleware(LimitBody)
    app.add_middleware(CheckKey, keys=lambda: state.keys, state=state)
    app.add_middleware(CdsCors, origins=origins)
    if hosts is not None:
        app.add_middleware(CheckHost, names=hosts)
    return app
