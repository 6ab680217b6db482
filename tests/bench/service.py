"""How fast and how large: ingestion, index, start-up, memory, and questions through HTTP without a model.

    python -m tests.bench.service [PATH ...] [--runs N] [--home DIR]

Ingests ``PATH`` (by default the corpus beside the repository if it is there, else the bundled guidelines) into a scratch home
in a process of its own, serves it on a free loopback port, and asks the same questions several times over. Beside each figure
stands its ratio to a plain baseline measured in the same run: ``SentenceTransformer.encode`` with its defaults for ingestion
(``tests.bench.encoding``); a BM25 search alone and a dense search alone, each with its passages read, for questions.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import httpx

from guidelines.index import Filters
from guidelines.library import Library, open_library
from guidelines.settings import LibrarySettings
from tests.bench import encoding
from tests.bench.questions import questions

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--runs", type=int, default=3, help="how often every question is asked")
    parser.add_argument("--home", type=Path, help="a home that is filled already: skips the ingestion figures")
    args = parser.parse_args()
    paths = args.paths or [CORPUS if CORPUS.is_dir() else ROOT / "guidelines" / "documents"]
    asked = [item["text"] for item in questions("forty")]
    with tempfile.TemporaryDirectory() as scratch:
        home = args.home or Path(scratch)
        ingested = None if args.home else ingest(paths, home)
        library = open_library(LibrarySettings(home=home))
        live = library.live()
        if live is None:
            raise SystemExit("nothing was indexed")
        passages = sum(head.passages for head in live.heads.values())
        row("documents / passages", f"{len(live.heads):,} / {passages:,}")
        if ingested:
            row("ingested in", f"{ingested['seconds']:.0f} s", "start of the process included")
            row(
                "read, embedded, published",
                f"{ingested['rate']:.1f} passages/s",
                "ratios below",
            )
            row("peak memory, ingestion", f"{ingested['peak_mb']:,.0f} MB")
            encoding.show(library, everything=ingested["rate"])
        size = library.index.size_bytes()
        if size:
            row("index size", f"{size / 1e6:,.1f} MB", f"{size / passages:,.0f} bytes a passage")
        row("library on disk, all told", f"{(home / 'library.db').stat().st_size / 1e6:,.1f} MB")
        through_http(home, asked, args.runs, baselines(library, asked, args.runs))
        library.close()
    return 0


def row(name: str, value: str, ratio: str = "") -> None:
    """One line of the table."""
    print(f"{name:34} {value:34} {ratio}", flush=True)


def ingest(paths: Sequence[Path], home: Path) -> dict[str, float]:
    """Seconds, passages a second and peak memory of ``cdss-ingest add`` in a process of its own."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "ingest", "add", "--home", str(home), "--json", *map(str, paths)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    seconds = time.perf_counter() - began
    report: dict[str, Any] = json.loads(done.stdout)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {
        "seconds": seconds,
        "peak_mb": peak,
        "rate": report["passages_embedded"] / report["seconds"],
    }


def baselines(library: Library, asked: Sequence[str], runs: int) -> dict[str, list[float]]:
    """Milliseconds of a BM25 search alone and of a dense search alone, each with its eight passages."""
    library.embed_query("warm up")
    nothing = library.embed_query("")

    def bm25(text: str) -> None:
        library.passages([pid for pid, _ in library.search(nothing, text, filters=Filters(), limit=8).bm25])

    def dense(text: str) -> None:
        library.passages(
            [pid for pid, _ in library.search(library.embed_query(text), "", filters=Filters(), limit=8).dense]
        )

    return {"BM25 alone": timed(bm25, asked, runs), "dense alone": timed(dense, asked, runs)}


def timed(ask: Callable[[str], object], asked: Sequence[str], runs: int) -> list[float]:
    """Milliseconds of every call, after one round that is not counted."""
    for text in asked:
        ask(text)
    taken = []
    for _ in range(runs):
        for text in asked:
            began = time.perf_counter()
            ask(text)
            taken.append((time.perf_counter() - began) * 1000)
    return taken


def through_http(home: Path, asked: Sequence[str], runs: int, plain: dict[str, list[float]]) -> None:
    """Start-up, questions and memory of ``cdss serve``."""
    with serving(home) as (url, started, process), httpx.Client(base_url=url, timeout=30) as client:
        row("start-up until /readyz is 200", f"{started:.1f} s")
        taken = timed(lambda text: client.post("/v1/ask", json={"question": text}).raise_for_status(), asked, runs)
        p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        ratios = ", ".join(f"{p50 / statistics.median(times):.1f} x {name}" for name, times in plain.items())
        row(f"POST /v1/ask, p50 of {len(taken)}", f"{p50:.1f} ms", ratios)
        row(f"POST /v1/ask, p95 of {len(taken)}", f"{p95:.1f} ms")
        row("peak memory, serving", f"{peak_mb(process.pid):,.0f} MB")


@contextlib.contextmanager
def serving(home: Path) -> Iterator[tuple[str, float, subprocess.Popen[bytes]]]:
    """``cdss serve`` on a free loopback port: its address, the seconds until it was ready, and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "cdss.cli", "serve", "--port", str(port)],
        env={**os.environ, "CDSS_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        while time.perf_counter() - began < 120:
            if process.poll() is not None:
                raise RuntimeError(f"cdss serve ended with code {process.returncode}")
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{url}/readyz").status_code == 200:
                    break
            time.sleep(0.05)
        else:
            raise TimeoutError("cdss serve was not ready within 120 s")
        yield url, time.perf_counter() - began, process
    finally:
        process.terminate()
        process.wait(timeout=30)


def peak_mb(pid: int) -> float:
    """Peak resident memory of a running process (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


if __name__ == "__main__":
    sys.exit(main())
