"""An answer as a person reads it on a terminal: what to do, the words it rests on, where they stand, what the rules said."""

from __future__ import annotations

from rich.console import Console, Group
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text

from cdss.sources import fold
from cdss.types import Answer, AnswerStatus, Conflict, ShownClaim, ShownQuote, Statement
from checkers.types import Finding, Severity, Verdict

WIDTH = 110
"""Longer lines are hard to read, however wide the window is."""

_VERDICTS = {
    Verdict.RELEASE: ("✓ all rules passed", "bold green"),
    Verdict.REVIEW: ("! for review", "bold yellow"),
    Verdict.WITHHOLD: ("✗ withheld", "bold red"),
}
_SEVERITIES = {Severity.INFO: ("·", "dim"), Severity.REVIEW: ("!", "yellow"), Severity.BLOCK: ("✗", "red")}
_HEADLINES = {
    AnswerStatus.ANSWERED: "Answered from the library",
    AnswerStatus.PARTLY_WITHHELD: "Answered in part: some claims are withheld",
    AnswerStatus.WITHHELD: "Withheld: nothing that was drafted passed the rules",
    AnswerStatus.ABSTAINED: "No answer",
}
_IN_WORDS = {"superseded": "SUPERSEDED", "withdrawn": "WITHDRAWN", "draft": "DRAFT"}


def show(answer: Answer, question: str | None, console: Console) -> None:
    """Print ``answer``. Text from documents is printed as text: nothing in it is taken for markup."""
    width = min(console.width, WIDTH)
    console.print()
    if question:
        console.print(Text(question, style="bold"), width=width)
    for notice in answer.notices:
        if notice.startswith("If this is happening now"):
            console.print(Panel(Text(notice, style="bold"), border_style="red", width=width))
    console.print(Line(_HEADLINES[answer.status], style="cyan", align="left"), width=width)
    for number, claim in enumerate(answer.claims, 1):
        console.print(_claim(number, claim), width=width)
    for conflict in answer.conflicts:
        console.print(_conflict(conflict), width=width)
    if answer.nearest:
        console.print(Text("Nearest sections", style="bold"))
        for place in answer.nearest:
            line = " · ".join(part for part in (place.title, place.section, _page(place.page), place.edition) if part)
            console.print(Padding(Text(f"– {line}"), (0, 0, 0, 2)), width=width)
    if answer.left_out:
        console.print(Text("\nLeft out or moved down", style="bold"))
        for lost in answer.left_out:
            where = " · ".join(part for part in (lost.title, lost.section.split(" > ")[-1], _page(lost.page)) if part)
            console.print(
                Padding(Text(f"– {lost.effect}: {where}: {lost.reason}", style="dim"), (0, 0, 0, 2)), width=width
            )
    console.print()
    for notice in answer.notices:
        if not notice.startswith("If this is happening now"):
            console.print(Text(f"Note: {notice}", style="yellow"), width=width)
    console.print(Text(_footer(answer), style="dim"), width=width)


def _claim(number: int, claim: ShownClaim) -> Padding:
    mark, style = _VERDICTS[claim.verdict]
    head = Text.assemble(
        (f"{number}  ", "bold"),
        (claim.text or "This claim is withheld; the reasons are below.", "bold" if claim.text else "italic"),
    )
    parts: list[Text | Padding] = [head]
    for quotes in _by_place(claim.quotes):
        words = " … ".join(fold(quote.quote) for quote in quotes)
        if claim.text != words.replace(" … ", " "):
            parts.append(Padding(Text(f"“{words}”", style="italic"), (0, 0, 0, 3)))
        parts.append(Padding(_place(quotes[-1]), (0, 0, 0, 3)))
    parts.append(Padding(Text(mark, style=style), (0, 0, 0, 3)))
    parts += [Padding(_finding(finding), (0, 0, 0, 5)) for finding in claim.findings]
    return Padding(Group(*parts), (1, 0, 0, 0))


def _by_place(quotes: tuple[ShownQuote, ...]) -> list[list[ShownQuote]]:
    """Quotes of one section of one document belong on one line."""
    places: dict[tuple[str, str], list[ShownQuote]] = {}
    for quote in quotes:
        places.setdefault((quote.document, quote.section), []).append(quote)
    return list(places.values())


def _place(quote: ShownQuote) -> Text:
    where = [quote.title, quote.section.split(" > ")[-1] if quote.section else None, _page(quote.page)]
    text = Text("↳ " + " · ".join(part for part in where if part), style="cyan")
    text.append(f" · {'edition ' + quote.edition if quote.edition else 'edition not stated'}", style="cyan")
    if warning := _IN_WORDS.get(quote.status.value):
        text.append(f" · {warning}", style="bold yellow")
    return text


def _conflict(conflict: Conflict) -> Padding:
    """The two sides, one beside the other, each with its figure, its words, its place, its date and its people."""
    between = "Two editions differ" if conflict.kind == "editions" else "Sources disagree"
    title = Text(f"{between}: {conflict.drug}, {conflict.parameter}", style="bold yellow")
    sides = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    for _ in conflict.statements:
        sides.add_column(ratio=1)
    sides.add_row(*(Text(statement.figure, style="bold") for statement in conflict.statements))
    sides.add_row(*(Text(f"“{statement.text}”", style="italic") for statement in conflict.statements))
    sides.add_row(*(_side(statement) for statement in conflict.statements))
    return Padding(Group(title, Padding(sides, (0, 0, 0, 3))), (1, 0, 0, 0))


def _side(statement: Statement) -> Text:
    where = (statement.title, statement.section.split(" > ")[-1], _page(statement.page))
    text = Text("↳ " + " · ".join(part for part in where if part), style="cyan")
    text.append(f" · {'edition ' + statement.edition if statement.edition else 'edition not stated'}")
    text.append(f" · {'in force from ' + str(statement.effective_date) if statement.effective_date else 'no date'}")
    if statement.population:
        text.append(f" · for: {', '.join(statement.population)}")
    if warning := _IN_WORDS.get(statement.status.value):
        text.append(f" · {warning}", style="bold yellow")
    return text


def _finding(finding: Finding) -> Text:
    mark, style = _SEVERITIES[finding.severity]
    return Text(f"{mark} {finding.rule}: {finding.message}", style=style)


def _page(page: int | None) -> str | None:
    return None if page is None else f"p. {page}"


def _footer(answer: Answer) -> str:
    seconds = answer.timings_ms.get("total", 0.0) / 1000
    parts = [f"{seconds:.2f} s", f"backend {answer.backend}", f"as of {answer.as_of}"]
    if answer.generation:
        parts.append(f"generation {answer.generation}")
    return " · ".join(parts) + f"\nShow again: cdss ask --show {answer.id}"
