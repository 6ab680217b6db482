"""What may be said of what was drafted: each claim by its verdict, the whole by its claims, and always why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cdss import notices
from cdss.deidentify import Restore
from cdss.disagree import disagreements
from cdss.retrieve import Found, Retrieval
from cdss.sources import SECTION_SEPARATOR
from cdss.types import MAX_LEFT_OUT, Answer, AnswerStatus, Drafting, LeftOut, Nearest, ShownClaim, ShownQuote
from checkers.judging.coverage import all_judged
from checkers.types import Claim, ClaimReport, Finding, Missing, Patient, Subject, Verdict

NEAREST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A drafted claim, completed, and what the rules say of it."""

    claim: Claim
    report: ClaimReport

    @property
    def is_withheld(self) -> bool:
        """Whether it may not be shown."""
        return self.report.verdict is Verdict.WITHHOLD


def decide(
    answer_id: str,
    judged: Sequence[Judged],
    found: Retrieval,
    *,
    question: str,
    backend: str,
    model: str | None,
    drafting: Drafting,
    missing: Sequence[Missing] = (),
    said: Sequence[str] = (),
    patient: Patient | None = None,
    restore: Restore = str,
    timings_ms: dict[str, float],
) -> Answer:
    """The answer. ``missing`` is what the model asks for, ``said`` the notices of how the draft came about."""
    shown = tuple(show(one, restore) for one in judged)
    out = [claim for claim in shown if claim.text is not None]
    if not shown:
        status = AnswerStatus.ABSTAINED
    elif not out:
        status = AnswerStatus.WITHHELD
    else:
        status = AnswerStatus.ANSWERED if len(out) == len(shown) else AnswerStatus.PARTLY_WITHHELD
    told = [one for one in judged if not one.is_withheld]
    own = [fact for one in judged for fact in one.report.not_checked]
    asked = [fact for fact in missing if fact.fact not in {one.fact for one in own}]
    return Answer(
        schema=1,
        id=answer_id,
        status=status,
        backend=backend,
        model=model,
        generation=found.generation,
        as_of=found.as_of,
        claims=shown,
        conflicts=disagreements((one.claim for one in told), found),
        not_checked=tuple(dict.fromkeys((*own, *asked))),
        notices=(
            *_first(question),
            *said,
            *_notices(question, status, told, found, backend if not said else "", patient),
        ),
        nearest=() if out else _nearest(found),
        left_out=_left_out(found),
        drafting=drafting,
        timings_ms=timings_ms,
    )


def show(one: Judged, restore: Restore) -> ShownClaim:
    """A claim as it leaves the service."""
    claim, checked = one.claim, one.report
    withheld = one.is_withheld
    cited = [(quote.quote, quote.citation) for quote in claim.quotes or () if quote.citation is not None]
    return ShownClaim(
        id=claim.id,
        text=None if withheld else restore(claim.text),
        verdict=checked.verdict,
        quotes=() if withheld else tuple(ShownQuote.of(words, citation) for words, citation in cited),
        findings=tuple(map(_without_words, checked.findings)) if withheld else checked.findings,
        doses=() if withheld else checked.doses,
    )


def _without_words(finding: Finding) -> Finding:
    """The reason without the words of the claim: what is withheld does not come out by the side door."""
    evidence = {key: value for key, value in finding.evidence.items() if key != "claim"}
    return finding.model_copy(update={"evidence": evidence, "span": None})


def _first(question: str) -> Iterator[str]:
    if (call_for_help := notices.emergency(question)) is not None:
        yield call_for_help


def _notices(
    question: str,
    status: AnswerStatus,
    told: Sequence[Judged],
    found: Retrieval,
    backend: str,
    patient: Patient | None,
) -> Iterator[str]:
    if found.generation is None:
        yield notices.EMPTY_LIBRARY
    elif status is AnswerStatus.ABSTAINED:
        yield notices.ABSTAINED
        if found.missing:
            yield f"What is missing: {'; '.join(found.missing)}."
    elif backend == "extractive":
        yield notices.EXTRACTIVE
    if found.asked.disagreement is not None:
        yield f"Whom this is about is not clear: {found.asked.disagreement}. Nothing was left out for age."
    doses = [one.claim for one in told if notices.mentions_dose(one.claim.text)]
    if not all(all_judged(Subject(claim=claim, question=question, patient=patient)) for claim in doses):
        yield notices.DOSE_NOT_CHECKED


def _nearest(found: Retrieval) -> tuple[Nearest, ...]:
    places = {
        (item.head.id, item.passage.section): Nearest.model_validate(_place(item)) for item in reversed(found.found)
    }
    return tuple(reversed(places.values()))[:NEAREST]


def _left_out(found: Retrieval) -> tuple[LeftOut, ...]:
    """One for a section, the best first."""
    places = {(item.head.id, item.passage.section): item for item in reversed(found.aside)}
    return tuple(
        LeftOut.model_validate(
            {
                **_place(item),
                "effect": "left out" if item.fit.excluded else "moved down",
                "reason": item.fit.reason,
            }
        )
        for item in reversed(places.values())
    )[:MAX_LEFT_OUT]


def _place(item: Found) -> dict[str, object]:
    return {
        "passage_id": item.passage.id,
        "document": item.head.id,
        "title": item.head.title,
        "section": SECTION_SEPARATOR.join(item.passage.section),
        "page": item.passage.page,
        "edition": item.head.metadata.edition,
    }
