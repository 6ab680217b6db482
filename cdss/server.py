"""Opens the service and serves it. Called from the command line; nothing here runs at import."""

from __future__ import annotations

import gc
import logging
import sys
import traceback

from cdss.addresses import is_loopback
from cdss.audit import Record
from cdss.errors import Unavailable
from cdss.keys import Keys, KeysUnreadable
from cdss.llm import BACKENDS
from cdss.pipeline import Service
from cdss.second_reader import open_reader
from cdss.settings import Settings
from checkers.rules import RULES
from guidelines.errors import LibraryError
from guidelines.library import open_library


def open_service(settings: Settings) -> Service:
    """The service that ``settings`` describe. Raises ``CdssError``; the embedder is loaded with the first question."""
    try:
        library = open_library(settings)
    except LibraryError as error:
        raise Unavailable(str(error)) from error
    record = Record.open(settings.home, tenant=settings.tenant)
    reader = open_reader(settings.second_reader)
    return Service(
        settings=settings,
        library=library,
        record=record,
        backend=BACKENDS[settings.backend](settings),
        rules=RULES if reader is None else (*RULES, reader),
    )


def settle() -> None:
    """Let the process wait for questions: what it has loaded is never searched for garbage again, which would hold everything
    up for a tenth of a second, and a thread that computes lets the event loop in after one millisecond instead of five."""
    gc.collect()
    gc.freeze()
    sys.setswitchinterval(0.001)


class WithoutWords(logging.Filter):
    """Takes the words of an error out of a log's traceback, for they may hold what was asked; its kind and place stay."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always true: nothing is left out but words."""
        if record.exc_info and record.exc_info[0]:
            kind, _, place = record.exc_info
            record.exc_info, record.exc_text = None, "".join(traceback.format_tb(place)) + kind.__qualname__
        return True


def run_server(settings: Settings, *, host: str, port: int) -> str | None:
    """Serve until stopped. Returns at once, with the reason, when it may not listen on ``host``."""
    try:
        keys = Keys.of(settings.home)
        has_keys = bool(keys.all())
    except KeysUnreadable as error:
        return f"{error}. Put it right, or take it away and make new keys with: cdss keys add NAME"
    if not is_loopback(host) and not (settings.server.network_is_guarded or has_keys):
        return (
            f"{host} can be reached from other machines, and this service has no login. "
            "Make an API key with: cdss keys add NAME --scope ask, "
            "or put a gateway that authenticates in front of it and say so with CDSS_SERVER__NETWORK_IS_GUARDED=true, "
            "or listen on 127.0.0.1."
        )
    import uvicorn

    from cdss.api.app import create_app
    from cdss.api.edge import host_names

    names = host_names(allowed=settings.server.allowed_hosts, listening=host, public_url=settings.ehr.public_url)
    app = create_app(
        lambda: open_service(settings),
        hosts=names,
        origins=settings.ehr.origins,
        frame_ancestors=settings.ehr.frame_ancestors,
        keys=keys,
        when_ready=settle,
    )
    for name in ("uvicorn.error", "asyncio"):
        logging.getLogger(name).addFilter(WithoutWords())
    uvicorn.run(app, host=host, port=port, log_level="info", access_log=False, server_header=False)
    return None
