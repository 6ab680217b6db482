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
    from cdss.evaluation.run import Evaluation
    from cdss.settings import Settings

USAGE, COULD_NOT = 2, 3


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
        from cdss.evaluation.run import OURS, run

        given = read_set(folder)
        for note in given.notes:
            click.echo(note, err=True)
        with _home(home) as place:
            found = run(given.first(limit_queries), _settings(place), with_baselines=baselines)
    except (InvalidInput, SettingsError, BusyError) as error:
        _fail(str(error), USAGE)
    except LibraryError as error:
        _fail(str(error), COULD_NOT)
    if as_json:
        measures = {name: measured.as_json() for name, measured in found.searches.items()}
        click.echo(json.dumps({**measures.pop(OURS), "baselines": measures}, indent=2))
    else:
        _show(found)


def _show(found: Evaluation) -> None:
    from rich.console import Console
    from rich.table import Table

    wordless = f" ({found.wordless} without a word in them)" if found.wordless else ""
    size = f"{found.documents:,} documents{wordless}, {found.passages:,} passages, {found.queries:,} queries"
    table = Table("", box=None, header_style="bold", caption=size)
    for name in ("nDCG@10", "recall@10", "recall@100", "MRR@10", "queries/s", "p50 ms", "p95 ms"):
        table.add_column(name, justify="right")
    for name, measures in found.searches.items():
        quality = (measures.ndcg_10, measures.recall_10, measures.recall_100, measures.mrr_10)
        speed = (measures.qps, measures.p50_ms, measures.p95_ms)
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
        return Settings().model_copy(update={"home": home, "qdrant": QdrantSettings()})
    except (ValidationError, ValueError) as error:
        raise SettingsError(f"The settings cannot be used: {error}") from error


def _fail(message: str, code: int) -> NoReturn:
    click.echo(f"cdss: {message}", err=True)
    sys.exit(code)
