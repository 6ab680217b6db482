"""The sentence of the library that says what to know about a drug or a problem: looked up once per generation, then kept.

A sentence is quoted only if the library answers surely enough, the sentence names what was asked about, and every rule
releases it. What was not found is kept too, so that it is not looked for again and again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date

from cdss.complete import complete
from cdss.llm.extractive import Extractive
from cdss.pipeline import Service
from cdss.retrieve import retrieve
from cdss.types import ShownQuote
from checkers.run import run
from checkers.types import Claim, Draft, Patient, Verdict
from guidelines.errors import LibraryError
from guidelines.index import Filters
from guidelines.types import Status

KEPT = 2_000
LEAST_CHARS = 30
"""What is shorter leans on other words and says little alone."""


@dataclass(frozen=True, slots=True)
class Recommended:
    """A sentence of the library, as it stands there, and its place."""

    text: str
    quote: ShownQuote


Key = tuple[str, date, str]


@dataclass(slots=True)
class Recommendations:
    """Answers by generation, day and question. Safe to share between threads; it holds nothing about a patient."""

    _found: OrderedDict[Key, Future[tuple[Recommended, ...]]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(
        self, service: Service, question: str, *, as_of: date, about: Callable[[Recommended], bool]
    ) -> tuple[Recommended, ...]:
        """What the library says to ``question``, of sentences that are ``about`` it; empty where it says nothing surely.

        ``about`` has to be the same for the same question. Of calls that ask the same at once one looks, and the others wait.
        """
        try:
            live = service.library.live()
            if live is None:
                return ()
            key = live.generation.id, as_of, question
            kept, is_new = self._kept(key)
            if is_new:
                self._look(kept, key, service, about)
            return kept.result()
        except LibraryError:
            return ()

    def _kept(self, key: Key) -> tuple[Future[tuple[Recommended, ...]], bool]:
        """Where the answer is or will be, and whether nobody is looking for it yet."""
        with self._lock:
            is_new = key not in self._found
            kept = self._found.setdefault(key, Future())
            self._found.move_to_end(key)
            while len(self._found) > KEPT:
                self._found.popitem(last=False)
            return kept, is_new

    def _look(
        self,
        kept: Future[tuple[Recommended, ...]],
        key: Key,
        service: Service,
        about: Callable[[Recommended], bool],
    ) -> None:
        _, as_of, question = key
        try:
            kept.set_result(tuple(one for one in _look_up(service, question, as_of) if about(one)))
        finally:
            if not kept.done():  # it failed: whoever waits does without, and the next call looks again
                with self._lock:
                    self._found.pop(key, None)
                kept.set_result(())


def _look_up(service: Service, question: str, as_of: date) -> tuple[Recommended, ...]:
    settings = service.settings
    found = retrieve(
        question,
        library=service.library,
        settings=settings.retrieval,
        filters=Filters(status=(Status.ACTIVE, Status.UNKNOWN)),
        as_of=as_of,
        patient=None,
        site=settings.site,
    )
    if not found.found or found.confidence < settings.retrieval.floor:
        return ()
    draft = complete(Extractive().draft(question, found), found)
    report = run(draft, as_of=as_of, question=question, passages=found.passages)
    kept: dict[str, Recommended] = {}
    for claim, checked in zip(draft.claims, report.claims, strict=True):
        for one in claim.quotes or () if checked.verdict is Verdict.RELEASE else ():
            if one.citation is not None and len(one.quote) >= LEAST_CHARS:
                kept.setdefault(one.quote, Recommended(one.quote, ShownQuote.of(one.quote, one.citation)))
    return tuple(kept.values())


def fits(recommended: Recommended, patient: Patient, as_of: date) -> bool:
    """Whether every rule lets the recommendation through for this very patient."""
    draft = Draft(claims=(Claim(id="recommended", text=recommended.text),))
    report = run(draft, as_of=as_of, patient=patient)
    return report.claims[0].verdict is Verdict.RELEASE
