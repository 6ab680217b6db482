"""The application: endpoints, limits, and a start that loads what answering needs before it says that it is ready."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cdss import __version__
from cdss.api import answers, ask, check, documents, health, passages, problems
from cdss.api.state import State
from cdss.errors import CdssError
from cdss.pipeline import Service

MAX_BODY_BYTES = 1_000_000


def create_app(open_service: Callable[[], Service]) -> FastAPI:
    """The application over what ``open_service`` opens: in the background, the embedder included, while it says "not ready"."""
    state = State()

    def start() -> None:
        try:
            state.service = open_service()
            state.service.warm_up(always=True)
            state.loaded = True
        except CdssError as error:
            state.failure = str(error)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        starting = asyncio.create_task(asyncio.to_thread(start))
        yield
        await starting
        if state.service is not None:
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
    for resource in (ask, check, answers, passages, documents, health):
        app.include_router(resource.router)
    app.add_middleware(_LimitBody)
    return app


class _LimitBody:
    """Refuses a request body over ``MAX_BODY_BYTES`` before it is read whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > MAX_BODY_BYTES:
                detail = f"The request is longer than {MAX_BODY_BYTES:,} bytes."
                await problems.problem(413, detail)(scope, receive, send)
                return
        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        await self._app(scope, replay, send)
