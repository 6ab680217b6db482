"""The application with EHR settings of the test's own, over the loaded service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from cdss.api.app import create_app
from cdss.pipeline import Service
from cdss.settings import EhrSettings
from tests.cdss.conftest import lend, wait_until_ready
from tests.cdss.ehr.ehr_server import EhrServer, ehr_server


@pytest.fixture
def ehr() -> Iterator[EhrServer]:
    with ehr_server() as server:
        yield server


@pytest.fixture
def with_ehr(service: Service, tmp_path: Path) -> Iterator[Callable[..., TestClient]]:
    """Opens the application with these EHR settings, its journal in a folder of the test."""
    with ExitStack() as opened:

        def open_one(**given: object) -> TestClient:
            settings = service.settings.model_copy(
                update={"ehr": EhrSettings.model_validate({"deadline_s": 60, **given}), "home": tmp_path / "home"}
            )
            lent = lend(service, settings=settings)
            client = opened.enter_context(TestClient(create_app(lambda: lent), base_url="http://localhost"))
            wait_until_ready(client)
            return client

        yield open_one
