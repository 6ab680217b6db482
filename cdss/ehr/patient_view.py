"""Cards when a chart is opened: few, each worth the interruption.

First what endangers the patient among the current medicines, then a fact that a current medicine needs and nobody recorded,
then what a guideline recommends for a problem of the patient and no recorded medicine is for, in the guideline's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from cdss.ehr.cards import RANK, Card
from cdss.ehr.markdown import escaped
from cdss.ehr.order_cards import RESERVE_S, Asking, said, source_of
from cdss.ehr.recommend import Recommended, fits
from cdss.fhir.medications import Taken
from cdss.people import People, band_of
from checkers.dosing.drugs import find_drugs
from checkers.dosing.names import classes, parts_of
from checkers.run import judge
from checkers.situation.conditions import any_named, plain
from checkers.situation.situation import situation
from checkers.types import Claim, ClaimReport, Finding, Severity, Subject

MOST = 4
_CONDITIONS = 6
_DANGERS = ("interaction", "duplicate", "allergy", "patient-", "dose-")
_MISSING = "dose-missing-fact"
_PAIRS = ("interaction", "duplicate")


def patient_cards(asking: Asking) -> list[Card]:
    """At most four cards, the gravest first; and one more if the time ran out before everything was looked at."""
    if asking.chart.deceased:
        return []
    cards: list[Card] = []
    late = False
    for make in (_medicines, _problems):
        for card in make(asking):
            if card is None:
                late = True
            else:
                cards.append(card)
    cards = sorted(cards, key=lambda card: RANK[card.indicator])[:MOST]
    if late:
        summary = "Not all of this chart was checked: there was no time left"
        cards.append(Card(summary, "info", "cdss, clinical decision support", "not-checked"))
    return cards


def _medicines(asking: Asking) -> Iterator[Card | None]:
    """What the rules say of the medicines that the patient takes; ``None`` where the time ran out."""
    before: list[Taken] = []
    for one in asking.chart.taken:
        if asking.deadline.left < RESERVE_S:
            yield None
            return
        report = _judged(one, before, asking)
        before.append(one)
        dangers = [finding for finding in report.findings if _is_danger(finding)]
        if dangers:
            yield _danger(one, dangers)
        missing = [finding for finding in report.findings if finding.rule == _MISSING]
        if missing:
            yield _unknown(one, missing[0], report, asking)


def _judged(one: Taken, before: list[Taken], asking: Asking) -> ClaimReport:
    """Beside those that were looked at before it, so that two medicines that do not go together are told once."""
    patient = asking.chart.patient.model_copy(update={"medications": tuple(other.words for other in before)})
    return judge(Subject(claim=Claim(id="medicine", text=f"Give {one.words}"), patient=patient, as_of=asking.as_of))


def _is_danger(finding: Finding) -> bool:
    if finding.rule in _PAIRS:
        return finding.severity is not Severity.INFO
    return finding.severity is Severity.BLOCK and finding.rule.startswith(_DANGERS)


def _danger(one: Taken, findings: list[Finding]) -> Card:
    findings = sorted(findings, key=lambda finding: finding.severity is not Severity.BLOCK)
    return Card(
        summary=said(findings[0]),
        indicator="warning",
        source=source_of(findings[0]),
        topic=findings[0].rule,
        detail=(
            f"**Takes:** {escaped(one.words)}",
            *(f"{escaped(said(finding))}\n\nSource: {escaped(source_of(finding))}" for finding in findings),
        ),
        may_be_overridden=True,
        question=_first_drug(one.words),
    )


def _unknown(one: Taken, finding: Finding, report: ClaimReport, asking: Asking) -> Card:
    asked = [missing.question for missing in report.not_checked if missing.fact in str(finding.evidence.get("missing"))]
    kidneys = "renal" in str(finding.evidence.get("missing"))
    stale = [
        f"{gap.fact.removeprefix('labs.')}: {gap.reason}"
        for gap in asking.chart.gaps
        if gap.fact in str(finding.evidence.get("missing")) or (kidneys and gap.fact in ("creatinine_mg_dl", "egfr"))
    ]
    return Card(
        summary=said(finding),
        indicator="warning",
        source=source_of(finding),
        topic="missing-fact",
        detail=(f"**Takes:** {escaped(one.words)}", *map(escaped, asked), *map(escaped, stale)),
        question=_first_drug(one.words),
    )


def _first_drug(words: str) -> str | None:
    named = [drug.ingredient for drug in find_drugs(words) if drug.ingredient]
    return f"{named[0]} dose" if named else None


def _problems(asking: Asking) -> Iterator[Card | None]:
    """What is recommended for the patient's problems and is for none of the recorded medicines."""
    if "medications" in asking.chart.partial:
        return
    patient = asking.chart.patient
    who = str(People(band_of(patient.age_years), pregnant=patient.pregnant)) if patient.age_years is not None else ""
    taken = _taken(asking)
    told: set[str] = set()
    current = [one for one in patient.conditions or () if not one.startswith(("history of ", "possible "))]
    for condition in current[:_CONDITIONS]:
        if asking.deadline.left < RESERVE_S:
            yield None
            return
        question = f"Which medicine to give first for {condition}{f' in {who}' if who else ''}?"
        found = asking.recommendations.find(
            asking.service, question, as_of=asking.as_of, about=partial(_is_about, condition=condition)
        )
        card = next(iter(_not_done(condition, found, taken, asking)), None)
        if card is not None and card.summary not in told:
            told.add(card.summary)
            yield card


