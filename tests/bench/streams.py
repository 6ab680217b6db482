"""What everything but the model adds, and how many streams are carried at once, with a model that answers at a fixed pace.

    python -m tests.bench.streams [--questions 40] [--streams 64] [--home DIR]

The service is a process of its own, reached over HTTP; model and clients are here. Times are compared on the system's monotonic
clock. Exits with 1 when a bound of the table is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx

from cdss.settings import Settings
from guidelines.library import open_library
from ingest.pipeline import add
from tests.cdss.llm.scripted_server import Exchange, Server, honest, serving

ROOT = Path(__file__).parents[2]
SIZE = 16
BOUNDS = {"added": 60.0, "passages": 150.0, "claim": 20.0, "blocked": 50.0}
CHILD = """
import asyncio, json, resource, sys, time
from contextlib import asynccontextmanager
import uvicorn
from cdss.api.app import create_app
from cdss.server import open_service, settle
from cdss.settings import Settings

async def watch(worst):
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        worst.append(time.perf_counter() - began - 0.005)

app = create_app(lambda: open_service(Settings()), when_ready=settle)
lags = []

@app.get("/lags")
async def told():
    now = sorted(lags)
    lags.clear()
    return {"worst": 1000 * now[-1] if now else 0, "p99": 1000 * now[int(len(now) * .99)] if now else 0,
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}

async def main():
    watching = asyncio.create_task(watch(lags))
    config = uvicorn.Config(app, port=int(sys.argv[1]), log_level="error", access_log=False)
    await uvicorn.Server(config).serve()

