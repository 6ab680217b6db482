"""One question, one direction, one event after the other: de-identify, retrieve, draft, check, release, decide, record.

The order is the safety. Nothing reads the text before identifiers left it. A claim is released only after every rule ran on it
together with all that was released before, and, where events are shown as they come, after it is on record. An answer is given
when it is on record, and not before.
"""

from __future__ import annotations

import asyncio
import json
import logging
import uuid
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import date

from cdss import notices
from cdss.audit import StepKind
from cdss.clock import Clock
from cdss.decide import decide, show
from cdss.deidentify import deidentify
from cdss.errors import Unavailable
from cdss.events import Event, Passages, Released, Stage, Told, Whole
from cdss.follow import understand
from cdss.llm.backend import Drafted, Drafting, ModelFailed, Notes, Task
from cdss.llm.extractive import Extractive
from cdss.release import Desk
from cdss.retrieve import Retrieval, retrieve
from cdss.service import Service
from cdss.types import Answer, Question
from cdss.types import Drafting as HowDrafted
from guidelines.errors import LibraryError
from guidelines.index import Filters

log = logging.getLogger(__name__)

_MODEL_BEGAN_S = 0.02
"""By then the model has its prompt, and until its first claim the processor is free to read ahead."""


async def stream(
    question: Question, service: Service, *, actor: str, today: date, live: bool = True
) -> AsyncGenerator[Event, None]:
    """Everything that happens to ``question``; the last event is ``Whole``. Close it when the caller is gone.

    ``live``: events are shown as they come, so each claim is on record before its event. Raises ``Busy``, ``NotFound``,
    ``NotRecorded`` and ``Unavailable``; what it raises before the first event has left no trace.
    """
    service.backend.admit()
    one = _OneQuestion(question, service, actor=actor, as_of=question.as_of or today, live=live)
    async with aclosing(one.events()) as events:
        async for event in events:
            yield event


