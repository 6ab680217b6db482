"""Our retriever as LlamaIndex knows retrievers, for an engine of your own.

What is given here is retrieval only: passages of guidelines, each with its citation. What a model makes of them passes none
of our rules; ``cdss.pipeline.ask`` gives answers that did.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.callbacks import CallbackManager
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from cdss.clock import today
from cdss.deidentify import deidentify
from cdss.retrieve import Found, Retrieval, retrieve
from cdss.settings import RetrievalSettings
from cdss.sources import cite, fold
from guidelines.index import Filters
from guidelines.library import Library

FOR_THE_MODEL = ("title", "section", "page", "edition", "status", "superseded_on", "population", "leads")
"""Metadata that a model is shown with a passage; the rest is for whoever shows the answer."""


class GuidelineRetriever(BaseRetriever):
    """Passages of a library as nodes: id and text are the passage's, metadata are its ``guidelines.types.Citation``.

    ``leads`` are added: words of other passages that this one leans on, such as the header row of its table. Dates are ISO
    text, several populations are joined by commas, and what is not known is left out. Where nothing in the library comes
    near the question (a confidence under ``settings.floor``) there are no nodes, as the service gives no answer there.

    ``as_of`` is the day to judge editions by, by default the day of the question. Retrieving raises
    ``guidelines.errors.LibraryError``. Close the library yourself.
    """

    def __init__(
        self,
        library: Library,
        *,
        settings: RetrievalSettings | None = None,
        filters: Filters | None = None,
        as_of: date | None = None,
        callback_manager: CallbackManager | None = None,
    ) -> None:
        self._library = library
        self._retrieval_settings = settings or RetrievalSettings()
        self._filters = filters or Filters()
        self._as_of = as_of
        super().__init__(callback_manager=callback_manager)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        question, _ = deidentify(query_bundle.query_str)
        retrieval = retrieve(
            question,
            library=self._library,
            settings=self._retrieval_settings,
            filters=self._filters,
            as_of=self._as_of or today(),
        )
        if retrieval.confidence < self._retrieval_settings.floor:
            return []
        return [NodeWithScore(node=_node(found, retrieval), score=float(found.score)) for found in retrieval.found]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


def _node(found: Found, retrieval: Retrieval) -> TextNode:
    passage = found.passage
    citation = cite(passage, found.head, 0, len(passage.text), retrieval.as_of)
    metadata: dict[str, object] = citation.model_dump(mode="json", exclude={"population"}, exclude_none=True)
    if citation.population:
        metadata["population"] = ", ".join(citation.population)
    if leads := list(dict.fromkeys(_leads(found, retrieval))):
        metadata["leads"] = "\n".join(leads)
    return TextNode(
        id_=passage.id,
        text=passage.text,
        metadata=metadata,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.document_id)},
        excluded_llm_metadata_keys=[key for key in metadata if key not in FOR_THE_MODEL],
        excluded_embed_metadata_keys=list(metadata),
    )


def _leads(found: Found, retrieval: Retrieval) -> Iterator[str]:
    for sentence in found.passage.sentences:
        for lead in sentence.leads:
            if lead.passage_id is not None:
                yield fold(retrieval.passages[lead.passage_id].text[lead.start : lead.end])
