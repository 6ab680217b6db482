"""LlamaIndex's own query engine over a real library, with models that answer without thinking."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from llama_index.core.base.response.schema import Response
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle

from cdss.adapters.llama_index import GuidelineRetriever
from cdss.settings import RetrievalSettings, Settings
from guidelines.index import Filters
from guidelines.library import Library, open_library
from ingest.pipeline import add

ASTHMA = """\
# Acute asthma in children

## Treatment

Give salbutamol 5 mg by nebuliser every 20 minutes. Give prednisolone 1 mg/kg by mouth.

## Magnesium

Table 3: magnesium sulfate by age

| Age | Magnesium sulfate, mg/kg | Note |
|---|---|---|
"""
ROWS = "".join(
    f"| {age} years | {40 + age} | infuse over {20 + age} minutes, watch blood pressure |\n" for age in range(40)
)
CROUP = "# Croup\n\n## Treatment\n\nGive dexamethasone 0.15 mg/kg by mouth once.\n"
MANIFEST = """\
[[document]]
file = "asthma.md"
publisher = "County"
edition = "2019"
effective_date = 2019-05-01
population = ["child", "adult"]

[[document]]
file = "p7.md"
status = "withdrawn"
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("adapter")
    for name, text in {"asthma.md": ASTHMA + ROWS, "p7.md": CROUP, "manifest.toml": MANIFEST}.items():
        (folder / name).write_text(text, encoding="utf-8")
    with open_library(Settings(home=folder / "home")) as opened:
        report = add(opened, [folder / "asthma.md", folder / "p7.md"], actor="tests")
        assert report.counts["indexed"] == 2
        yield opened


def engine(retriever: GuidelineRetriever) -> RetrieverQueryEngine:
    return RetrieverQueryEngine.from_args(retriever, llm=MockLLM())  # repeats its prompt


def test_a_node_is_a_passage_with_its_citation(library: Library) -> None:
    found = GuidelineRetriever(library, as_of=date(2025, 1, 1)).retrieve("salbutamol nebuliser dose in acute asthma")
    node = found[0].node
    passage = library.passages([node.node_id])[node.node_id]
    assert node.get_content(MetadataMode.NONE) == passage.text
    assert "salbutamol 5 mg" in passage.text
    assert node.ref_doc_id == passage.document_id
    assert node.metadata == {
        "passage_id": passage.id,
        "document": passage.document_id,
        "title": "Acute asthma in children",
        "section": "Acute asthma in children > Treatment",
        "edition": "2019",
        "status": "unknown",
        "start": 0,
        "end": len(passage.text),
        "effective_date": "2019-05-01",
        "publisher": "County",
        "population": "child, adult",
    }
    assert [item.score for item in found] == sorted((item.score for item in found), reverse=True)


def test_a_model_is_shown_where_words_stand_and_no_ids(library: Library) -> None:
    node = GuidelineRetriever(library).retrieve("salbutamol nebuliser dose")[0].node
    shown = node.get_content(MetadataMode.LLM)
    assert "title: Acute asthma in children" in shown
    assert "edition: 2019" in shown
    assert node.node_id not in shown


def test_rows_of_a_long_table_bring_its_header_along(library: Library) -> None:
    found = GuidelineRetriever(library).retrieve("magnesium sulfate mg/kg for 35 years of age")
    rows = next(item.node for item in found if "35 years" in item.node.get_content(MetadataMode.NONE))
    assert "Magnesium sulfate, mg/kg" not in rows.get_content(MetadataMode.NONE)
    assert "Magnesium sulfate, mg/kg" in rows.metadata["leads"]
    assert "Magnesium sulfate, mg/kg" in rows.get_content(MetadataMode.LLM)


def test_a_query_engine_answers_from_it(library: Library) -> None:
    response = engine(GuidelineRetriever(library)).query("dexamethasone for croup")
    assert isinstance(response, Response)
    assert "dexamethasone 0.15 mg/kg" in str(response)
    assert response.source_nodes[0].node.metadata["status"] == "withdrawn"


def test_a_query_engine_answers_from_it_asynchronously(library: Library) -> None:
    async def both() -> list[Response]:
        asked = engine(GuidelineRetriever(library))
        questions = ("dexamethasone for croup", "prednisolone dose in acute asthma")
        return await asyncio.gather(*(asked.aquery(question) for question in questions))

    croup, asthma = asyncio.run(both())
    assert "dexamethasone 0.15 mg/kg" in str(croup)
    assert "prednisolone 1 mg/kg" in str(asthma)


def test_nothing_near_gives_no_nodes_and_no_answer(library: Library) -> None:
    retriever = GuidelineRetriever(library)
    assert retriever.retrieve("who won the football world cup in 1998") == []
    assert str(engine(retriever).query("who won the football world cup in 1998")) == "Empty Response"


def test_settings_and_filters_hold(library: Library) -> None:
    def titles(found: list[NodeWithScore]) -> set[str]:
        return {item.node.metadata["title"] for item in found}

    question = QueryBundle("treatment by mouth in mg/kg")
    everything = GuidelineRetriever(library, settings=RetrievalSettings(floor=0))
    assert titles(everything.retrieve(question)) == {"Acute asthma in children", "Croup"}
    children = GuidelineRetriever(library, settings=RetrievalSettings(floor=0), filters=Filters(population=("child",)))
    assert titles(children.retrieve(question)) == {"Acute asthma in children"}
    assert len(GuidelineRetriever(library, settings=RetrievalSettings(floor=0, passages=1)).retrieve(question)) == 1
    assert GuidelineRetriever(library, settings=RetrievalSettings(floor=1)).retrieve(question) == []


def test_editions_are_judged_by_the_day_that_is_given(tmp_path: Path) -> None:
    for year, dose in (("2019", "4"), ("2024", "6")):
        (tmp_path / f"fever-{year}.md").write_text(f"# Fever\n\nGive paracetamol {dose} times a day for fever.\n")
    stated = "".join(
        f'[[document]]\nfile = "fever-{year}.md"\nwork = "fever"\nedition = "{year}"\neffective_date = {year}-01-01\n'
        for year in ("2019", "2024")
    )
    (tmp_path / "manifest.toml").write_text(stated)
    with open_library(Settings(home=tmp_path / "home")) as opened:
        add(opened, [tmp_path], actor="tests")

        def standing(day: date) -> dict[str, str]:
            found = GuidelineRetriever(opened, as_of=day).retrieve("paracetamol for fever")
            return {item.node.metadata["edition"]: item.node.metadata["status"] for item in found}

        assert standing(date(2025, 1, 1)) == {"2019": "superseded", "2024": "unknown"}
        assert standing(date(2020, 1, 1)) == {"2019": "unknown", "2024": "unknown"}
