"""A small retrieval set, written to disk; tests damage it line by line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CORPUS: list[dict[str, Any]] = [
    {"_id": "croup", "title": "Croup", "text": "Dexamethasone 0.15 mg/kg by mouth once.\n\nAdrenaline if severe."},
    {"_id": "asthma", "title": "Asthma", "text": "Salbutamol by spacer. Oxygen below 92 %.", "metadata": {"url": ""}},
    {"_id": "größe/1", "title": "", "text": "Körpergröße: 10⁹ Zellen je Liter. 体重を測る。"},
    {"_id": "title-only", "title": "Fever in infants", "text": ""},
    {"_id": "blank", "title": " ", "text": "\n \n"},
    {"_id": "twin", "title": "Asthma", "text": "Salbutamol by spacer. Oxygen below 92 %."},
]
QUERIES: list[dict[str, Any]] = [
    {"_id": "q-croup", "text": "croup dexamethasone"},
    {"_id": "q-asthma", "text": "salbutamol by spacer"},
    {"_id": "q-größe", "text": "Körpergröße"},
]
QRELS = [
    ("q-croup", "croup", "2"),
    ("q-croup", "asthma", "0"),
    ("q-asthma", "asthma", "1"),
    ("q-größe", "größe/1", "1"),
]

WriteSet = Callable[..., Path]


@pytest.fixture
def write_set(tmp_path: Path) -> WriteSet:
    """Writes the set with some of its parts replaced; a part is a list of rows, or the bytes of the file."""

    def write(
        corpus: list[dict[str, Any]] | bytes = CORPUS,
        queries: list[dict[str, Any]] | bytes = QUERIES,
        qrels: list[tuple[str, ...]] | bytes = QRELS,
    ) -> Path:
        folder = tmp_path / "set"
        (folder / "qrels").mkdir(parents=True)
        (folder / "corpus.jsonl").write_bytes(corpus if isinstance(corpus, bytes) else _json_lines(corpus))
        (folder / "queries.jsonl").write_bytes(queries if isinstance(queries, bytes) else _json_lines(queries))
        lines = [("query-id", "corpus-id", "score"), *(() if isinstance(qrels, bytes) else qrels)]
        table = "".join("\t".join(line) + "\n" for line in lines).encode()
        (folder / "qrels" / "test.tsv").write_bytes(qrels if isinstance(qrels, bytes) else table)
        return folder

    return write


def _json_lines(rows: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)