asyncio.run(main())
"""


@contextlib.contextmanager
def service(home: Path, model: Server, **llm: object) -> Iterator[str]:
    """The service with the scripted model, ready."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "CDSS_HOME": str(home),
        "CDSS_BACKEND": "openai",
        "CDSS_LLM__BASE_URL": model.url,
        **{f"CDSS_LLM__{name.upper()}": str(given) for name, given in llm.items()},
    }
    process = subprocess.Popen([sys.executable, "-c", CHILD, str(port)], env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{url}/readyz", trust_env=False, timeout=5).status_code == 200:
                    break
            if process.poll() is not None:
                raise SystemExit("the service ended")
            time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


async def events(client: httpx.AsyncClient, url: str, question: str) -> AsyncIterator[tuple[str, float, str]]:
    """Each event of a stream, when it came, and its data."""
    async with client.stream("POST", f"{url}/v1/ask/stream", json={"question": question}) as response:
        name = ""
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                yield name, time.perf_counter(), line[6:]


def paced(pace_s: float, ends: dict[int, float]) -> object:
    """An honest model that says sixteen characters every ``pace_s``; when its first claim was complete goes to ``ends``."""

    async def script(exchange: Exchange) -> None:
        text = honest(exchange)
        first = text.find("}, {", text.index('"claims"')) + 1 or len(text) - 2
        await exchange.begin()
        for at in range(0, len(text), SIZE):
            await asyncio.sleep(pace_s)
            await exchange.piece(text[at : at + SIZE])
            if at < first <= at + SIZE:
                ends[exchange.number] = exchange.sent[-1]
        await exchange.end()

    return script


async def one_by_one(url: str, questions: list[str], model: Server, ends: dict[int, float]) -> dict[str, list[float]]:
    """Milliseconds of each question: all but the model and its parts, passages, first claim after its last token.

    The model's time is from the arrival of the whole request to its last token.
    """
    found: dict[str, list[float]] = {"added": [], "passages": [], "asked": [], "sealed": [], "claim": []}
    async with httpx.AsyncClient(trust_env=False, timeout=120) as client:
        for warm, question in [*((True, q) for q in questions[:3]), *((False, q) for q in questions)]:
            before, began = len(model.exchanges), time.perf_counter()
            came: dict[str, float] = {}
            async for name, at, _ in events(client, url, question):
                came.setdefault(name, at)
            if warm or len(model.exchanges) == before:
                continue
            spent = sum(one.sent[-1] - one.arrived for one in model.exchanges[before:])
            found["added"].append(1000 * (came["done"] - began - spent))
            found["asked"].append(1000 * (model.exchanges[before].arrived - came["passages"]))
            found["sealed"].append(1000 * (came["done"] - model.exchanges[-1].sent[-1]))
            found["passages"].append(1000 * (came["passages"] - began))
            if before in ends and "claim" in came:
                found["claim"].append(1000 * (came["claim"] - ends[before]))
    return found


async def all_at_once(url: str, questions: list[str], streams: int) -> tuple[int, int]:
    """Streams that ended well of those that stayed; every fourth client goes away after its passages."""
    async with httpx.AsyncClient(trust_env=False, timeout=300, limits=httpx.Limits(max_connections=None)) as client:

        async def one(number: int) -> bool | None:
            last = ""
            async for name, _, _ in events(client, url, questions[number % len(questions)]):
                last = name
                if number % 4 == 3 and name == "passages":
                    return None
            return last == "done"

        ended = await asyncio.gather(*(one(number) for number in range(streams)))
    stayed = [end for end in ended if end is not None]
    return sum(stayed), len(stayed)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--questions", type=int, default=40)
    parser.add_argument("--streams", type=int, default=64)
    parser.add_argument("--home", type=Path, help="a home that holds the bundled guidelines")
    given = parser.parse_args()
    cases = tomllib.loads((ROOT / "tests/eval/answers_bundled.toml").read_text("utf-8"))["case"]
    questions = [case["question"] for case in cases][: given.questions]
    ends: dict[int, float] = {}
    missed = False
    with tempfile.TemporaryDirectory() as scratch:
        home = given.home or Path(scratch)
        if given.home is None:
            with open_library(Settings(home=home)) as library:
                add(library, [ROOT / "guidelines" / "documents"], actor="bench")
        with serving(paced(0.01, ends)) as model, service(home, model) as url:  # type: ignore[arg-type]
            found = asyncio.run(one_by_one(url, questions, model, ends))
            for name, words in (
                ("added", "all but the model, p50 / p95"),
                ("passages", "first passages, p50 / p95"),
                ("asked", "from passages to the model, p50 / p95"),
                ("sealed", "from its last token to the end, p50 / p95"),
                ("claim", "first claim after its last token, p50 / p95"),
            ):
                p50, p95 = statistics.median(found[name]), statistics.quantiles(found[name], n=20)[-1]
                bound = f" (bound {BOUNDS[name]:.0f})" if name in BOUNDS else ""
                sys.stdout.write(f"{words:46} {p50:7.1f} / {p95:.1f} ms of {len(found[name])}{bound}\n")
                missed |= p50 > BOUNDS.get(name, p50)
        with serving(paced(0.1, {})) as model, service(home, model, at_once=64, total_s=200) as url:  # type: ignore[arg-type]
            asyncio.run(all_at_once(url, questions, 4))
            before = httpx.get(f"{url}/lags", trust_env=False).json()
            well, stayed = asyncio.run(all_at_once(url, questions, given.streams))
            lags = httpx.get(f"{url}/lags", trust_env=False).json()
            sys.stdout.write(f"{given.streams} streams at once, ended well of those that stayed  {well} of {stayed}\n")
            sys.stdout.write(
                f"{'event loop blocked, longest / p99':46} {lags['worst']:7.1f} / {lags['p99']:.1f} ms (bound 50)\n"
            )
            sys.stdout.write(f"{'peak memory before / after':46} {before['memory']:.0f} / {lags['memory']:.0f} MB\n")
            sys.stdout.write(f"{'open at the model at the end':46} {model.open}\n")
            missed |= well < stayed or model.open > 0 or lags["worst"] > BOUNDS["blocked"]
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
