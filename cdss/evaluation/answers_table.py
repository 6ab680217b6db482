"""An evaluation of answers on a terminal: for every set its figures with their bounds, then the same by specialty."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from cdss.evaluation.answers import Asked
from cdss.evaluation.rates import MEASURES, Figures, Rate, by_specialty
from cdss.evaluation.report import AnswerReport
from cdss.evaluation.thresholds import Held

_COLUMNS = {
    "passage_first": "place\nfirst",
    "passage_top3": "place\ntop 3",
    "figure_right": "figure\nright",
    "misleading_figure": "wrong\nfirst",
    "unsafe_figure": "wrong\never",
    "wrong_refusal": "refused\nwrong",
    "right_refusal": "refused\nright",
}
"""What fits into eighty columns beside the name of a specialty."""


def show(report: AnswerReport, console: Console) -> None:
    """Print the tables of ``report``."""
    for asked in report.sets:
        size = f"{asked.documents:,} documents, {asked.passages:,} passages, as of {asked.as_of}"
        console.print(f"[bold]{asked.name}[/bold]: {len(asked.judged)} cases on {size}", highlight=False)
        held = {each.figure: each for each in report.held if each.set_name == asked.name}
        console.print(_figures(report.figures[asked.name], held))
        console.print(_specialties(asked))
        if asked.absent:
            names = ", ".join(case.id for case in asked.absent)
            console.print(f"not asked, for want of their documents: {names}", highlight=False)
        console.print()
    if report.held:
        holding = sum(each.holds for each in report.held)
        console.print(f"{holding} of {len(report.held)} thresholds hold", highlight=False)


def _figures(figures: Figures, held: dict[str, Held]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("", "rate", "cases", "95 % interval", "bound"):
        table.add_column(name, justify="right" if name in ("rate", "cases") else "left", no_wrap=True)
    for measure in MEASURES:
        rate = figures.rates[measure.name]
        low, high = rate.interval
        value = "–" if rate.value is None else f"{rate.value:.1%}"
        interval = f"{low:.0%} to {high:.0%}" if rate.of else ""
        table.add_row(measure.short, value, f"{rate.hits}/{rate.of}", interval, _bound(held.get(measure.name), ".1%"))
    for name, words in (("p50_ms", "half of the answers within"), ("p95_ms", "95 of 100 answers within")):
        table.add_row(words, f"{figures.value(name):.0f} ms", "", "", _bound(held.get(name), ".0f"))
    return table


def _bound(held: Held | None, form: str) -> str:
    if held is None:
        return ""
    least, most = held.bound.least, held.bound.most
    limit = f"≤ {most:{form}}" if least is None else f"≥ {least:{form}}"
    return f"[green]✓[/green] {limit}" if held.holds else f"[bold red]✗ {limit}[/bold red]"


def _specialties(asked: Asked) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("\nspecialty", no_wrap=True, max_width=24)
    table.add_column("\ncases", justify="right", no_wrap=True)
    for title in _COLUMNS.values():
        table.add_column(title, justify="right", no_wrap=True)
    for specialty, figures in by_specialty(asked.judged).items():
        table.add_row(specialty, str(figures.cases), *(_cell(figures.rates[name]) for name in _COLUMNS))
    return table


def _cell(rate: Rate) -> str:
    return f"{rate.hits}/{rate.of}" if rate.of else "–"
