"""The evaluation questions hold together, and each can be answered from the document that it names.

The rules: a question shares no run of four words with the document that answers it (it would be found by its spelling, not
by its meaning), and what an answer must contain does stand in that document.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections import Counter
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from lxml import html

HERE = Path(__file__).parent
CORPUS = HERE.parents[2] / "shared" / "corpus"
RUN = 4
"""A question may not share this many words in a row with its document."""

SETS = {"questions_forty.toml": 40, "questions_heldout.toml": 60}
FOLDERS = {
    "who-pocketbook": 0.30,
    "la-county-ems": 0.20,
    "nigeria-nstg-2022": 0.20,
    "fda-labels-openfda": 0.15,
    "fda-labels-pdf": 0.07,
    "cdc-opioid-2022": 0.05,
    "who-eml-2023": 0.03,
}
"""Share of the questions that each folder of the corpus answers, give or take one question."""

DEV_SETS = {"labels.toml": 200, "guidelines.toml": 150}
"""Frozen retrieval questions, and how many there are at least. How a slice is found stands at the top of each."""

OUT_OF_SCOPE = {"off-topic": 15, "absent": 15, "near-miss": 10}

needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no corpus beside the repository: {CORPUS}")


def load(name: str) -> list[dict[str, Any]]:
    questions: list[dict[str, Any]] = tomllib.loads((HERE / name).read_text(encoding="utf-8"))["question"]
    return questions


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    tokens = words(text)
    return {tuple(tokens[i : i + RUN]) for i in range(len(tokens) - RUN + 1)}


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in strings(item)]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return []


def html_text(data: bytes | str) -> str:
    tree = html.fromstring(data)
    for element in tree.iter("p", "li", "td", "th", "tr", "br", "div"):
        element.tail = " " + (element.tail or "")
    return str(tree.text_content())


@cache
def pdf_pages(file: str) -> list[str]:
    with pypdfium2.PdfDocument(CORPUS / file) as pdf:
        return [page.get_textpage().get_text_bounded() for page in pdf]


@cache
def document_text(file: str) -> str:
    """The plain text of one corpus file, white space collapsed."""
    path = CORPUS / file
    match path.suffix:
        case ".html":
            text = html_text(path.read_bytes())
        case ".json":
            text = "\n".join(
                html_text(item) if "<" in item else item
                for item in strings(json.loads(path.read_text(encoding="utf-8")))
            )
        case ".pdf":
            text = "\n".join(pdf_pages(file))
            # A numbered draft breaks every sentence at the line's end: read it with and without its line numbers.
            text += "\n" + re.sub(r"(?m)^\d{1,4}(?= )", "", text)
        case _:
            text = path.read_text(encoding="utf-8")
    return " ".join(text.split())


@cache
def document_runs(file: str) -> frozenset[tuple[str, ...]]:
    return frozenset(runs(document_text(file)))


@cache
def label(file: str) -> dict[str, Any]:
    fields: dict[str, Any] = json.loads((CORPUS / file).read_text(encoding="utf-8"))
    return fields


@cache
def source(file: str) -> str:
    return (CORPUS / file).read_bytes().decode()


def slice_text(gold: dict[str, Any]) -> str:
    """The slice that a gold entry points at, mark-up and all."""
    file: str = gold["file"]
    if file.endswith(".json"):
        text = label(file)[gold["section"].split()[0]][0]
    elif file.endswith(".pdf"):
        text = pdf_pages(file)[gold["page"] - 1]
    else:
        text = source(file)
    return str(text[gold["start"] : gold["end"]])


def answered() -> list[Any]:
    return [pytest.param(question, id=question["id"]) for name in SETS for question in load(name)]


def test_ids_and_texts_are_unique() -> None:
    questions = [question for name in (*SETS, *DEV_SETS, "questions_out_of_scope.toml") for question in load(name)]
    for field in ("id", "text"):
        twice = [value for value, count in Counter(question[field] for question in questions).items() if count > 1]
        assert not twice


@pytest.mark.parametrize(("name", "count"), SETS.items())
def test_spread_over_the_corpus(name: str, count: int) -> None:
    questions = load(name)
    assert len(questions) == count
    folders = Counter(question["file"].split("/")[0] for question in questions)
    assert folders.keys() == FOLDERS.keys()
    for folder, share in FOLDERS.items():
        assert abs(folders[folder] - share * count) <= 1, folder
    figures = sum(question["kind"] == "figure" for question in questions)
    assert 0.6 <= figures / count <= 0.75


def test_held_out_questions_ask_about_other_places() -> None:
    def places(name: str) -> set[tuple[str, ...]]:
        return {(question["file"], *question["section"]) for question in load(name)}

    assert not places("questions_forty.toml") & places("questions_heldout.toml")


@pytest.mark.parametrize("question", answered())
def test_fields(question: dict[str, Any]) -> None:
    assert question.keys() - {"note"} == {"id", "text", "file", "also", "section", "must", "kind"}
    assert question["kind"] in {"figure", "instruction"}
    assert question["file"] not in question["also"]
    assert question["section"]
    assert all(len(heading.split()) <= 6 for heading in question["section"])
    assert question["must"]
    for group in question["must"]:
        assert group
        for pattern in group:
            re.compile(pattern)


def test_out_of_scope_kinds() -> None:
    questions = load("questions_out_of_scope.toml")
    assert Counter(question["kind"] for question in questions) == OUT_OF_SCOPE
    for question in questions:
        assert question.keys() == {"id", "text", "kind"} | ({"why"} if question["kind"] != "off-topic" else set())


@needs_corpus
@pytest.mark.corpus
@pytest.mark.parametrize("question", answered())
def test_question_is_answered_by_its_documents(question: dict[str, Any]) -> None:
    for file in (question["file"], *question["also"]):
        assert (CORPUS / file).is_file(), file
        shared = runs(question["text"]) & document_runs(file)
        assert not shared, f"{file}: {sorted(shared)}"
        text = document_text(file)
        for group in question["must"]:
            assert any(re.search(pattern, text, re.IGNORECASE) for pattern in group), f"{file}: {group}"
    headings = " ".join(words(document_text(question["file"])))
    for heading in question["section"]:
        if not question["file"].endswith(".json") or "_" not in heading:
            assert " ".join(words(heading)) in headings, heading


@pytest.mark.parametrize(("name", "least"), DEV_SETS.items())
def test_dev_sets_are_large_and_keep_off_the_held_out_labels(name: str, least: int) -> None:
    questions = load(name)
    assert len(questions) >= least
    assert all(question.keys() == {"id", "text", "gold"} and question["gold"] for question in questions)
    held_out = {question["file"] for held in SETS for question in load(held) if question["file"].endswith(".json")}
    assert not held_out & {gold["file"] for question in questions for gold in question["gold"]}


@needs_corpus
@pytest.mark.corpus
@pytest.mark.parametrize("name", DEV_SETS)
def test_dev_slices_are_found_again(name: str) -> None:
    for question in load(name):
        for gold in question["gold"]:
            text = slice_text(gold)
            assert sha256(text.encode()).hexdigest()[:12] == gold["hash"], (question["id"], gold)
            assert not runs(question["text"]) & runs(html_text(text) if gold["file"].endswith(".html") else text), (
                question
            )
