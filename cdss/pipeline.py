"""One question, one direction: de-identify, retrieve, draft, check, decide, record.

Everything is synchronous and takes what it needs as arguments, so that every door (terminal, HTTP, later the EHR) asks in the
same way. The order is the safety: nothing reads the text before identifiers left it, no draft is shown before every rule ran
on it, and no answer is given before it is on record.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from cdss import notices
from cdss.audit import Record
from cdss.deidentify import Restore, deidentify
from cdss.errors import Unavailable
from cdss.llm import Backend
from cdss.retrieve import Retrieval, retrieve
from cdss.settings import Settings
from cdss.sources import SECTION_SEPARATOR
from cdss.types import Answer, AnswerStatus, Nearest, Question, ShownClaim, ShownQuote
from checkers.run import run
from checkers.types import Claim, ClaimReport, Draft, Finding, Missing, Report, Verdict
from guidelines.errors import LibraryError
from guidelines.index import Filters
from guidelines.library import Library

NEAREST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What answering needs, built once at the entry point."""

    settings: Settings
    library: Library
    record: Record
    backend: Backend

    def warm_up(self, *, always: bool = False) -> None:
        """Load the embedder, which takes seconds; with an empty library only if ``always``. Raises ``Unavailable``."""
        try:
            if always or self.library.live() is not None:
                self.library.embed_query("warm up")
        except LibraryError as error:
            raise Unavailable(str(error)) from error

    def close(self) -> None:
        """Let go of the stores."""
        self.record.close()
        self.library.close()


def ask(question: Question, service: Service, *, actor: str, today: date) -> str:
    """The answer as JSON text, the very text that is on record.

    Raises ``Unavailable`` when the library cannot be read and ``NotRecorded`` when the answer cannot be written down.
    """
    as_of = question.as_of or today
    clock = _Clock()
    with clock.stage("deidentify"):
        text, restore = deidentify(question.question)
    with clock.stage("retrieve"):
        found = _retrieve(text, question, service, as_of)
    draft = Draft(claims=(), backend=service.backend.name, model=service.backend.model)
    if found.found and found.confidence >= service.settings.retrieval.floor:
        with clock.stage("draft"):
            draft = service.backend.draft(text, found)
    with clock.stage("check"):
        report = run(draft, as_of=as_of, question=text, patient=question.patient, passages=found.passages)
    answer = decide(text, draft, report, found, restore=restore, timings_ms=clock.timings_ms)
    return service.record.write(answer, question=text, actor=actor, draft=draft, report=report)


def _retrieve(text: str, question: Question, service: Service, as_of: date) -> Retrieval:
    wanted = question.filters
    filters = Filters(
        status=wanted.status, population=wanted.population, jurisdiction=wanted.jurisdiction, publisher=wanted.publisher
    )
    try:
        return retrieve(
            text, library=service.library, settings=service.settings.retrieval, filters=filters, as_of=as_of
        )
    except LibraryError as error:
        raise Unavailable(str(error)) from error


def decide(
    question: str,
    draft: Draft,
    report: Report,
    found: Retrieval,
    *,
    restore: Restore = str,
    timings_ms: dict[str, float],
) -> Answer:
    """What may be said: each claim by its verdict, the whole by its claims, and always why."""
    shown = tuple(_shown(claim, checked, restore) for claim, checked in zip(draft.claims, report.claims, strict=True))
    out = [claim for claim in shown if claim.text is not None]
    if not shown:
        status = AnswerStatus.ABSTAINED
    elif not out:
        status = AnswerStatus.WITHHELD
    else:
        status = AnswerStatus.ANSWERED if len(out) == len(shown) else AnswerStatus.PARTLY_WITHHELD
    return Answer(
        schema=1,
        id=uuid.uuid4().hex,
        status=status,
        backend=draft.backend,
        model=draft.model,
        generation=found.generation,
        as_of=found.as_of,
        claims=shown,
        not_checked=_missing(report),
        notices=tuple(_notices(question, status, draft, out, found)),
        nearest=() if out else _nearest(found),
        timings_ms=timings_ms,
    )


def _shown(claim: Claim, checked: ClaimReport, restore: Restore) -> ShownClaim:
    withheld = checked.verdict is Verdict.WITHHOLD
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


def _missing(report: Report) -> tuple[Missing, ...]:
    return tuple(dict.fromkeys(missing for checked in report.claims for missing in checked.not_checked))


def _notices(
    question: str, status: AnswerStatus, draft: Draft, out: list[ShownClaim], found: Retrieval
) -> Iterator[str]:
    if (call_for_help := notices.emergency(question)) is not None:
        yield call_for_help
    if found.generation is None:
        yield notices.EMPTY_LIBRARY
    elif status is AnswerStatus.ABSTAINED:
        yield notices.ABSTAINED
    elif draft.backend == "extractive":
        yield notices.EXTRACTIVE
    if any(notices.mentions_dose(claim.text or "") for claim in out):
        yield notices.DOSE_NOT_CHECKED


def _nearest(found: Retrieval) -> tuple[Nearest, ...]:
    places = {
        (item.head.id, item.passage.section): Nearest(
            passage_id=item.passage.id,
            document=item.head.id,
            title=item.head.title,
            section=SECTION_SEPARATOR.join(item.passage.section),
            page=item.passage.page,
            edition=item.head.metadata.edition,
        )
        for item in reversed(found.found)
    }
    return tuple(reversed(places.values()))[:NEAREST]


class _Clock:
    """Milliseconds of each stage and of all together."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self._stages[name] = _milliseconds(began)

    @property
    def timings_ms(self) -> dict[str, float]:
        return {**self._stages, "total": _milliseconds(self._began)}


def _milliseconds(since: float) -> float:
    return round((time.perf_counter() - since) * 1000, 2)
