"""Cards for drafted orders: one for each order with something to say, and one for what could not be checked.

``critical`` is kept for what the rules withhold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from cdss.ehr.cards import OWN_SOURCE, Card, Indicator
from cdss.ehr.fixes import suggestions
from cdss.ehr.gather import Deadline
from cdss.ehr.markdown import escaped
from cdss.ehr.orders import Drafted, JudgedOrder, in_context, judge_order
from cdss.ehr.recommend import Recommendations, Recommended
from cdss.patient import Chart
from cdss.people import People, band_of
from cdss.pipeline import Service
from checkers.dosing import read_doses
from checkers.dosing.drugs import find_drugs
from checkers.types import Finding, Missing, Patient, Severity

UNKNOWN_DRUG = "dose-unknown-drug"
_RANK = {Severity.BLOCK: 0, Severity.REVIEW: 1, Severity.INFO: 2}
_TAIL = re.compile(r"\s*(?:\(Unverified entry of the tables\.\)|Source: .*)$", re.DOTALL)
_TOPICS: dict[str, tuple[str, tuple[str, ...]]] = {
    "allergy": ("allergy", ("allerg", "hypersensitiv", "anaphyla")),
    "interaction": ("interaction with", ()),
    "duplicate": ("together with", ()),
    "patient-renal": ("kidney function", ("renal", "kidney", "creatinine", "egfr")),
    "patient-pregnancy": ("pregnancy", ("pregnan", "trimester", "gestation")),
    "patient-lactation": ("breast-feeding", ("breast", "lactat")),
    "patient-hepatic": ("liver disease", ("liver", "hepat", "cirrho")),
    "patient-geriatric": ("older adults", ("older", "elderly", "aged", "years")),
}
"""What is looked up for a rule, and words one of which the sentence must have; for all others it is the dose."""
RESERVE_S = 0.15
"""Seconds before the deadline in which nothing new is begun."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What judging needs beside the orders: the chart, the library with what was found in it, and the time that is left."""

    service: Service
    recommendations: Recommendations
    chart: Chart
    as_of: date
    deadline: Deadline


def order_cards(drafts: Sequence[Drafted], chosen: frozenset[str] | None, asking: Asking) -> Iterator[Card]:
    """The cards for ``drafts``; only those whose id is in ``chosen`` are judged, where that is given.

    Every order is judged before the library is asked for anything: what the rules say comes first when time is short.
    """
    judged: list[tuple[JudgedOrder, Patient]] = []
    late: list[Drafted] = []
    wanted = [one for one in drafts if chosen is None or one.id in chosen]
    before = [one for one in drafts if one not in wanted]
    for order in wanted:
        if asking.deadline.left < RESERVE_S:
            late.append(order)
            continue
        patient = in_context(order, asking.chart, before)
        judged.append((judge_order(order, patient, as_of=asking.as_of), patient))
        before.append(order)
    for one, patient in judged:
        yield from _card(one, patient, asking)
    if wanted:
        yield from _not_checked([one for one, _ in judged], late, asking.chart)


def _card(one: JudgedOrder, patient: Patient, asking: Asking) -> Iterator[Card]:
    findings = [finding for finding in one.report.findings if _interrupts(finding)]
    if not findings:
        return
    findings.sort(key=lambda finding: _RANK[finding.severity])
    worst = findings[0]
    withheld = worst.severity is Severity.BLOCK
    more = f" (+{len(findings) - 1} more)" if len(findings) > 1 else ""
    headline = said(worst).split(" Within limits:")[0]
    if (other := _other(worst)) is not None:
        headline = headline.replace(str(worst.evidence["other"]), other)
    if more:
        headline = headline[: 138 - len(more)].rstrip() + ("…" if len(headline) > 138 - len(more) else "") + more
    late = asking.deadline.left < RESERVE_S
    found = () if late else _recommended(one, worst, asking)
    detail = [f"**Order:** {escaped(one.order.told)}", *map(_line, findings)]
    if late:
        detail.append("There was no time to look up what the guideline says.")
    yield Card(
        summary=headline,
        indicator="critical" if withheld else "warning",
        source=source_of(worst),
        topic=worst.rule,
        detail=tuple(detail),
        quote=found[0].quote if found else None,
        suggestions=() if late else suggestions(one, patient, as_of=asking.as_of),
        may_be_overridden=True,
        question=_question(one, worst),
    )


