"""How cost grows: query time, memory, index time and disk at several numbers of passages, with the embedded index.

    python -m tests.bench.scale --library HOME [--size N ...] [--keep DIR]

``HOME`` holds ingested documents; without it the corpus beside the repository is taken in, or the bundled guidelines. A size
below that takes its first passages. A size above takes perturbed copies as well, since there is no larger corpus: in every
copy one word in ten is replaced by another of the same length, and every vector is turned at random so that its cosine with
the original is about 0.9. That tells how cost grows, and nothing about how good the ranking is. Nothing of a copy is
embedded; times are of the defaults of ``cdss eval``. Each size is asked in a process of its own, so that its memory is its
own, and every question once before it is timed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path

import numpy as np

from cdss.retrieve import retrieve
from cdss.settings import Settings
from guidelines.disk import size_of
from guidelines.editions import ranked
from guidelines.embedding import PassageVectors
from guidelines.index import Filters
from guidelines.library import Library, open_library
from guidelines.types import Document, Passage
from guidelines.vectors import embedding_key, passage_input
from ingest.pipeline import add
from ingest.publish import publish
from ingest.report import Listener
from tests.bench.questions import questions
from tests.bench.service import peak_mb

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
DOCUMENTS = ROOT / "guidelines" / "documents"
SIZES = (1_000, 10_000, 100_000, 300_000)
WORD = re.compile(r"[a-z]{4,}")
TURNED = 0.48
"""Length of the noise that is added to a unit vector: a cosine of about 0.9 with the original."""


def main() -> int:
    """Print the table, a line a size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--library", type=Path, help="a home that holds documents")
    parser.add_argument("--size", dest="sizes", action="append", type=int, help="passages; repeatable")
    parser.add_argument("--keep", type=Path, help="keep the libraries of all sizes in this folder")
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.ask:
        print(json.dumps(ask(args.ask)))
        return 0
    columns = ("passages", "p50 ms", "p95 ms", "CPU ms", "memory MB", "index s", "index MB", "all MB")
    print("".join(f"{name:>11}" for name in columns), flush=True)
    with tempfile.TemporaryDirectory() as scratch, open_library(Settings(home=args.library or scratch)) as library:
        if library.live() is None:
            add(library, [CORPUS if CORPUS.is_dir() else DOCUMENTS], actor="bench", listener=Listener())
        for size in args.sizes or SIZES:
            home = (args.keep or Path(scratch)) / str(size)
            home.mkdir(parents=True, exist_ok=True)
            indexed, passages, index_bytes = grow(library, size, home)
            command = [sys.executable, "-m", "tests.bench.scale", "--ask", str(home)]
            asked = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
            everything = size_of(home)
            figures = (asked["p50_ms"], asked["p95_ms"], asked["cpu_ms"], asked["peak_mb"], indexed)
            line = [f"{value:,.1f}" for value in (*figures, index_bytes / 1e6, everything / 1e6)]
            print(f"{passages:>11,}" + "".join(f"{value:>11}" for value in line), flush=True)
    return 0


def grow(library: Library, size: int, home: Path) -> tuple[float, int, int]:
    """A library of ``size`` passages under ``home``; the seconds its index took, its passages, the bytes of its index."""
    with open_library(Settings(home=home)) as larger, larger.writing("bench"):
        left, held = size, []
        for document, parts, vectors in copies(library):
            parts, vectors = _first(left, parts, vectors)
            if not parts:
                continue
            larger.store.add(document, parts, reading_key=document.id, actor="bench")
            larger.vectors.save(library.embedder.model_id, new_vectors(larger, document, parts, vectors))
            held.append(document.id)
            left -= len(parts)
            if not left:
                break
        heads = ranked(replace(head, path=head.source) for head in larger.store.heads(held).values())
        began = time.perf_counter()
        publish(larger, heads, actor="bench", listener=Listener())
        return time.perf_counter() - began, size - left, larger.index.size_bytes() or 0


def _first(
    most: int, parts: tuple[Passage, ...], vectors: list[PassageVectors]
) -> tuple[tuple[Passage, ...], list[PassageVectors]]:
    """The first passages of a document that is cut off, without those that lean on a passage behind the cut."""
    if len(parts) <= most:
        return parts, vectors
    cut_off = {part.id for part in parts[most:]}
    kept = [
        (part, vector)
        for part, vector in zip(parts[:most], vectors, strict=False)
        if not any(lead.passage_id in cut_off for sentence in part.sentences for lead in sentence.leads)
    ]
    return tuple(part for part, _ in kept), [vector for _, vector in kept]


