"""``docker-compose.yml`` and ``Dockerfile``: what they promise, and our own process with the command and environment they give.

No engine runs here. What an engine would do is done by hand: mount points are folders, names of services are addresses.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from cdss.settings import Settings
from tests.cdss.llm.scripted_server import honest, saying, serving

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OTITIS = {"question": "What dose of amoxicillin for a child with acute otitis media?"}


def value(text: str) -> str:
    """``text`` as compose reads it, with nothing set in the environment."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text).replace("$$", "$")


def test_images_are_pinned_and_everything_has_a_health_check_and_comes_back() -> None:
    assert set(SERVICES) == {"api", "qdrant", "vllm", "vllm-cpu"}
    for name, service in SERVICES.items():
        assert re.search(r":v?\d+\.\d+\.\d+$", service["image"]), name
        assert service["healthcheck"]["test"][0] == "CMD"
        assert service["restart"] == "unless-stopped"
        for volume in service["volumes"]:
            assert volume.split(":")[0] in COMPOSE["volumes"]
        for secret in service.get("secrets", ()):
            assert COMPOSE["secrets"][secret]["file"].startswith("./secrets/")
        assert not any(
            "key" in key.lower() or "token" in key.lower()
            for key in service.get("environment", {})
            if not key.endswith("_PATH")
        )
    assert "secrets/" in (ROOT / ".gitignore").read_text().splitlines()


def test_order_and_networks() -> None:
    waits = SERVICES["api"]["depends_on"]
    assert waits["qdrant"]["condition"] == "service_healthy"
    assert waits["vllm"] == waits["vllm-cpu"] == {"condition": "service_started", "required": False}
    assert SERVICES["vllm"]["profiles"] == ["gpu"]
    assert SERVICES["vllm-cpu"]["profiles"] == ["cpu"]
    assert [port for service in SERVICES.values() for port in service.get("ports", ())] == ["127.0.0.1:8000:8000"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert list(SERVICES["qdrant"]["networks"]) == ["inside"]
    for name in ("vllm", "vllm-cpu"):
        assert SERVICES[name]["networks"]["inside"]["aliases"] == ["model"]


def test_the_model_is_served_under_the_name_that_is_asked_for() -> None:
    asked = value(SERVICES["api"]["environment"]["CDSS_LLM__MODEL"])
    for name in ("vllm", "vllm-cpu"):
        assert f"--served-model-name={asked}" in SERVICES[name]["command"]
        assert "--max-model-len=8192" in SERVICES[name]["command"]
    assert "--dtype=bfloat16" in SERVICES["vllm"]["command"]
    assert Settings.model_fields["llm"].default.context_tokens == 8192


def test_the_image_is_slim_and_runs_as_nobody_in_particular() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    stages = [line for line in lines if line.startswith("FROM")]
    assert len(stages) == 2
    assert all(re.search(r"python:3\.\d+\.\d+-slim-", stage) for stage in stages)
    assert lines.index("USER cdss") > lines.index(stages[1])
    for copied in (line.split()[1:-1] for line in lines if line.startswith("COPY") and "--from" not in line):
        assert all((ROOT / name).exists() for name in copied)


@pytest.fixture
def given(bundled_home: Path, tmp_path: Path, free_port: int) -> tuple[list[str], dict[str, str]]:
    """The command and the environment of the api, as an engine would give them to the process."""
    api = SERVICES["api"]
    for secret in api["secrets"]:
        (tmp_path / secret).write_text("a-long-random-string\n")
    command = [word.replace("0.0.0.0", "127.0.0.1").replace("8000", str(free_port)) for word in api["command"]]
    environment = {name: value(text) for name, text in api["environment"].items()}
    environment["CDSS_HOME"] = str(bundled_home)
    environment["CDSS_SECRETS"] = str(tmp_path)
    return [sys.executable, "-m", "cdss.cli", *command[1:]], environment


def test_our_process_starts_with_the_command_and_environment_that_it_gives(
    given: tuple[list[str], dict[str, str]],
) -> None:
    command, environment = given
    assert environment.pop("CDSS_QDRANT__URL") == "http://qdrant:6333"  # no such server here: the index is embedded
    port = command[-1]
    with serving(saying(honest)) as model:
        environment["CDSS_LLM__BASE_URL"] = environment["CDSS_LLM__BASE_URL"].replace(
            "model:8000", f"127.0.0.1:{model.port}"
        )
        clean = {name: text for name, text in os.environ.items() if not name.startswith("CDSS_")}
        process = subprocess.Popen(command, env=clean | environment, stderr=subprocess.DEVNULL)
        try:
            url = f"http://127.0.0.1:{port}"
            assert _ready(f"{url}/readyz", process)
            answer = httpx.post(f"{url}/v1/ask", json=OTITIS, timeout=60, trust_env=False).json()
        finally:
            process.terminate()
            process.wait()
    assert answer["backend"] == "openai"
    assert answer["drafting"]["fallback"] is None
    assert answer["claims"]
    assert model.exchanges[0].headers["authorization"] == "Bearer a-long-random-string"


def _ready(url: str, process: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + 120
    while time.monotonic() < end and process.poll() is None:
        try:
            if httpx.get(url, timeout=2, trust_env=False).status_code == 200:
                return True
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    return False
