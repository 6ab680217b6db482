"""The ``cdss`` command. Heavy modules are imported by the command that needs them, so that ``--help`` is quick."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

import click

from cdss.evaluation.cli import evaluate

if TYPE_CHECKING:
    from cdss.settings import Settings
    from cdss.types import Answer, Question

DONE, NOT_ALL_RELEASED, USAGE, COULD_NOT = 0, 1, 2, 3


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="cdss")
def main() -> None:
    """Clinical decision support that quotes its guidelines and checks every sentence before it is shown.

    Decision support for professionals; not a medical device. You decide.
    """


@main.command()
@click.argument("question", required=False)
@click.option(
    "--patient",
    "patient_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JSON file with facts about the patient.",
)
@click.option(
    "--filter",
    "filters",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Only documents that match: status, population, jurisdiction, publisher. Repeatable.",
)
@click.option(
    "--as-of",
    "as_of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Judge by the guidelines in force on this day. [default: today]",
)
@click.option("--show", "answer_id", metavar="ID", help="Show an answer from the record instead of asking.")
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def ask(
    question: str | None,
    patient_file: Path | None,
    filters: tuple[str, ...],
    as_of: datetime | None,
    answer_id: str | None,
    as_json: bool,
) -> None:
    """Ask a clinical question: cdss ask "How long to treat otitis media in a child?"

    Exit code 0: every claim was released. 1: something is in review, withheld, or there is no answer.
    """
    if (question is None) == (answer_id is None):
        raise click.UsageError("Give a QUESTION, or --show ID to see an earlier answer.")
    if answer_id is not None:
        text = _recorded(answer_id)
    else:
        text = _ask(_question(question or "", patient_file, filters, as_of.date() if as_of else None), quiet=as_json)
    from cdss.types import Answer

    answer = Answer.model_validate_json(text)
    if as_json:
        click.echo(text)
    else:
        from rich.console import Console

        from cdss.terminal import show

        show(answer, question, Console())
    sys.exit(_exit_code(answer))


@main.command()
@click.option("--host", help="Address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on. [default: 8000]")
def serve(host: str | None, port: int | None) -> None:
    """Answer over HTTP: POST /v1/ask, and the API page at /docs."""
    settings = _settings()
    from cdss.server import run_server

    host = host or settings.server.host
    refusal = run_server(settings, host=host, port=settings.server.port if port is None else port)
    if refusal:
        _fail(refusal, USAGE)


@main.command()
@click.argument("source", metavar="FILE", type=click.File("rb"))
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="Judge by this day. [default: today]")
def check(source: BinaryIO, as_of: datetime | None) -> None:
    """Check somebody else's text and quotes: one JSON object a line in FILE (or -), one on standard output.

    A line is {"id", "text", "patient"?, "quotes"?: [{"quote", "source"}]}. Needs no library, no model and no network.
    Exit code 0: everything was released. 1: something is in review, withheld or could not be read.
    """
    from checkers.lines import bounded, check_lines

    day = as_of.date() if as_of else _today()
    code = DONE
    for report in check_lines(bounded(source), as_of=day, warn=lambda words: click.echo(f"cdss: {words}", err=True)):
        click.echo(report.model_dump_json())
        code = code if report.released else NOT_ALL_RELEASED
    sys.exit(code)


@main.command()
@click.option(
    "--markdown",
    is_flag=True,
    help="The whole catalogue, as in docs/rules.md (needs a checkout: it shows the rules' cases).",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def rules(markdown: bool, as_json: bool) -> None:
    """List the rules that every claim has to pass: what harm each one prevents, and where it comes from."""
    from checkers.rules import RULES

    if markdown:
        from checkers import catalogue

        click.echo(catalogue.markdown(), nl=False)
    elif as_json:
        listed = [{"rule": r.id, "version": r.version, "harm": r.harm, "source": r.source} for r in RULES]
        click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
    else:
        for rule in RULES:
            name = click.style(rule.id, bold=True)
            click.echo(f"{name} (version {rule.version})\n  prevents: {rule.harm}\n  source:   {rule.source}")


def _question(question: str, patient_file: Path | None, filters: tuple[str, ...], as_of: date | None) -> Question:
    from pydantic import ValidationError

    from cdss.types import Question

    wanted: dict[str, list[str]] = {}
    for item in filters:
        name, separator, value = item.partition("=")
        if not separator:
            raise click.UsageError(f"--filter takes FIELD=VALUE, not {item!r}.")
        wanted.setdefault(name, []).append(value)
    try:
        patient = None if patient_file is None else json.loads(patient_file.read_bytes())
        return Question.model_validate({"question": question, "patient": patient, "filters": wanted, "as_of": as_of})
    except ValueError as error:
        if not isinstance(error, ValidationError):
            raise click.UsageError(f"{patient_file} is not JSON: {error}") from error
        wrong = (f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise click.UsageError("; ".join(wrong)) from error


def _ask(question: Question, *, quiet: bool) -> str:
    from contextlib import nullcontext

    from rich.console import Console

    from cdss.errors import CdssError

    errors = Console(stderr=True)
    spinner = (
        nullcontext() if quiet or not errors.is_terminal else errors.status("Loading the library and the embedder …")
    )
    try:
        with spinner:
            from cdss.pipeline import ask as ask_service
            from cdss.server import open_service

            service = open_service(_settings())
            service.warm_up()
        return ask_service(question, service, actor=service.settings.actor, today=_today())
    except CdssError as error:
        _fail(str(error), COULD_NOT)


def _recorded(answer_id: str) -> str:
    from cdss.audit import Record
    from cdss.errors import CdssError, NotFound

    settings = _settings()
    try:
        return Record.open(settings.home, tenant=settings.tenant).read(answer_id)
    except NotFound as error:
        _fail(f"{error}: {answer_id}", NOT_ALL_RELEASED)
    except CdssError as error:
        _fail(str(error), COULD_NOT)


def _settings() -> Settings:
    from pydantic import ValidationError

    from cdss.settings import Settings

    try:
        return Settings()
    except (ValidationError, ValueError) as error:
        _fail(f"The settings cannot be used: {error}", USAGE)


def _today() -> date:
    return datetime.now().astimezone().date()


def _exit_code(answer: Answer) -> int:
    from cdss.types import AnswerStatus
    from checkers.types import Verdict

    released = all(claim.verdict is Verdict.RELEASE for claim in answer.claims)
    return DONE if answer.status is AnswerStatus.ANSWERED and released else NOT_ALL_RELEASED


def _fail(message: str, code: int) -> NoReturn:
    click.echo(f"cdss: {message}", err=True)
    sys.exit(code)


main.add_command(evaluate)

if __name__ == "__main__":
    main()
