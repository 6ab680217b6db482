"""``cdss eval``: what the service is measured by. Heavy modules are imported by the command that needs them."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from cdss.evaluation.beir import RetrievalSet
    from cdss.evaluation.retrieval import Measures
    from cdss.settings import Settings

USAGE, COULD_NOT = 2, 3

TENANT = "eval"
"""Of its own, so that a set that is read into the home of a real library never becomes what clinicians read."""


@click.group(name="eval")
def evaluate() -> None:
    """Measure the service on questions whose answers are known."""


@evaluate.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--baselines/--no-baselines", default=True, help="Measure BM25, dense and equal rank fusion as well.")
@click.option("--limit-queries", type=click.IntRange(min=1), metavar="N", help="Ask the first N queries only.")
@click.option(
    "--home", type=click.Path(file_okay=False, path_type=Path), help="Keep the index and its embeddings in this folder."
)
def retrieval(folder: Path, as_json: bool, baselines: bool, limit_queries: int | None, home: Path | None) -> None:
    """Measure how well passages are found, on a set in the BEIR layout.

    DIR holds corpus.jsonl, queries.jsonl and qrels/test.tsv. Its documents are split, embedded and indexed as guidelines
    are, in an index of their own.
    """
    from cdss.errors import InvalidInput
    from guidelines.errors import BusyError, LibraryError, SettingsError

    try:
        from cdss.evaluation.beir import read_set

        given = read_set(folder)
        for note in given.notes:
            click.echo(note, err=True)
        with _home(home) as place:
            measured = _measured(given, _settings(place), baselines, limit_queries)
    except (InvalidInput, SettingsError, BusyError) as error:
        _fail(str(error), USAGE)
    except LibraryError as error:
        _fail(str(error), COULD_NOT)
    if as_json:
        mine, *plain = [(name, measures.as_json()) for name, measures in measured.items()]
        click.echo(json.dumps({**mine[1], "baselines": dict(plain)}, indent=2))
    else:
        _show(measured)


def _measured(given: RetrievalSet, settings: Settings, baselines: bool, limit: int | None) -> dict[str, Measures]:
    """Fill a library with the set's documents and ask its queries. The service's own search comes first."""
    from cdss.evaluation import corpus, retrieval
    from guidelines.library import open_library
    from ingest.progress import progress

    with open_library(settings) as library:
        with progress() as listener:
            row_of = corpus.fill(library, given.corpus, listener=listener)
        queries = given.queries[:limit]
        empty = len(given.corpus) - len(set(row_of.values()))
        nothing_in = f", {empty} of the documents without a word in them" if empty else ""
        click.echo(
            f"{len(given.corpus)} documents, {len(row_of)} passages, {len(queries)} queries{nothing_in}", err=True
        )
        searches = {"cdss": retrieval.ours(library, settings.retrieval)}
        if baselines:
            searches |= retrieval.baselines(library)
        with click.progressbar(length=len(queries), label="Asking", file=sys.stderr) as bar:
            return retrieval.measure(searches, queries, given.relevant, row_of, on_query=lambda: bar.update(1))


def _show(measured: dict[str, Measures]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("", box=None, header_style="bold")
    for name in ("nDCG@10", "recall@10", "recall@100", "MRR@10", "queries/s", "p50 ms", "p95 ms"):
        table.add_column(name, justify="right")
    for name, found in measured.items():
        quality = (found.ndcg_10, found.recall_10, found.recall_100, found.mrr_10)
        speed = (found.qps, found.p50_ms, found.p95_ms)
        table.add_row(name, *(f"{value:.3f}" for value in quality), *(f"{value:.1f}" for value in speed))
    Console().print(table)


@contextmanager
def _home(home: Path | None) -> Iterator[Path]:
    """``home``, or a folder that is gone afterwards."""
    if home is not None:
        yield home
        return
    with tempfile.TemporaryDirectory(prefix="cdss-eval-") as scratch:
        yield Path(scratch)


def _settings(home: Path) -> Settings:
    """The settings as they are, but for the place: an embedded index under ``home``, whatever server is in use."""
    from pydantic import ValidationError

    from cdss.settings import Settings
    from guidelines.errors import SettingsError
    from guidelines.settings import QdrantSettings

    try:
        return Settings().model_copy(update={"home": home, "tenant": TENANT, "qdrant": QdrantSettings()})
    except (ValidationError, ValueError) as error:
        raise SettingsError(f"The settings cannot be used: {error}") from error


def _fail(message: str, code: int) -> NoReturn:
    click.echo(f"cdss: {message}", err=True)
    sys.exit(code)
