"""``cdss-ingest``: the commands. What takes long to import is imported when a command needs it."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from guidelines.library import Library

FAILED, USAGE, IMPOSSIBLE = 1, 2, 3
"""Exit codes: something failed; a setting or the command is wrong, or another run is writing; it could not be done."""

_home = click.option("--home", type=click.Path(path_type=Path), help="Folder of the library (default: CDSS_HOME).")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Put guidelines into the library that cdss answers from."""


@main.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--manifest", type=click.Path(path_type=Path), help="Manifest to use instead of the folders' own.")
@_json
@_home
def add(paths: tuple[Path, ...], manifest: Path | None, as_json: bool, home: Path | None) -> None:
    """Add files and folders to the library.

    What is known of a file beside its text (edition, dates, status, population, ...) can be stated in FILE.toml beside it, or
    for a whole folder in its manifest.toml under [defaults] and [[document]]. Every file is accounted for; what is in the
    library already is not read again.
    """
    with _library(home, as_json) as library:
        from ingest import display, pipeline
        from ingest.progress import progress

        with progress() as listener:
            report = pipeline.add(library, paths, actor=_actor(), manifest=manifest, listener=listener)
        if as_json:
            _print_json(display.report_json(report))
        else:
            display.show_report(report)
    if report.counts["failed"]:
        sys.exit(FAILED)


@main.command("list")
@_json
@_home
def list_(as_json: bool, home: Path | None) -> None:
    """List the documents that answers come from."""
    with _library(home, as_json) as library:
        from ingest import display

        live = library.live()
        if as_json:
            _print_json(display.documents_json(live))
        else:
            display.show_documents(live)


@main.command()
@click.argument("document", metavar="ID")
@click.option("--passages", is_flag=True, help="Show all passages, not only the first.")
@click.option("--findings", is_flag=True, help="Show the sentences that the rules on medicines disagree with.")
@_json
@_home
def show(document: str, passages: bool, findings: bool, as_json: bool, home: Path | None) -> None:
    """Show a document and its passages, or what the rules on medicines say of its sentences."""
    with _library(home, as_json) as library:
        from ingest import display

        head, parts = library.head(document), library.store.passages_of(document)
        if findings:
            from ingest.findings import findings as judged

            flagged = list(judged(head.title, parts))
            if as_json:
                _print_json(display.findings_json(head, flagged))
            else:
                display.show_findings(head, flagged)
            return
        if as_json:
            _print_json(display.document_json(head, library.document(document), parts))
        else:
            display.show_document(head, parts, everything=passages)


@main.command()
@click.argument("document", metavar="ID")
@_json
@_home
def remove(document: str, as_json: bool, home: Path | None) -> None:
    """Take a document out; answers that cite it stay."""
    with _library(home, as_json) as library:
        from ingest import display, pipeline
        from ingest.progress import progress

        with progress() as listener:
            report = pipeline.remove(library, document, actor=_actor(), listener=listener)
        if as_json:
            _print_json(display.report_json(report))
        else:
            click.echo(f"{document} is out. Live generation: {report.generation}")


@main.command()
@_json
@_home
def status(as_json: bool, home: Path | None) -> None:
    """Show what is live and what is unfinished."""
    with _library(home, as_json) as library:
        from ingest import display
        from ingest.status import status

        found = status(library)
        if as_json:
            _print_json(display.status_json(found))
        else:
            display.show_status(found)


@contextmanager
def _library(home: Path | None, as_json: bool) -> Iterator[Library]:
    """The library that ``home`` and the environment name; our errors become messages and exit codes here."""
    from guidelines.errors import BusyError, LibraryError, NotFoundError, SettingsError
    from guidelines.library import library_settings, open_library
    from ingest.metadata import MetadataError

    try:
        with open_library(library_settings(home)) as library:
            yield library
    except (SettingsError, BusyError, MetadataError) as error:
        _fail(str(error), USAGE, as_json)
    except NotFoundError as error:
        _fail(str(error), FAILED, as_json)
    except LibraryError as error:
        _fail(str(error), IMPOSSIBLE, as_json)
    except KeyboardInterrupt:
        _fail("Stopped. Run the same command again: it goes on from where it was.", IMPOSSIBLE, as_json)


def _fail(message: str, code: int, as_json: bool) -> None:
    click.echo(message, err=True)
    if as_json:
        _print_json({"error": message})
    sys.exit(code)


def _print_json(document: object) -> None:
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def _actor() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
