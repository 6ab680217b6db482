"""The examples for integrators are run as they stand, but for the port, against the command itself."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

PAGE = Path(__file__).parents[3] / "docs" / "ehr.md"
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
CURLS = [block for block in BLOCKS if block.startswith("curl")]


@pytest.fixture(scope="module")
def served(bundled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`cdss serve` on a port of the system's choosing, ready."""
    environment = os.environ | {"CDSS_HOME": str(bundled_home), "CDSS_EHR__DEADLINE_S": "60"}
    command = [sys.executable, "-m", "cdss.cli", "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        said = next(line for line in process.stderr if "Uvicorn running on" in line)
        base = re.search(r"http://[\d.:]+", said)
        assert base is not None
        for _ in range(100_000):
            if httpx.get(f"{base[0]}/readyz").status_code == 200:
                break
        yield base[0]
        process.terminate()
        process.stderr.read()


def run(block: str, base: str) -> str:
    arguments = shlex.split(block.replace("http://localhost:8000", base))
    return subprocess.run(arguments, capture_output=True, text=True, check=True, timeout=120).stdout


def test_the_examples_work(served: str) -> None:
    discovery, sign, feedback = (run(block, served) for block in CURLS)
    assert {one["id"] for one in json.loads(discovery)["services"]} == {
        "cdss-patient-view", "cdss-order-select", "cdss-order-sign"
    }  # fmt: skip
    cards = json.loads(sign)["cards"]
    assert [card["indicator"] for card in cards] == ["critical", "info"]
    assert len(cards[0]["suggestions"]) == 3
    assert feedback.startswith("HTTP/1.1 200")


def test_every_setting_that_is_named_is_one() -> None:
    from cdss.settings import EhrSettings, ServerSettings

    for group, name in re.findall(r"CDSS_(EHR|SERVER)__([A-Z_]+)", PAGE.read_text()):
        fields = (EhrSettings if group == "EHR" else ServerSettings).model_fields
        assert name.lower() in fields, name
