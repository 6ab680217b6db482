"""``cdss eval``: what the service is measured by. Heavy modules are imported by the command that needs them."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cdss.command import COULD_NOT, USAGE, fail, settings_or_exit

if TYPE_CHECKING:
    from cdss.evaluation.run import Evaluation
    from cdss.settings import Settings


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
        fail(str(error), USAGE)
    except LibraryError as error:
        fail(str(error), COULD_NOT)
    if as_json:
        measures = {name: measured.as_json() for name, measured in found.searches.items()}
        click.echo(json.dumps({**measures.pop(OURS), "baselines": measures}, indent=2))
    else:
        _show(found)


@evaluate.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="Write the report to this file.")
@click.option(
    "--home",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Ask the library in this folder, as it stands, instead of the documents that FILE names.",
)
@click.option(
    "--thresholds",
    "bounds",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Fail when a figure leaves the bounds in this file.",
)
def answers(files: tuple[Path, ...], as_json: bool, page: Path | None, home: Path | None, bounds: Path | None) -> None:
    """Measure whole answers, on cases whose right passage and right figure are known.

    Each FILE of cases is asked of a library made of the documents that it names, or of the live library when it names
    none. Exit code 0: measured, and within all bounds. 1: a bound is broken, or a case no longer fits its document.
    """
    from rich.console import Console

    from cdss.errors import CdssError, InvalidInput
    from guidelines.errors import BusyError, LibraryError, SettingsError

    try:
        from cdss.evaluation.answers_run import run
        from cdss.evaluation.thresholds import read_thresholds

        limits = read_thresholds(bounds) if bounds else None
        report = run(files, _settings(None), home=home, thresholds=limits)
    except (InvalidInput, SettingsError, BusyError) as error:
        fail(str(error), USAGE)
    except (CdssError, LibraryError) as error:
        fail(str(error), COULD_NOT)
    if page is not None:
        from cdss.evaluation.page import html

        page.write_text(html(report), encoding="utf-8")
        click.echo(f"The report is in {page}.", err=True)
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=2, ensure_ascii=False))
    else:
        from cdss.evaluation.answers_table import show

        show(report, Console())
    for complaint in report.complaints:
        click.echo(f"cdss: {complaint}", err=True)
    sys.exit(1 if report.complaints else 0)


@evaluate.command()
@click.argument("words")
@click.option(
    "--home",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Look in the library in this folder. [default: the live library]",
)
@click.option("--file", "file", help="Look in the document that was read from this file only.")
def place(words: str, home: Path | None, file: str | None) -> None:
    """Print the gold line of a case: where the sentence that holds WORDS stands in the library.

    Exit code 1 when no sentence holds them.
    """
    from guidelines.errors import LibraryError
    from guidelines.library import library_settings, open_library

    try:
        from cdss.evaluation.places import find

        with open_library(library_settings(home)) as library:
            found = list(find(library, words, file))
    except LibraryError as error:
        fail(str(error), COULD_NOT)
    for line, sentence in found:
        click.echo(f"# {sentence}", err=True)
        click.echo(line)
    if not found:
        fail("no sentence of the library holds these words", 1)


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


def _settings(home: Path | None) -> Settings:
    """The settings as they are, but for the place: an embedded index under ``home``, whatever server is in use."""
    from guidelines.settings import QdrantSettings

    return settings_or_exit().model_copy(update={"home": home, "qdrant": QdrantSettings()} if home else {})