_GIVE = re.compile(
    r"\b(?:offer|give|start|prescribe|recommend(?:s|ed)?|treat with|add|first[- ](?:line|choice)"
    r"|should (?:receive|take|be given))\b",
    re.IGNORECASE,
)

_NOT_NOW = re.compile(
    r"\b(?:do not|don't|avoid|never|before|not recommended|contraindicat\w*|stop|hold|withhold|instead of|unless|only if)\b",
    re.IGNORECASE,
)
_ACUTE = re.compile(
    r"\b(?:acute|exacerbation|attack|emergency|severe|crisis|shock|decompensated|status)\b", re.IGNORECASE
)
"""What is for a patient who is ill now is not for a problem that merely stands on the list."""


def _is_about(one: Recommended, condition: str) -> bool:
    """Whether it says to give something for the condition: no caution, no check, no condition that may not be met."""
    quote = one.quote
    place = plain(f"{quote.title} . {quote.section} . {one.text}")
    gives = _GIVE.search(one.text) is not None and _NOT_NOW.search(one.text) is None
    acute = _ACUTE.search(f"{quote.title} {one.text}") is not None and _ACUTE.search(condition) is None
    return gives and not acute and any_named((plain(condition),), (place,)) is not None


def _taken(asking: Asking) -> set[str]:
    """Ingredients and classes of what the patient takes."""
    found: set[str] = set()
    for one in asking.chart.taken:
        for drug in find_drugs(one.words):
            if drug.ingredient:
                parts = (drug.ingredient, *parts_of(drug.ingredient))
                found.update(parts, *(classes(part) for part in parts))
    return found


def _not_done(condition: str, found: tuple[Recommended, ...], taken: set[str], asking: Asking) -> Iterator[Card]:
    """The first recommendation that fits the patient, if no recorded medicine follows any of them."""
    wanted = [(one, drugs) for one in found if (drugs := _wanted(one, asking))]
    if any(drugs & taken for _, drugs in wanted):
        return
    for one, _ in wanted:
        if fits(one, asking.chart.patient, asking.as_of):
            yield Card(
                summary=f"{condition}: no recorded medicine is one that the guideline recommends",
                indicator="info",
                source=one.quote.title,
                topic="recommendation",
                detail=(f"**{escaped(condition)}.** The guideline says, and no recorded medicine follows it:",),
                quote=one.quote,
                may_be_overridden=True,
                question=f"Treatment of {condition}",
            )
            return


def _wanted(one: Recommended, asking: Asking) -> set[str]:
    """Ingredients and classes that the claim says to give."""
    subject = Subject(claim=Claim(id="recommended", text=one.text), as_of=asking.as_of)
    found: set[str] = set()
    for mention in situation(subject).mentions:
        if mention.standing == "ordered":
            found.update(mention.parts, mention.classes if mention.ingredient is None else ())
            found.update(*(classes(part) for part in mention.parts))
    return found
