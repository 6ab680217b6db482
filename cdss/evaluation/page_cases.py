"""The cases of a report that did not come out as expected, each so that a reader sees why in a minute: what was asked, which
place and figure were expected, and what was shown instead, with the figures in question marked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from html import escape

from cdss.evaluation.figures import read_figure, stands_in
from cdss.evaluation.judge import TOP, Judged
from cdss.types import ShownClaim
from checkers.fold import fold
from checkers.quantities import quantities
from checkers.types import Patient, Verdict

MOST_CHARS = 520
MILDEST = "a contradicting figure further down"
GRAVE = ("a contradicting figure comes first", "quote not true to its source", "answered, and should not have been")


def groups(judged: Iterable[tuple[str, Judged]]) -> dict[str, list[tuple[str, Judged]]]:
    """The cases with a failure, each with the name of its set, by the gravest one, the gravest group first."""
    found: defaultdict[str, list[tuple[str, Judged]]] = defaultdict(list)
    for name, one in judged:
        if one.failures:
            found[one.failures[0]].append((name, one))
    order = (
        *GRAVE,
        "refused, and should have been answered",
        "figure missing",
        "right passage not cited",
        f"right passage not among the first {TOP}",
    )
    first = [what for what in order if what in found]
    return {what: found[what] for what in (*first, *(what for what in found if what not in order))}


def anchor(what: str) -> str:
    """The fragment that a group of cases has in the page."""
    return "cases-" + re.sub(r"[^a-z0-9]+", "-", what.lower()).strip("-")


def card(set_name: str, one: Judged) -> str:
    """One case."""
    case = one.case
    patient = f" · {escape(_patient(case.patient))}" if case.patient else ""
    wrong = "".join(f"<li>{escape(what)}</li>" for what in one.failures)
    grave = " grave" if any(what in GRAVE for what in one.failures) else ""
    return (
        f'<article class="case{grave}" id="{escape(set_name)}-{case.id}"><h4>{escape(case.question)}</h4>'
        f'<p class="meta">{escape(case.specialty)}{patient} · {escape(set_name)} · {case.id}</p>'
        f'<ul class="what">{wrong}</ul><div class="two"><section><h5>Expected</h5>{_expected(one)}</section>'
        f"<section><h5>Shown, in this order</h5>{_shown(one)}</section></div></article>"
    )


_UNITS = {
    "age_years": "years",
    "weight_kg": "kg",
    "height_cm": "cm",
    "crcl_ml_min": "mL/min CrCl",
    "gestation_weeks": "weeks",
}


def _patient(patient: Patient) -> str:
    facts = []
    for name, value in patient.model_dump(exclude_none=True).items():
        if isinstance(value, dict):
            facts += [f"{key} {each:g}" for key, each in value.items()]
        elif isinstance(value, (tuple, list)):
            facts.append(f"{name}: {', '.join(value) or 'none'}")
        elif isinstance(value, bool):
            facts.append(name if value else f"not {name}")
        elif isinstance(value, float):
            facts.append(f"{value:g} {_UNITS[name]}" if name in _UNITS else f"{name.replace('_', ' ')} {value:g}")
        else:
            facts.append(str(value))
    return "patient: " + ", ".join(facts)


def _expected(one: Judged) -> str:
    if one.case.refuse is not None:
        return f"<p><strong>No answer.</strong> {escape(one.case.refuse)}</p>"
    places = "".join(f"<p>{escape(gold.file)}<br>› {escape(gold.section)}</p>" for gold in one.case.gold)
    figures = []
    for figure in one.case.figures:
        read = read_figure(figure)
        if read.text not in one.missing:
            tag = '<span class="tag yes">given</span>'
        elif any(stands_in(read, claim.text or "") for claim in one.shown):
            tag = '<span class="tag no">only marked for review</span>'
        else:
            tag = '<span class="tag no">missing</span>'
        figures.append(f"<p><strong>{escape(figure)}</strong> {tag}</p>")
    return places + "".join(figures)


def _shown(one: Judged) -> str:
    if one.refused:
        near = "".join(f"<li>{escape(each.title)} › {escape(_last(each.section))}</li>" for each in one.answer.nearest)
        listed = f"<p>Named as the nearest places:</p><ol>{near}</ol>" if near else ""
        return f"<p><strong>Nothing: {escape(one.answer.status.value)}.</strong></p>{listed}"
    wrong = {each.claim: each.figures for each in one.contradicting}
    ids = {passage.id for passage in one.places}
    unfaithful = "".join(f"<p>{escape(why)}</p>" for why in one.unfaithful)
    items = (_claim(claim, wrong.get(n, ()), one.case.figures, ids) for n, claim in enumerate(one.shown, 1))
    return f"<ol>{''.join(items)}</ol>{unfaithful}"


def _claim(claim: ShownClaim, wrong: Sequence[str], figures: Sequence[str], ids: set[str]) -> str:
    text = " ".join((claim.text or "").split())
    text = text if len(text) <= MOST_CHARS else text[:MOST_CHARS].rsplit(" ", 1)[0] + " …"
    quote = claim.quotes[-1] if claim.quotes else None
    page = f", page {quote.page}" if quote and quote.page else ""
    place = f"{quote.title} › {_last(quote.section)}{page}" if quote else "no quote"
    right = any(each.passage_id in ids for each in claim.quotes)
    tag = ' <span class="tag yes">right passage</span>' if right else ""
    review = ' <span class="tag no">marked for review</span>' if claim.verdict is Verdict.REVIEW else ""
    return f'<li>{_marked(text, wrong, figures)}<span class="place">{escape(place)}{tag}{review}</span></li>'


def _marked(text: str, wrong: Sequence[str], figures: Sequence[str]) -> str:
    """``text`` with its gold figures and the contradicting ones marked, where they stand there as they are written."""
    gold = {key for figure in figures for key in read_figure(figure).keys}
    right = {each.text for each in quantities(fold(text).text) if each.keys & gold}
    style = {**dict.fromkeys(wrong, "no"), **dict.fromkeys(right, "yes")}
    if not style:
        return escape(text)
    pattern = "|".join(_loosely(words) for words in sorted(style, key=len, reverse=True))
    marked, at = "", 0
    for match in re.finditer(rf"(?<![\w.])(?:{pattern})(?!\w)", text):
        name = next((css for words, css in style.items() if re.fullmatch(_loosely(words), match[0])), "yes")
        marked += f'{escape(text[at : match.start()])}<mark class="{name}">{escape(match[0])}</mark>'
        at = match.end()
    return marked + escape(text[at:])


def _loosely(words: str) -> str:
    """Folded words as they may have been written: dashes of any kind, with or without a space before the unit."""
    return re.sub(r"(?:\\ )+", r"\\s*", re.escape(words)).replace(r"\-", "[-–—]")


def _last(section: str) -> str:
    return section.rsplit(" > ", 1)[-1]
