"""One real vLLM for all tests of this folder, and the service that asks it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cdss.llm.chat import Chat
from cdss.llm.drafting import Model
from cdss.server import open_service
from cdss.service import Service
from cdss.settings import LlmSettings, Settings
from tests.vllm.server import Server, is_installed, serving

PATIENCE = {
    "connect_s": 5,
    "first_token_s": 90,
    "total_s": 110,
    "retries": 1,
    "draft_tokens": 160,
    "context_tokens": 4096,
}
"""Two processors that do other work besides draft some tokens a second."""


@pytest.fixture(scope="session")
def vllm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server, up."""
    if not is_installed():
        if os.environ.get("CDSS_TEST_VLLM_REQUIRED"):
            pytest.fail("tests/vllm/install.sh has not run")
        pytest.skip("vLLM is set up by tests/vllm/install.sh; make test-vllm does it")
    with serving(log=tmp_path_factory.mktemp("vllm") / "log", context=4096) as server:
        yield server


@pytest.fixture
def asked_of(bundled_home: Path) -> Iterator[Callable[..., Service]]:
    """Opens the service over the bundled guidelines with the model at an address."""
    opened: list[Service] = []

    def open_one(url: str, **llm: Any) -> Service:
        settings = Settings.model_validate({"home": bundled_home, "retrieval": {"passages": 2}})
        service = open_service(settings)
        chat = Chat(LlmSettings.model_validate({"base_url": url, **PATIENCE, **llm}))
        own = Service(settings=settings, library=service.library, record=service.record, backend=Model(chat))
        own.warm_up()
        opened.append(service)
        return own

    yield open_one
    for service in opened:
        service.close()
