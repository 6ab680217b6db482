"""An evaluation of answers as one page that needs nothing else: no script, no font, no address, light and dark.

It holds words of the guidelines that were asked, so it goes where they may go.
"""

from __future__ import annotations

from html import escape
from importlib.resources import files

from cdss.evaluation.judge import TOP, Judged
from cdss.evaluation.page_cases import MILDEST, anchor, card, groups
from cdss.evaluation.page_figures import figures as drawn_figures
from cdss.evaluation.page_figures import table
from cdss.evaluation.rates import MEASURES, Figures, Measure, Rate
from cdss.evaluation.report import AnswerReport

_TILES = (
    "passage_top3",
    "figure_right",
    "fidelity",
    "misleading_figure",
    "unsafe_figure",
    "wrong_refusal",
    "right_refusal",
)
_DEFINITIONS = {
    "passage_first": "Answerable cases in which the first claim cites a passage that holds the answer.",
    "passage_top3": f"The same, in any of the first {TOP} claims.",
    "figure_right": "Cases with a figure in which every figure asked for stands in a released claim, exactly or by exact "
    "conversion (0.5 mg is 500 micrograms). A claim that is only marked for review does not count.",
    "fidelity": "Claims shown whose every quote is a slice of the stored passage it names and passes the quote rules again.",
    "misleading_figure": "Cases with a figure in which the first figure of the asked kind contradicts the right one: who "
    "reads the first line only takes a wrong figure.",
    "unsafe_figure": "Cases with a figure in which any claim shown gives a figure of the asked kind that contradicts the "
    "right one, most often a true dose for another illness, age or route.",
    "wrong_refusal": "Answerable cases in which nothing was shown.",
    "right_refusal": "Cases that the documents do not answer in which nothing was shown.",
}


def html(report: AnswerReport) -> str:
    """The whole page."""
    style = files("cdss.evaluation").joinpath("report.css").read_text(encoding="utf-8")
    failing = groups((asked.name, one) for asked in report.sets for one in asked.judged)
    days = sorted({asked.as_of for asked in report.sets})
    body = "".join(
        (
            _opening(report),
            *(_tiles(report, name, figures) for name, figures in report.figures.items()),
            drawn_figures(report),
            _cases(failing),
            _meaning(report),
            _all_cases(report),
        )
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>How good the answers are, {days[-1]}</title><style>{style}</style></head>"
        f'<body><a class="skip" href="#main">To the figures</a><main id="main">{body}'
        "<footer><p>Decision support for professionals; not a medical device. Rates carry Wilson’s 95 % interval. "
        "The page holds words of the guidelines that were asked.</p></footer></main></body></html>\n"
    )


def _opening(report: AnswerReport) -> str:
    cases = sum(len(asked.judged) for asked in report.sets)
    specialties = len({one.case.specialty for one in report.judged})
    sets = "; ".join(
        f"<strong>{escape(asked.name)}</strong>: {len(asked.judged)} cases on {asked.documents:,} documents "
        f"({asked.passages:,} passages), backend {escape(asked.backend)}, as of <time>{asked.as_of}</time>"
        for asked in report.sets
    )
    broken = len(report.complaints)
    verdict = ""
    if report.held:
        verdict = (
            f'<p class="holds">✓ All {len(report.held)} thresholds hold.</p>'
            if not broken
            else f'<p class="breaks">✗ {"; ".join(map(escape, report.complaints))}.</p>'
        )
    links = {"figures": "In figures", "plots": "Plots", "cases": "Cases to look at", "meaning": "What it means"}
    listed = "".join(f'<li><a href="#{key}">{name}</a></li>' for key, name in links.items())
    return (
        f"<header><h1>How good the answers are</h1><p>{cases} questions in {specialties} specialties, each with the passage "
        f"that answers it, or with the reason why none does, written down beforehand.</p>"
        f'<p class="soft">{sets}.</p>{verdict}<nav aria-label="On this page"><ul>{listed}</ul></nav></header>'
        '<h2 id="figures">In figures</h2>'
    )