class _OneQuestion:
    """What is known of a question while it is on its way."""

    def __init__(self, question: Question, service: Service, *, actor: str, as_of: date, live: bool) -> None:
        self.id = uuid.uuid4().hex
        self.question = question
        self.service = service
        self.actor = actor
        self.as_of = as_of
        self.live = live
        self.clock = Clock()
        self.notes = Notes()
        self.failed: str | None = None
        self.kept = 0

    async def events(self) -> AsyncGenerator[Event, None]:
        """From the question to the answer on record."""
        service, clock = self.service, self.clock
        with clock.stage("deidentify"):
            text, self.restore = deidentify(self.question.question)
        with clock.stage("understand"):
            self.understood = await understand(text, self.question.follows, service, actor=self.actor)
        with clock.stage("retrieve"):
            retrieving = asyncio.ensure_future(
                service.work(_retrieve, self.understood.text, self.question, service, self.as_of)
            )
            try:
                await self._note("opened", json.dumps({"question": text, "follows": self.question.follows}))
                yield Stage(id=self.id, stage="retrieve")
                found = await retrieving
            finally:
                retrieving.cancel()
        clock.mark("passages")
        yield Passages.of(found)
        self.desk = Desk(
            question=self.understood.words,
            found=found,
            patient=self.question.patient,
            as_of=self.as_of,
            rules=service.rules,
        )
        if found.found and found.confidence >= service.settings.retrieval.floor:
            async with aclosing(self._drafted(found)) as events:
                async for event in events:
                    yield event
        yield Stage(id=self.id, stage="decide")
        answer, whole = await service.work(self._sealed, text, found)
        for claim in answer.claims:
            for finding in claim.findings:
                yield Told(claim=claim.id, finding=finding)
        yield whole

    async def _drafted(self, found: Retrieval) -> AsyncGenerator[Event, None]:
        """The claims of the backend, one repair of what was withheld, and what takes their place when it fails."""
        task = Task(self.understood.text, found, self.question.patient)
        yield Stage(id=self.id, stage="draft")
        reading = asyncio.get_running_loop().call_later(
            _MODEL_BEGAN_S, self.service.workers.submit, self.desk.read_ahead
        )
        try:
            with self.clock.stage("draft"):
                async with self.service.backend.begin(task) as drafting:
                    self.notes = drafting.notes
                    async with aclosing(self._from_model(drafting)) as events:
                        async for event in events:
                            yield event
        except ModelFailed as error:
            log.warning("the model failed: %s (%s)", error.why, error.detail)
            self.failed = error.why
        finally:
            reading.cancel()
        if self.failed is None and self.desk.judged and not self.desk.told:
            self.failed = "withheld"
        if self.failed is not None and not isinstance(self.service.backend, Extractive):
            yield Stage(id=self.id, stage="fall back")
            async with aclosing(self._fallen_back(task)) as events:
                async for event in events:
                    yield event

    async def _from_model(self, drafting: Drafting) -> AsyncGenerator[Event, None]:
        async with aclosing(drafting.claims()) as claims:
            async for drafted in claims:
                if (event := await self._judged(drafted)) is not None:
                    yield event
        self.kept = len(self.desk.told)
        if not (withheld := self.desk.to_repair):
            return
        yield Stage(id=self.id, stage="repair")
        told = [claim.text for claim in self.desk.told]
        try:
            async with aclosing(drafting.repair(withheld, told)) as claims:
                async for drafted in claims:
                    if (event := await self._judged(drafted)) is not None:
                        yield event
        except ModelFailed as error:  # what was withheld stays withheld; the draft itself was whole
            log.warning("the repair failed: %s (%s)", error.why, error.detail)
        self.kept = len(self.desk.told)

    async def _fallen_back(self, task: Task) -> AsyncGenerator[Event, None]:
        self.kept = len(self.desk.told)
        async with Extractive().begin(task) as drafting, aclosing(drafting.claims()) as claims:
            async for drafted in claims:
                if self.desk.is_told(drafted.claim):
                    continue
                own = drafted.claim.model_copy(update={"id": f"e{drafted.claim.id[1:]}"})
                if (event := await self._judged(Drafted(own))) is not None:
                    yield event

    async def _judged(self, drafted: Drafted) -> Released | None:
        """Judge a claim; if it may be shown, put it on record and say so."""
        with self.clock.stage("check"):
            event = await self.service.work(self._released, drafted)
        if event is not None:
            self.clock.mark("first_claim")
        return event

    def _released(self, drafted: Drafted) -> Released | None:
        one = self.desk.judge(drafted)
        if one is None or one.is_withheld:
            return None
        if self.live:
            body = show(one, str).model_dump_json()
            self.service.record.note(self.id, "claim", body, actor=self.actor)
        return Released(claim=show(one, self.restore), conflicts=self.desk.conflicts(one))

    async def _note(self, kind: StepKind, body: str) -> None:
        if self.live:
            await self.service.work(self.service.record.note, self.id, kind, body, actor=self.actor)

    def _sealed(self, text: str, found: Retrieval) -> tuple[Answer, Whole]:
        """The answer, put on record."""
        backend = self.service.backend
        only_sentences = self.failed is not None and not self.kept
        name, model = ("extractive", None) if only_sentences else (backend.name, backend.model)
        self.clock.add("model", self.notes.model_s)
        answer = decide(
            self.id,
            self.desk.shown,
            found,
            question=self.understood.words,
            backend=name,
            model=model,
            drafting=self._how(),
            missing=self.notes.missing,
            said=tuple(self._said()),
            patient=self.question.patient,
            restore=self.restore,
            timings_ms=self.clock.timings_ms,
        )
        draft, report = self.desk.written(backend=name, model=backend.model)
        whole = self.service.record.write(
            answer, question=text, actor=self.actor, draft=draft, report=report, replies=self.notes.replies
        )
        return answer, Whole(text=whole)

    def _how(self) -> HowDrafted:
        standalone = {"standalone": self.understood.prompt} if self.understood.prompt else {}
        return HowDrafted(
            prompts=standalone | self.notes.prompts,
            sentences=self.notes.sentences,
            dropped=self.notes.dropped,
            repaired=len(self.desk.repaired),
            repeated=self.desk.repeated,
            fallback=self.failed,
            follow_up=self.understood.follow_up,
        )

    def _said(self) -> list[str]:
        said = []
        if self.failed is not None:
            said.append(notices.fallback(self.failed, kept=self.kept))
        elif self.notes.answerable == "none":
            said.append(notices.NONE_FOUND)
        elif self.notes.answerable == "in part":
            said.append(notices.IN_PART)
        if self.notes.dropped:
            said.append(f"{notices.DROPPED}{self.notes.dropped}.")
        return said


def _retrieve(text: str, question: Question, service: Service, as_of: date) -> Retrieval:
    wanted = question.filters
    filters = Filters(
        status=wanted.status, population=wanted.population, jurisdiction=wanted.jurisdiction, publisher=wanted.publisher
    )
    try:
        return retrieve(
            text,
            library=service.library,
            settings=service.settings.retrieval,
            filters=filters,
            as_of=as_of,
            patient=question.patient,
            site=service.settings.site,
        )
    except LibraryError as error:
        raise Unavailable(str(error)) from error
