"""The bundled guidelines in a real library on disk, with the real embedder: ingested once for all tests of the service."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from cdss.api.app import create_app
from cdss.audit import Record
from cdss.llm.extractive import Extractive
from cdss.pipeline import Service
from cdss.server import open_service
from cdss.settings import Settings


@pytest.fixture(scope="session")
def service(bundled_home: Path) -> Iterator[Service]:
    """The service over the bundled guidelines, loaded."""
    opened = open_service(Settings(home=bundled_home))
    opened.warm_up()
    yield opened
    opened.close()


@pytest.fixture
def empty_service(tmp_path: Path) -> Iterator[Service]:
    """The service over a library that holds nothing."""
    opened = open_service(Settings(home=tmp_path / "empty"))
    yield opened
    opened.close()


@pytest.fixture
def recording(service: Service, tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """The loaded service with a record, a backend or a library of the test's own."""
    records: list[Record] = []

    def with_own(**parts: object) -> Service:
        records.append(Record.open(tmp_path / "own", tenant="default"))
        given: dict[str, object] = {
            "settings": service.settings,
            "library": service.library,
            "record": records[-1],
            "backend": Extractive(),
        }
        return Service(**(given | parts))  # type: ignore[arg-type]

    yield with_own
    for record in records:
        record.close()


class _Borrowed(Service):
    """A service that outlives the application it is lent to."""

    def close(self) -> None:
        return


def lend(service: Service, settings: Settings | None = None) -> Service:
    """The same service, which the application cannot close; with other ``settings`` if given."""
    return _Borrowed(
        settings=settings or service.settings, library=service.library, record=service.record, backend=service.backend
    )


@pytest.fixture
def client(service: Service) -> Iterator[TestClient]:
    """HTTP to the application over the bundled guidelines, ready."""
    app = create_app(lambda: lend(service))
    with TestClient(app, raise_server_exceptions=False) as opened:
        wait_until_ready(opened)
        yield opened


def wait_until_ready(client: TestClient) -> None:
    """Ask until the background start is over; bounded by the start itself, which cannot hang."""
    for _ in range(100_000):
        if client.get("/readyz").status_code == 200:
            return
    raise AssertionError("the application never became ready")


@pytest.fixture
def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