def _tiles(report: AnswerReport, name: str, figures: Figures) -> str:
    measures = {measure.name: measure for measure in MEASURES}
    tiles = "".join(_tile(report, name, measures[key], figures.rates[key]) for key in _TILES)
    speed = (
        f'<div class="tile"><strong>{figures.p50_ms:,.0f} ms</strong><span>for half of the answers</span>'
        f'<span class="soft">95 of 100 within {figures.p95_ms:,.0f} ms</span></div>'
    )
    return f'<h3>{escape(name)}</h3><div class="tiles">{tiles}{speed}</div>'


def _tile(report: AnswerReport, set_name: str, measure: Measure, rate: Rate) -> str:
    if rate.value is None:
        return f'<div class="tile"><strong>–</strong><span>{escape(measure.says)}</span></div>'
    low, high = rate.interval
    held = next((each for each in report.held if (each.set_name, each.figure) == (set_name, measure.name)), None)
    stands = ""
    if held is not None:
        limit = held.bound.least if held.bound.least is not None else held.bound.most
        side = "at least" if held.bound.least is not None else "at most"
        stands = (
            f'<span class="{"holds" if held.holds else "breaks"}">{"✓ holds" if held.holds else "✗ breaks"}: '
            f"{side} {limit:.0%}</span>"
        )
    better = "more is better" if measure.higher_is_better else "less is better"
    return (
        f'<div class="tile"><strong>{rate.value:.0%}</strong><span>{escape(measure.says)}</span>'
        f'<span class="soft">{rate.hits} of {rate.of}; {low:.0%} to {high:.0%}; {better}</span>{stands}</div>'
    )


def _cases(failing: dict[str, list[tuple[str, Judged]]]) -> str:
    total = sum(map(len, failing.values()))
    links = "".join(f'<li><a href="#{anchor(what)}">{escape(what)}</a> ({len(c)})</li>' for what, c in failing.items())
    parts = [
        f'<h2 id="cases">Cases to look at</h2><p>{total} cases did not come out as expected in every respect, the gravest '
        f"first. <mark class='yes'>Right</mark> and <mark class='no'>contradicting</mark> figures are marked in what was "
        f'shown.</p><nav aria-label="Kinds of failure"><ul>{links}</ul></nav>'
    ]
    for what, cases in failing.items():
        cards = "".join(card(name, one) for name, one in cases)
        if what == MILDEST:
            cards = f"<details><summary>Show the {len(cases)} cases</summary>{cards}</details>"
        parts.append(f'<h3 id="{anchor(what)}">{escape(what.capitalize())} ({len(cases)})</h3>{cards}')
    return "".join(parts)


def _meaning(report: AnswerReport) -> str:
    rows = [[measure.says, _DEFINITIONS[measure.name]] for measure in MEASURES]
    left_out = [
        *(f"{asked.name}: {case.id}, its document is not there" for asked in report.sets for case in asked.absent),
        *(f"{asked.name}: {case.id}, {why}" for asked in report.sets for case, why in asked.unfit),
    ]
    apart = f"<h3>Not asked</h3><ul>{''.join(f'<li>{escape(each)}</li>' for each in left_out)}</ul>" if left_out else ""
    return f'<h2 id="meaning">What it means</h2>{table("What each figure counts", ["figure", "counts"], rows)}{apart}'


def _all_cases(report: AnswerReport) -> str:
    rows = [
        [name, one.case.specialty, one.case.question, "; ".join(one.failures) or "as expected"]
        for name, one in ((asked.name, one) for asked in report.sets for one in asked.judged)
    ]
    listed = table("Every case that was asked", ["set", "specialty", "question", "what became of it"], rows)
    return f"<details><summary>Every case ({len(rows)})</summary>{listed}</details>"
