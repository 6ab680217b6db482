"""The plots of a report, each with the table behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from cdss.evaluation import plots
from cdss.evaluation.judge import TOP, Judged
from cdss.evaluation.page_cases import GRAVE, MILDEST
from cdss.evaluation.rates import MEASURES, Rate, by_specialty
from cdss.evaluation.report import AnswerReport

_OUTCOMES = {
    "fine": "as expected",
    "mild": "right, with a contradicting figure further down",
    "late": "passage late or missing, or figure missing",
    "wrong": "a contradicting figure first, or a quote not true to its source",
    "shy": "refused, and should have been answered",
    "loose": "answered, and should not have been",
}


def figures(report: AnswerReport) -> str:
    """All of them."""
    return f'<h2 id="plots">Plots</h2>{_outcomes(report)}{_rates(report)}{_specialties(report)}{_times(report)}'


def _outcomes(report: AnswerReport) -> str:
    rows = {asked.name: _counted(asked.judged) for asked in report.sets}
    told = "; ".join(
        f"{name}: " + ", ".join(f"{count} {kind}" for kind, count in counts.items()) for name, counts in rows.items()
    )
    legend = "".join(f'<li><i class="{css}"></i>{kind}</li>' for css, kind in _OUTCOMES.items())
    listed = [[kind, *(str(counts[kind]) for counts in rows.values())] for kind in _OUTCOMES.values()]
    behind = table("Cases by what became of them", ["what became of it", *rows], listed)
    drawn = plots.bars("outcomes", "What became of the cases", told, rows, tuple(_OUTCOMES))
    note = "Every case once, by the gravest thing that is wrong with its answer."
    return _figure("What became of every case", note, drawn + f'<ul class="legend">{legend}</ul>', behind)


def _counted(judged: Iterable[Judged]) -> dict[str, int]:
    counts = dict.fromkeys(_OUTCOMES.values(), 0)
    for one in judged:
        counts[_OUTCOMES[_outcome(one)]] += 1
    return counts


def _outcome(one: Judged) -> str:
    worst = one.failures[0] if one.failures else None
    match worst:
        case None:
            return "fine"
        case _ if worst == MILDEST:
            return "mild"
        case "refused, and should have been answered":
            return "shy"
        case "answered, and should not have been":
            return "loose"
        case _:
            return "wrong" if worst in GRAVE else "late"


def _rates(report: AnswerReport) -> str:
    bounds = {
        (each.set_name, each.figure): each.bound.least if each.bound.least is not None else each.bound.most
        for each in report.held
    }
    rows = {}
    for measure in MEASURES:
        arrow = "↑" if measure.higher_is_better else "↓"
        rows[f"{measure.short} {arrow}"] = [
            plots.Mark(series=n, rate=figures.rates[measure.name], bound=bounds.get((name, measure.name)))
            for n, (name, figures) in enumerate(report.figures.items())
        ]
    listed = [
        [measure.says, name, *_told(figures.rates[measure.name])]
        for measure in MEASURES
        for name, figures in report.figures.items()
    ]
    behind = table("Rates with their 95 % intervals", ["figure", "set", "rate", "cases", "95 % interval"], listed)
    told = "; ".join(f"{row[0]}, {row[1]}: {row[2]}, {row[4]}" for row in listed)
    drawn = plots.intervals("rates", "Rates of each set, with 95 % intervals", told, rows)
    tick = '<li><i class="tick"></i>threshold</li>' if bounds else ""
    legend = f'<ul class="legend">{_series(report)}{tick}<li>↑ more is better, ↓ less is better</li></ul>'
    return _figure("How often", "A mark is the rate, its line the 95 % interval.", drawn + legend, behind)


def _specialties(report: AnswerReport) -> str:
    whole = by_specialty(list(report.judged))
    rows = {
        f"{name} ({figures.cases})": [
            plots.Mark(series=0, rate=figures.rates["passage_top3"]),
            plots.Mark(series=1, rate=figures.rates["figure_right"]),
        ]
        for name, figures in whole.items()
    }
    listed = [
        [name, str(figures.cases), *(_of(figures.rates[measure.name]) for measure in MEASURES)]
        for name, figures in whole.items()
    ]
    behind = table(
        "Figures by specialty, all sets together",
        ["specialty", "cases", *(measure.short for measure in MEASURES)],
        listed,
    )
    told = "; ".join(f"{row[0]}: passage {row[3]}, figure {row[4]}" for row in listed)
    drawn = plots.intervals("specialties", "Right passage and right figure by specialty", told, rows)
    legend = (
        f'<ul class="legend"><li><i class="series-0"></i>right passage in the first {TOP} claims</li>'
        '<li><i class="series-1"></i>right figure in a released claim</li></ul>'
    )
    note = "All sets together; the number of cases stands behind each name. Few cases make wide intervals: read them first."
    return _figure("By specialty", note, drawn + legend, behind)


def _times(report: AnswerReport) -> str:
    milliseconds = [one.answer.timings_ms["total"] for one in report.judged]
    ordered = sorted(milliseconds)
    shares = {
        f"{share} of 100 within": ordered[min(len(ordered) - 1, len(ordered) * share // 100)] for share in (50, 95)
    }
    behind = table(
        "Time of an answer in milliseconds",
        ["set", "half within", "95 of 100 within"],
        [[name, f"{each.p50_ms:,.0f}", f"{each.p95_ms:,.0f}"] for name, each in report.figures.items()],
    )
    told = ", ".join(f"{name} {value:,.0f} ms" for name, value in shares.items())
    drawn = plots.times("times", "Time of an answer", f"{len(milliseconds)} answers; {told}", milliseconds, shares)
    note = "The whole service without HTTP, one question after the other, on the machine that ran this."
    return _figure("How fast", note, drawn, behind)


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table that can be scrolled sideways; the first cell of a row heads it."""

    def cell(tag: str, words: str, scope: str = "") -> str:
        number = ' class="n"' if words[:1].isdigit() or words == "–" else ""
        return f"<{tag}{scope}{number}>{escape(words)}</{tag}>"

    first = "".join(cell("th", name, ' scope="col"') for name in head)
    row_scope = ' scope="row"'
    body = "".join(
        f"<tr>{cell('th', row[0], row_scope)}{''.join(cell('td', words) for words in row[1:])}</tr>" for row in rows
    )
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{first}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _figure(caption: str, note: str, drawn: str, behind: str) -> str:
    return (
        f"<figure><figcaption>{escape(caption)}<span>{escape(note)}</span></figcaption>"
        f'<div class="wide" tabindex="0" role="group" aria-label="{escape(caption)}">{drawn}</div>'
        f"<details><summary>The same as a table</summary>{behind}</details></figure>"
    )


def _series(report: AnswerReport) -> str:
    return "".join(f'<li><i class="series-{n}"></i>{escape(asked.name)}</li>' for n, asked in enumerate(report.sets))


def _told(rate: Rate) -> list[str]:
    if rate.value is None:
        return ["–", "0", "–"]
    low, high = rate.interval
    return [f"{rate.value:.1%}", f"{rate.hits} of {rate.of}", f"{low:.0%} to {high:.0%}"]


def _of(rate: Rate) -> str:
    return f"{rate.hits} of {rate.of}" if rate.of else "–"
