"""A retrieval set in the BEIR layout: documents, questions, and which document answers which question.

    corpus.jsonl      {"_id", "title", "text"} on every line
    queries.jsonl     {"_id", "text"} on every line
    qrels/test.tsv    the header ``query-id corpus-id score``, then one judgement a line: two ids and a whole number, by tabs

The layout is that of Thakur et al., arXiv 2104.08663. Other keys are ignored, as are blank lines.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from cdss.errors import InvalidInput

_HEADER = ["query-id", "corpus-id", "score"]
_GRADE = re.compile(r"-?[0-9]{1,4}")
MAX_GRADE = 20
"""Gains are 2^grade - 1: a larger grade is a mistake in the file, and would drown every other one."""


class _Row(BaseModel):
    """One line of JSON. Ids that are numbers are taken as their digits: in the judgements they are text as well."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    id: Annotated[str, Field(alias="_id", min_length=1)]


class CorpusRow(_Row):
    """A document to be found. It may lack a title, or a text."""

    title: str | None = None
    text: str


class Query(_Row):
    """A question to ask."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


Grades = Mapping[str, int]
"""The documents that answer one question, by id, each with its grade from 1."""


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """A set, read. ``queries`` are those that some document answers, and ``relevant`` has the grades of each, by its id.

    ``notes`` say in words what of the files is not used.
    """

    corpus: tuple[CorpusRow, ...]
    queries: tuple[Query, ...]
    relevant: Mapping[str, Grades]
    notes: tuple[str, ...]

    def first(self, queries: int | None) -> RetrievalSet:
        """The same set with no more than so many queries."""
        return replace(self, queries=self.queries[:queries])


def read_set(folder: Path) -> RetrievalSet:
    """Read the set in ``folder``; raises ``InvalidInput``, naming file and line, when a part of it cannot be used."""
    corpus = tuple(_rows(folder / "corpus.jsonl", CorpusRow))
    queries = tuple(_rows(folder / "queries.jsonl", Query))
    judged = _judgements(folder / "qrels" / "test.tsv")
    documents, asked = {row.id for row in corpus}, {query.id for query in queries}
    relevant = {
        query.id: grades
        for query in queries
        if (grades := {doc: grade for doc, grade in judged.get(query.id, {}).items() if grade > 0})
    }
    if not relevant:
        raise InvalidInput(
            "No query of queries.jsonl has a relevant document (a score above 0) in qrels/test.tsv.", field="qrels"
        )
    counts = {
        "without a relevant document, not asked": (len(queries) - len(relevant), "query", "queries"),
        "on queries that are not in queries.jsonl, not used": (
            sum(len(grades) for query_id, grades in judged.items() if query_id not in asked),
            "judgement",
            "judgements",
        ),
        "not in corpus.jsonl, counted as not found": (
            sum(doc not in documents for grades in relevant.values() for doc in grades),
            "relevant document",
            "relevant documents",
        ),
    }
    notes = tuple(f"{n} {one if n == 1 else many} {what}" for what, (n, one, many) in counts.items() if n)
    return RetrievalSet(corpus, tuple(query for query in queries if query.id in relevant), relevant, notes)


RowT = TypeVar("RowT", bound=_Row)


def _rows(path: Path, kind: type[RowT]) -> Iterator[RowT]:
    first_on: dict[str, int] = {}
    for number, line in _lines(path):
        try:
            row = kind.model_validate_json(line)
        except ValidationError as error:
            first = error.errors()[0]
            key = ".".join(map(str, first["loc"]))
            raise _malformed(path, number, f"{key}: {first['msg']}" if key else first["msg"]) from error
        if row.id in first_on:
            raise _malformed(path, number, f"its _id stands on line {first_on[row.id]} as well")
        first_on[row.id] = number
        yield row


def _judgements(path: Path) -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    lines = _lines(path)
    number, header = next(lines, (1, b""))
    if _cells(path, number, header) != _HEADER:
        raise _malformed(path, number, f"the header has to be {' '.join(_HEADER)}, separated by tabs")
    for number, line in lines:
        cells = _cells(path, number, line)
        if len(cells) != len(_HEADER):
            raise _malformed(path, number, f"{len(cells)} columns instead of 3, separated by tabs")
        query_id, document_id, score = cells
        if not _GRADE.fullmatch(score) or int(score) > MAX_GRADE:
            raise _malformed(path, number, f"the score is not a whole number up to {MAX_GRADE}")
        if judged.setdefault(query_id, {}).setdefault(document_id, int(score)) != int(score):
            raise _malformed(path, number, "these two ids have another score further up")
    return judged


def _cells(path: Path, number: int, line: bytes) -> list[str]:
    try:
        return line.decode("utf-8").split("\t")
    except UnicodeDecodeError as error:
        raise _malformed(path, number, "it is not UTF-8") from error


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers from 1, without a byte-order mark."""
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                content = line.rstrip(b"\r\n").removeprefix(codecs.BOM_UTF8 if number == 1 else b"")
                if content.strip():
                    yield number, content
    except OSError as error:
        raise InvalidInput(
            f"{path} cannot be read: {(error.strerror or str(error)).lower()}.", field=path.name
        ) from error


def _malformed(path: Path, number: int, why: str) -> InvalidInput:
    return InvalidInput(f"{path.name}, line {number}: {why}", field=path.name)
