"""A set is read whole, or refused with the line that is wrong."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest

from cdss.errors import InvalidInput
from cdss.evaluation.beir import read_set

from .conftest import CORPUS, QUERIES, WriteSet

HEADER = b"query-id\tcorpus-id\tscore\n"


def test_a_set_is_read(write_set: WriteSet) -> None:
    found = read_set(write_set())
    assert [row.id for row in found.corpus] == [row["_id"] for row in CORPUS]
    assert found.corpus[2].text == "Körpergröße: 10⁹ Zellen je Liter. 体重を測る。"
    assert [query.text for query in found.queries] == [query["text"] for query in QUERIES]
    assert found.relevant == {"q-croup": {"croup": 2}, "q-asthma": {"asthma": 1}, "q-größe": {"größe/1": 1}}
    assert found.notes == ()


def test_queries_come_in_the_order_of_their_file(write_set: WriteSet) -> None:
    assert [query.id for query in read_set(write_set()).first(2).queries] == ["q-croup", "q-asthma"]


def test_what_is_not_used_is_said(write_set: WriteSet) -> None:
    qrels = [
        ("q-croup", "croup", "1"),
        ("q-croup", "gone", "1"),
        ("q-gone", "croup", "1"),
        ("q-asthma", "asthma", "-1"),
    ]
    found = read_set(write_set(qrels=qrels))
    assert [query.id for query in found.queries] == ["q-croup"]
    assert found.relevant == {"q-croup": {"croup": 1, "gone": 1}}
    assert found.notes == (
        "2 queries without a relevant document, not asked",
        "1 judgement on queries that are not in queries.jsonl, not used",
        "1 relevant document not in corpus.jsonl, counted as not found",
    )


def test_number_ids_byte_order_marks_blank_lines_and_windows_line_ends_are_taken(write_set: WriteSet) -> None:
    found = read_set(
        write_set(
            corpus=codecs.BOM_UTF8 + b'{"_id": 7, "title": null, "text": "Seven."}\r\n\r\n  \r\n',
            queries=b'{"_id": 1, "text": "seven?"}',
            qrels=codecs.BOM_UTF8 + b"query-id\tcorpus-id\tscore\r\n1\t7\t1\r\n1\t7\t1\r\n",
        )
    )
    assert found.corpus[0].id == "7"
    assert found.relevant == {"1": {"7": 1}}


GOOD_ROW = json.dumps(CORPUS[0]).encode() + b"\n"


@pytest.mark.parametrize(
    ("part", "data", "message"),
    [
        ("corpus", GOOD_ROW + b"{oops}\n", "corpus.jsonl, line 2: Invalid JSON"),
        ("corpus", GOOD_ROW + b"\n[1]\n", "corpus.jsonl, line 3: "),
        ("corpus", GOOD_ROW + b'{"title": "", "text": ""}\n', "corpus.jsonl, line 2: _id: Field required"),
        ("corpus", GOOD_ROW + b'{"_id": "", "text": ""}\n', "corpus.jsonl, line 2: _id: "),
        ("corpus", GOOD_ROW + b'{"_id": "x", "text": null}\n', "corpus.jsonl, line 2: text: "),
        ("corpus", GOOD_ROW + b'{"_id": "x", "text": "\xff"}\n', "corpus.jsonl, line 2: Invalid JSON"),
        ("corpus", GOOD_ROW + b'{"_id": "x", "text": "\\ud800"}\n', "corpus.jsonl, line 2: Invalid JSON"),
        ("corpus", GOOD_ROW + b"\n" + GOOD_ROW, "corpus.jsonl, line 3: its _id stands on line 1 as well"),
        ("corpus", b'{"a":' * 5000 + b"\n", "corpus.jsonl, line 1: Invalid JSON"),
        ("queries", b'{"_id": "q-croup", "text": " "}\n', "queries.jsonl, line 1: text: "),
        ("qrels", b"", "test.tsv, line 1: the header has to be"),
        ("qrels", b"q-croup\tcroup\t1\n", "test.tsv, line 1: the header has to be"),
        ("qrels", HEADER + b"q-croup croup 1\n", "test.tsv, line 2: 1 columns instead of 3"),
        ("qrels", HEADER + b"q-croup\tcroup\t1.5\n", "test.tsv, line 2: the score is not a whole number"),
        ("qrels", HEADER + b"q-croup\tcroup\t21\n", "test.tsv, line 2: the score is not a whole number"),
        ("qrels", HEADER + b"q-croup\tcroup\t\xd9\xa3\n", "test.tsv, line 2: the score is not a whole number"),
        ("qrels", HEADER + b"q-croup\t\xff\t1\n", "test.tsv, line 2: it is not UTF-8"),
        ("qrels", HEADER + b"q-croup\tcroup\t1\nq-croup\tcroup\t2\n", "test.tsv, line 3: these two ids"),
        ("qrels", HEADER + b"q-croup\tcroup\t0\n", "No query of queries.jsonl has a relevant document"),
        ("qrels", HEADER, "No query of queries.jsonl has a relevant document"),
    ],
)
def test_a_wrong_line_is_named(write_set: WriteSet, part: str, data: bytes, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_set(write_set(**{part: data}))
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(write_set: WriteSet, name: str) -> None:
    folder = write_set()
    Path(folder / name).unlink()
    with pytest.raises(InvalidInput, match="cannot be read: no such file"):
        read_set(folder)
