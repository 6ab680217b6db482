"""A real vLLM for tests: served from its own environment under MedGemma's name, on a free loopback port, ended with the block.

python -m tests.vllm.server [--port 8001]      serves until it is stopped
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

NAME = "google/medgemma-27b-text-it"
HOME = Path(os.environ.get("CDSS_TEST_VLLM") or Path.home() / ".cache" / "cdss" / "vllm")
UP_WITHIN_S = 420.0


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End it at once, with all its processes, as a crash would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def is_installed() -> bool:
    """Whether ``tests/vllm/install.sh`` has run."""
    return (HOME / "venv" / "bin" / "python").is_file() and (HOME / "model" / "config.json").is_file()


@contextmanager
def serving(*, port: int | None = None, log: Path | None = None, context: int = 8192) -> Iterator[Server]:
    """vLLM on CPU with the small model. Raises ``RuntimeError`` with the end of its log when it does not come up."""
    port = port or _free_port()
    command = [
        *(HOME / "venv" / "bin" / "python", "-m", "vllm.entrypoints.openai.api_server"),
        *("--model", HOME / "model", "--served-model-name", NAME),
        *("--host", "127.0.0.1", "--port", str(port)),
        *("--max-model-len", str(context), "--dtype", "bfloat16", "--enforce-eager", "--max-num-seqs", "8"),
        *("--structured-outputs-config", '{"backend": "xgrammar", "disable_any_whitespace": true}'),
    ]
    environment = os.environ | {
        "VLLM_CPU_KVCACHE_SPACE": "2",
        "VLLM_CPU_NUM_OF_RESERVED_CPU": "0",
        "HF_HUB_OFFLINE": "1",
        "VLLM_NO_USAGE_STATS": "1",
        "DO_NOT_TRACK": "1",
        "PYTHONPATH": "",
    }
    output = (log or Path(os.devnull)).open("wb")
    process = subprocess.Popen(
        command, env=environment, stdout=output, stderr=subprocess.STDOUT, cwd=HOME, start_new_session=True
    )
    try:
        _wait_until_up(process, f"http://127.0.0.1:{port}/health", log)
        yield Server(f"http://127.0.0.1:{port}/v1", process)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        output.close()


def _wait_until_up(process: subprocess.Popen[bytes], url: str, log: Path | None) -> None:
    until = time.monotonic() + UP_WITHIN_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if httpx.get(url, timeout=2, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.5)
    said = log.read_bytes()[-3000:].decode(errors="replace") if log else "no log"
    raise RuntimeError(f"vLLM did not come up: {said}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    """Serve until it is stopped."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8001)
    parser.add_argument("--log", type=Path, default=Path("vllm.log"))
    given = parser.parse_args()
    with serving(port=given.port, log=given.log) as server:
        sys.stderr.write(f"serving {NAME} at {server.url}\n")
        server.process.wait()


if __name__ == "__main__":
    main()
