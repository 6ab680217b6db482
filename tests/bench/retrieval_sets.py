"""How well passages are found on the three development sets: BioASQ, and our own questions on labels and on guidelines.

    python -m tests.bench.retrieval_sets [--library HOME] [--home DIR] [--set NAME ...] [--write DIR]

Our own sets name slices of the corpus (``tests/eval``). They are written in the BEIR layout, with the passages of the corpus as
documents, and measured as ``cdss eval retrieval`` measures any set. ``--library`` is a home that holds the corpus already;
``--home`` keeps the index of the sets and its embeddings; ``--write`` keeps the sets themselves.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cdss.evaluation.beir import read_set
from cdss.evaluation.places import Places
from cdss.evaluation.run import Evaluation, run
from cdss.settings import Settings
from guidelines.library import Library, open_library
from guidelines.vectors import passage_input
from ingest.pipeline import add
from ingest.progress import progress
from tests.eval.test_questions import CORPUS, html_text, load, slice_text

BIOASQ = CORPUS.parent / "eval" / "retrieval" / "bioasq-7-8"
SETS = ("bioasq", "labels", "guidelines")


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--library", type=Path, help="a home that holds the corpus already")
    parser.add_argument("--home", type=Path, help="keep the index of the sets in this folder")
    parser.add_argument("--set", dest="sets", action="append", choices=SETS, help="only this set; repeatable")
    parser.add_argument("--write", type=Path, help="keep our own sets in this folder")
    args = parser.parse_args()
    names = args.sets or list(SETS)
    with _folder(args.write) as folder, _folder(args.home) as home, _folder(args.library) as library_home:
        folders = {"bioasq": BIOASQ}
        own = [name for name in names if name != "bioasq"]
        if own:
            with open_library(Settings(home=library_home)) as library:
                _take_in_corpus(library)
                folders |= {name: write_set(library, name, folder / name) for name in own}
        print(f"{'':12}{'':8}{'nDCG@10':>9}{'recall@10':>11}{'recall@100':>12}{'p50 ms':>9}{'p95 ms':>9}")
        for name in names:
            show(name, run(read_set(folders[name]), Settings(home=home), with_baselines=True))
    return 0


def show(name: str, found: Evaluation) -> None:
    """Four lines of the table."""
    for search, got in found.searches.items():
        print(
            f"{name:12}{search:8}{got.ndcg_10:9.3f}{got.recall_10:11.3f}{got.recall_100:12.3f}"
            f"{got.p50_ms:9.1f}{got.p95_ms:9.1f}",
            flush=True,
        )
    print(f"{'':12}{found.queries:,} queries, {found.documents:,} documents, {found.passages:,} passages", flush=True)


def write_set(library: Library, name: str, folder: Path) -> Path:
    """Write one of our own sets in the BEIR layout, with the passages of the live generation as its documents."""
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    questions = load(f"{name}.toml")
    passages = _corpus_rows(library)
    judged = [(question["id"], gold) for question in questions for gold in _gold(library, question)]
    _write_lines(folder / "corpus.jsonl", passages)
    _write_lines(folder / "queries.jsonl", [{"_id": each["id"], "text": each["text"]} for each in questions])
    table = "".join(f"{question}\t{gold}\t1\n" for question, gold in judged)
    (folder / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{table}", encoding="utf-8")
    return folder


def _corpus_rows(library: Library) -> list[dict[str, str]]:
    """Every passage once, as searches see it: under the title of its document and its headings."""
    live = library.live()
    rows = {}
    for head in live.heads.values() if live else ():
        for passage in library.store.passages_of(head.id):
            title = passage_input(head.title, passage.section, passage.text, ()).context
            rows.setdefault(passage.id, {"_id": passage.id, "title": title, "text": passage.text})
    return list(rows.values())


def _gold(library: Library, question: dict[str, Any]) -> list[str]:
    """Ids of the passages that answer; a slice that is not found is told on standard error."""
    found: dict[str, None] = {}
    for gold in question["gold"]:
        places = _places(library, gold["file"])
        text = slice_text(gold)
        passages = places.gold(html_text(text) if gold["file"].endswith(".html") else text) if places else []
        if not passages:
            where = f"{gold['file']}, {gold['section']}, {gold['start']}-{gold['end']}"
            print(f"{question['id']}: not in the library: {where}", file=sys.stderr)
        found |= dict.fromkeys(passage.id for passage in passages)
    return list(found)


@cache
def _places(library: Library, file: str) -> Places | None:
    """The document that was made of the bytes of ``file``, under whatever name."""
    live = library.live()
    content_hash = sha256((CORPUS / file).read_bytes()).hexdigest()
    for head in live.heads.values() if live else ():
        if head.content_hash == content_hash:
            return Places(library.document(head.id), library.store.passages_of(head.id))
    return None


def _take_in_corpus(library: Library) -> None:
    if library.live() is None:
        with progress() as listener:
            add(library, [CORPUS], actor="bench", listener=listener)


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    """``given``, or a folder that is gone afterwards."""
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory() as scratch:
        yield Path(scratch)


def _write_lines(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


if __name__ == "__main__":
    sys.exit(main())