def copies(library: Library) -> Iterator[tuple[Document, tuple[Passage, ...], list[PassageVectors]]]:
    """Every document with its passages, then perturbed copies of them, without end."""
    live = library.live()
    if live is None:
        raise SystemExit("The library is empty.")
    for number in count():
        chance = np.random.default_rng(number)
        for head in live.heads.values():
            parts = library.store.passages_of(head.id)
            vectors = library.vectors_of(parts)
            parts = tuple(part for part in parts if part.id in vectors)
            if parts:
                name = f"{head.work[:200]}-copy-{number}"
                document = library.document(head.id).model_copy(
                    update={"id": f"{name}-{head.id[-10:]}", "work": name, "text": "", "pages": ()}
                )
                yield (
                    document,
                    tuple(_part(part, document.id, number) for part in parts),
                    [_turned(vectors[part.id], chance) if number else vectors[part.id] for part in parts],
                )


def new_vectors(
    larger: Library, document: Document, parts: tuple[Passage, ...], vectors: list[PassageVectors]
) -> list[tuple[str, PassageVectors]]:
    """Vectors under their keys; those of a text that has come before are there already."""
    keyed = {
        embedding_key(passage_input(document.title, p.section, p.text, ((s.start, s.end) for s in p.sentences))): v
        for p, v in zip(parts, vectors, strict=True)
    }
    wanted = {key for key, _ in larger.vectors.inputs(document.id, larger.embedder.model_id)}
    return [(key, vector) for key, vector in keyed.items() if key in wanted]


def ask(home: Path) -> dict[str, float]:
    """Times and peak memory of the development questions on the library under ``home``."""
    settings = Settings(home=home)
    today = datetime.now(UTC).date()
    texts = [item["text"] for name in ("forty", "heldout") for item in questions(name)]
    wall, cpu = [], []
    with open_library(settings) as library:
        for timed in (False, True):
            for text in texts:
                began, busy = time.perf_counter(), time.process_time()
                retrieve(text, library=library, settings=settings.retrieval, filters=Filters(), as_of=today)
                if timed:
                    wall.append((time.perf_counter() - began) * 1000)
                    cpu.append((time.process_time() - busy) * 1000)
    return {
        "p50_ms": statistics.median(wall),
        "p95_ms": statistics.quantiles(wall, n=20)[-1],
        "cpu_ms": statistics.median(cpu),
        "peak_mb": peak_mb(os.getpid()),
    }


def _part(part: Passage, document_id: str, number: int) -> Passage:
    text = _reworded(part.text, f"{number}-{part.id}") if number else part.text
    sentences = tuple(
        replace(
            sentence,
            leads=tuple(
                lead.model_copy(update={"passage_id": _copied(lead.passage_id, number)}) if lead.passage_id else lead
                for lead in sentence.leads
            ),
        )
        for sentence in part.sentences
    )
    copied = {"id": _copied(part.id, number), "document_id": document_id, "text": text, "sentences": sentences}
    return part.model_copy(update=copied)


def _copied(passage_id: str, number: int) -> str:
    return sha256(f"{number}-{passage_id}".encode()).hexdigest()[:32]


def _reworded(text: str, seed: str) -> str:
    """``text`` with a tenth of its words replaced by others of its own of the same length, or spelt backwards."""
    chance = random.Random(seed)
    words = WORD.findall(text)

    def another(found: re.Match[str]) -> str:
        if chance.random() > 0.1:
            return found[0]
        return chance.choice(
            [word for word in words if len(word) == len(found[0]) and word != found[0]] or [found[0][::-1]]
        )

    return WORD.sub(another, text)


def _turned(vectors: PassageVectors, chance: np.random.Generator) -> PassageVectors:
    noise = chance.standard_normal(vectors.passage.shape[0])
    turned = vectors.passage + TURNED * noise / np.linalg.norm(noise)
    return PassageVectors((turned / np.linalg.norm(turned)).astype(np.float32), vectors.sentences)


if __name__ == "__main__":
    sys.exit(main())
