"""The ``cdss`` command. Heavy modules are imported by the command that needs them, so that ``--help`` is quick."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from cdss.clock import today
from cdss.command import COULD_NOT, DONE, NOT_ALL_RELEASED, USAGE, fail, settings_or_exit
from cdss.evaluation.cli import evaluate
from cdss.keys_cli import keys

if TYPE_CHECKING:
    from cdss.types import Question


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
@click.option("--follows", metavar="ID", help='Go on from an earlier answer: cdss ask --follows ID "And in children?"')
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
@click.option(
    "--batch",
    "batch",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help='Ask many: one JSON object a line, {"id", "question", "patient"?, ...}. Needs --out.',
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File of the batch's answers, one a line.")
@click.option("--at-once", type=click.IntRange(1, 64), default=4, show_default=True, help="Questions side by side.")
def ask(
    question: str | None,
    patient_file: Path | None,
    filters: tuple[str, ...],
    as_of: datetime | None,
    answer_id: str | None,
    follows: str | None,
    as_json: bool,
    batch: Path | None,
    out: Path | None,
    at_once: int,
) -> None:
    """Ask a clinical question: cdss ask "How long to treat otitis media in a child?"

    Exit code 0: every claim was released. 1: something is in review, withheld, or there is no answer.
    """
    if (batch is None) != (out is None):
        raise click.UsageError("--batch FILE and --out FILE belong together.")
    if batch is not None and out is not None:
        if question or answer_id or patient_file or filters or as_of or follows:
            raise click.UsageError("With --batch, questions and all about them stand in the file.")
        sys.exit(_ask_batch(batch, out, at_once))
    if (question is None) == (answer_id is None):
        raise click.UsageError("Give a QUESTION, or --show ID to see an earlier answer.")
    if answer_id is not None:
        text = _recorded(answer_id)
    else:
        day = as_of.date() if as_of else None
        text = _ask(_question(question or "", patient_file, filters, day, follows), quiet=as_json)
    from cdss.types import Answer

    answer = Answer.model_validate_json(text)
    if as_json:
        click.echo(text)
    else:
        from rich.console import Console

        from cdss.terminal import show

        show(answer, question, Console())
    sys.exit(DONE if answer.is_released else NOT_ALL_RELEASED)


@main.command()
@click.option("--host", help="Address to listen on. [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on. [default: 8000]")
def serve(host: str | None, port: int | None) -> None:
    """Answer over HTTP: POST /v1/ask, and the API page at /docs."""
    settings = settings_or_exit()
    from cdss.server import run_server

    host = host or settings.server.host
    refusal = run_server(settings, host=host, port=settings.server.port if port is None else port)
    if refusal:
        fail(refusal, USAGE)


@main.command()
@click.argument("source", metavar="FILE", type=click.File("rb"))
@click.option("--as-of", "as_of", type=click.DateTime(["%Y-%m-%d"]), help="Judge by this day. [default: today]")
def check(source: BinaryIO, as_of: datetime | None) -> None:
    """Check somebody else's text and quotes: one JSON object a line in FILE (or -), one on standard output.

    A line is {"id", "text", "patient"?, "quotes"?: [{"quote", "source"}]}. Needs no library, no model and no network.
    Exit code 0: everything was released. 1: something is in review, withheld or could not be read.
    """
    from checkers.lines import bounded, check_lines

    day = as_of.date() if as_of else today()
    code = DONE
    for report in check_lines(bounded(source), as_of=day, warn=lambda words: click.echo(f"cdss: {words}", err=True)):
        click.echo(report.model_dump_json())
        code = code if report.released else NOT_ALL_RELEASED
    sys.exit(code)


@main.group(invoke_without_command=True)
@click.option(
    "--markdown",
    is_flag=True,
    help="The whole catalogue, as in docs/rules.md (needs a checkout: it shows the rules' cases).",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def rules(context: click.Context, markdown: bool, as_json: bool) -> None:
    """List the rules that every claim has to pass: what harm each one prevents, and where it comes from."""
    if context.invoked_subcommand is not None:
        return
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


@rules.command("show")
@click.argument("drug")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def show_drug(drug: str, as_json: bool) -> None:
    """Show all that the rules know about DRUG, by any of its names, and where each row is from."""
    from checkers.formulary import display

    known = display.known(drug)
    if known is None:
        near = display.named_like(drug)
        hint = f" Did you mean {', '.join(near)}?" if near else ""
        fail(f"The tables hold nothing about {drug!r}.{hint}", NOT_ALL_RELEASED)
    if as_json:
        click.echo(json.dumps(known, indent=2, ensure_ascii=False))
    else:
        for line in display.lines(known):
            click.echo(line)


def _question(
    question: str, patient_file: Path | None, filters: tuple[str, ...], as_of: date | None, follows: str | None
) -> Question:
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
        given = {"question": question, "patient": patient, "filters": wanted, "as_of": as_of, "follows": follows}
        return Question.model_validate(given)
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

            service = open_service(settings_or_exit())
            service.warm_up()
        return ask_service(question, service, actor=service.settings.actor, today=today())
    except CdssError as error:
        fail(str(error), COULD_NOT)


def _ask_batch(batch: Path, out: Path, at_once: int) -> int:
    """The exit code of a batch, with its progress on standard error."""
    import asyncio

    from rich.console import Console
    from rich.progress import Progress

    from cdss.batch import ask_all, read_lines
    from cdss.errors import CdssError, InvalidInput
    from cdss.server import open_service

    errors = Console(stderr=True)
    try:
        lines = list(read_lines(batch))
        service = open_service(settings_or_exit())
        service.warm_up()
        with Progress(console=errors, disable=not errors.is_terminal, transient=True) as bar:
            task = bar.add_task("Asking", total=len(lines))
            asking = ask_all(
                lines,
                out,
                service,
                actor=service.settings.actor,
                today=today(),
                at_once=at_once,
                on_done=lambda: bar.advance(task),
            )
            done = asyncio.run(asking)
    except InvalidInput as error:
        fail(str(error), USAGE)
    except CdssError as error:
        fail(str(error), COULD_NOT)
    click.echo(f"{done.answered} answered, {done.failed} failed, {done.before} answered before: {out}", err=True)
    return DONE if done.released and not done.failed else NOT_ALL_RELEASED


def _recorded(answer_id: str) -> str:
    from cdss.audit import Record
    from cdss.errors import CdssError, NotFound

    settings = settings_or_exit()
    try:
        return Record.open(settings.home, tenant=settings.tenant).read(answer_id)
    except NotFound as error:
        fail(f"{error}: {answer_id}", NOT_ALL_RELEASED)
    except CdssError as error:
        fail(str(error), COULD_NOT)


main.add_command(keys)
main.add_command(evaluate)

if __name__ == "__main__":
    main()
