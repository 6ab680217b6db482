"""A retrieval set from its documents to its figures, with progress on standard error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.progress import Progress

from cdss.evaluation.beir import RetrievalSet
from cdss.evaluation.corpus import fill
from cdss.evaluation.retrieval import Measures, baselines, measure, ours
from cdss.settings import Settings
from guidelines.library import open_library
from ingest.progress import progress

OURS = "cdss"
TENANT = "eval"
"""Of its own, so that a set that is read into the home of a real library never becomes what clinicians read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The measures of every search by its name, ours first, and what they were measured on.

    ``wordless`` counts the documents that hold nothing to find.
    """

    documents: int
    wordless: int
    passages: int
    queries: int
    searches: Mapping[str, Measures]


def run(given: RetrievalSet, settings: Settings, *, with_baselines: bool) -> Evaluation:
    """Read a set into the library under ``settings.home`` and ask its queries. Raises ``LibraryError``."""
    with open_library(settings.model_copy(update={"tenant": TENANT})) as library:
        with progress() as listener:
            row_of = fill(library, given.corpus, listener=listener)
        searches = {OURS: ours(library, settings.retrieval)}
        if with_baselines:
            searches |= baselines(library)
        console = Console(stderr=True)
        with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
            asking = bar.add_task("Asking", total=len(given.queries))
            measures = measure(
                searches,
                given.queries,
                given.relevant,
                row_of,
                passages=settings.retrieval.passages,
                on_query=lambda: bar.advance(asking),
            )
    return Evaluation(
        documents=len(given.corpus),
        wordless=len(given.corpus) - len(set(row_of.values())),
        passages=len(row_of),
        queries=len(given.queries),
        searches=measures,
    )