def _interrupts(finding: Finding) -> bool:
    return finding.severity is not Severity.INFO and finding.rule != UNKNOWN_DRUG


def said(finding: Finding) -> str:
    """The message without its source, which has a place of its own."""
    return _TAIL.sub("", finding.message).strip()


def source_of(finding: Finding) -> str:
    """The document that a finding rests on, or these tables where the entry names none."""
    source = finding.evidence.get("source")
    return (
        source if isinstance(source, str) and source not in ("", "unverified") else f"{OWN_SOURCE} (unverified entry)"
    )


def _line(finding: Finding) -> str:
    mark = "Withheld" if finding.severity is Severity.BLOCK else "Review"
    source = source_of(finding)
    return f"**{mark}:** {escaped(said(finding))}\n\nSource: {escaped(source)}"


def _other(finding: Finding) -> str | None:
    """The other drug of a pair."""
    other = finding.evidence.get("other")
    named = find_drugs(other) if isinstance(other, str) else []
    return named[0].ingredient if named else None


def _topic(finding: Finding) -> str:
    words = _TOPICS.get(finding.rule, ("dose", ()))[0]
    return f"{words} {_other(finding) or ''}".strip() if finding.rule in ("interaction", "duplicate") else words


def _is_on_topic(found: Recommended, drug: str, finding: Finding) -> bool:
    text = found.text.casefold()
    if drug not in text:
        return False
    if finding.rule in ("interaction", "duplicate"):
        return (_other(finding) or "\0") in text
    words = _TOPICS.get(finding.rule, ("dose", ()))[1]
    return any(word in text for word in words) if words else _has_a_dose_of(drug, found.text)


def _has_a_dose_of(drug: str, text: str) -> bool:
    """Whether it says how much of this very drug to give: "or amoxicillin instead" beside another's dose is no help."""
    return any(dose.drug and drug in dose.drug.casefold().split("-") for dose in read_doses(text))


def _ingredient(one: JudgedOrder) -> str | None:
    named = [drug.ingredient for drug in find_drugs(one.order.name) if drug.ingredient]
    return named[0] if named else None


def _question(one: JudgedOrder, finding: Finding) -> str:
    return f"{_ingredient(one) or one.order.name} {_topic(finding)}"[:200]


def _recommended(one: JudgedOrder, finding: Finding, asking: Asking) -> tuple[Recommended, ...]:
    drug = _ingredient(one)
    if drug is None:
        return ()
    word = drug.split("-")[0].casefold()
    age = asking.chart.patient.age_years
    who = f" in {People(band_of(age))}" if age is not None else ""
    return asking.recommendations.find(
        asking.service,
        f"{drug} {_topic(finding)}{who}",
        as_of=asking.as_of,
        about=partial(_is_on_topic, drug=word, finding=finding),
    )


def _not_checked(judged: Sequence[JudgedOrder], late: Sequence[Drafted], chart: Chart) -> Iterator[Card]:
    """One card for all that was not checked: what was not sent, drugs that no table knows, and what ran out of time."""
    reasons = [f"{name}: {why}" for name, why in sorted(chart.partial.items())]
    reasons += [
        f"{one.order.name}: the tables hold no limits for this drug"
        for one in judged
        if any(finding.rule == UNKNOWN_DRUG for finding in one.report.findings)
    ]
    reasons += [f"{order.name}: there was no time left" for order in late]
    asked = [missing for one in judged for missing in one.report.not_checked]
    if any(missing.fact == "allergies" for missing in asked) and "allergies" not in chart.partial:
        reasons.append("allergies: none are recorded, and nobody recorded that there are none")
    if not reasons:
        return
    gaps = [f"{gap.fact.removeprefix('labs.')}: {gap.reason}" for gap in chart.gaps if _is_asked(gap.fact, asked)]
    indicator: Indicator = "warning" if late else "info"
    names = [reason.split(":", 1)[0] for reason in reasons]
    yield Card(
        summary=f"Not checked: {', '.join(dict.fromkeys(names))}",
        indicator=indicator,
        source=OWN_SOURCE,
        topic="not-checked",
        detail=tuple(f"- {escaped(reason)}" for reason in dict.fromkeys([*reasons, *gaps])),
    )


def _is_asked(fact: str, asked: Sequence[Missing]) -> bool:
    name = fact.removeprefix("labs.")
    kidney = name in ("creatinine_mg_dl", "egfr", "crcl_ml_min")
    return any(missing.fact == name or (kidney and missing.fact == "renal") for missing in asked)
