"""Opens the service and serves it. Called from the command line; nothing here runs at import."""

from __future__ import annotations

import ipaddress

from cdss.audit import Record
from cdss.errors import Unavailable
from cdss.llm import BACKENDS
from cdss.pipeline import Service
from cdss.settings import Settings
from guidelines.errors import LibraryError
from guidelines.library import open_library


def open_service(settings: Settings) -> Service:
    """The service that ``settings`` describe. Raises ``CdssError``; the embedder is loaded with the first question."""
    try:
        library = open_library(settings)
    except LibraryError as error:
        raise Unavailable(str(error)) from error
    record = Record.open(settings.home, tenant=settings.tenant)
    return Service(settings=settings, library=library, record=record, backend=BACKENDS[settings.backend]())


def run_server(settings: Settings, *, host: str, port: int) -> str | None:
    """Serve until stopped. Returns at once, with the reason, when it may not listen on ``host``."""
    if not _is_loopback(host) and not settings.server.network_is_guarded:
        return (
            f"{host} can be reached from other machines, and this service has no login. "
            "Put a gateway that authenticates in front of it and say so with CDSS_SERVER__NETWORK_IS_GUARDED=true, "
            "or listen on 127.0.0.1."
        )
    import uvicorn

    from cdss.api.app import create_app

    app = create_app(lambda: open_service(settings))
    uvicorn.run(app, host=host, port=port, log_level="info", access_log=False, server_header=False)
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
