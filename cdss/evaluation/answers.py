"""Cases asked of the whole service, as a clinician would ask them, each answer judged by what is written down beside its case.

A file that names documents is asked of a library made of these and of nothing else, through the same code path as real
documents, gone afterwards. One that names none, or any file when a home is given, is asked of the library as it stands; nothing
is written there, neither to the library nor to its record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path, PurePath

from cdss.audit import Record
from cdss.errors import InvalidInput, Unavailable
from cdss.evaluation.cases import Case, CaseFile, Gold
from cdss.evaluation.figures import read_figure, stands_in
from cdss.evaluation.judge import Judged, judge
from cdss.evaluation.places import Places
from cdss.llm import BACKENDS
from cdss.pipeline import Service, ask
from cdss.settings import Settings
from cdss.types import Answer, Question
from guidelines.editions import DocumentHead
from guidelines.library import Library, Live, open_library
from guidelines.settings import QdrantSettings
from guidelines.types import Passage
from ingest.pipeline import add
from ingest.report import Listener, Outcome

ACTOR = "cdss eval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One file of cases after its run.

    ``absent`` are the cases that were not asked, because a document of theirs is not in the library. ``unfit`` are those that
    no longer fit their document, each with the reason, and have to be looked at before they can be asked again.
    """

    name: str
    as_of: date
    generation: str
    documents: int
    passages: int
    backend: str
    judged: tuple[Judged, ...]
    absent: tuple[Case, ...]
    unfit: tuple[tuple[Case, str], ...]


def ask_all(
    cases: CaseFile,
    *,
    folder: Path,
    settings: Settings,
    home: Path | None,
    scratch: Path,
    reading: Callable[[], AbstractContextManager[Listener]],
    asking: Callable[[int], AbstractContextManager[Callable[[], None]]],
) -> Asked:
    """Ask every case of ``cases``, which was read in ``folder``, of the library at ``home``, of the one made of its documents
    under ``scratch``, or of the live one. ``reading`` shows how far taking in has come, ``asking`` how many cases of so many
    are asked. Raises ``InvalidInput``, ``CdssError`` and ``LibraryError``."""
    if home is not None:
        if not (home / "library.db").is_file():
            raise InvalidInput(f"{home} holds no library: run cdss-ingest add --home {home} first.", field="home")
        settings = settings.model_copy(update={"home": home, "qdrant": QdrantSettings()})
    elif cases.documents:
        settings = settings.model_copy(update={"home": scratch / "library", "qdrant": QdrantSettings()})
    with open_library(settings) as library:
        if home is None and cases.documents:
            with reading() as listener:
                _take_in(library, [folder / path for path in cases.documents], listener)
        live = library.live()
        if live is None or not live.heads:
            raise InvalidInput("The library is empty: run cdss-ingest add first.", field="home")
        record = Record.open(scratch / "record", tenant=settings.tenant)
        try:
            backend = BACKENDS[settings.backend](settings)
            service = Service(settings=settings, library=library, record=record, backend=backend)
            service.warm_up()
            with asking(len(cases.case)) as on_case:
                return _ask_each(cases, service, live, on_case)
        finally:
            record.close()


def _take_in(library: Library, paths: Sequence[Path], listener: Listener) -> None:
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise InvalidInput(f"{missing[0]}, which the cases are about, is not there.", field="documents")
    report = add(library, paths, actor=ACTOR, listener=listener)
    for file in report.files:
        if file.outcome is Outcome.FAILED:
            raise Unavailable(f"{file.path} could not be read: {file.why}")


def _ask_each(cases: CaseFile, service: Service, live: Live, on_case: Callable[[], None]) -> Asked:
    finder = Finder(service.library, live)
    today = cases.as_of or datetime.now(UTC).date()
    judged, absent, unfit = [], [], []
    for case in cases.case:
        if not all(finder.documents(gold) for gold in case.gold):
            absent.append(case)
        elif (why := finder.misfit(case)) is not None:
            unfit.append((case, why))
        else:
            asked = Question(question=case.question, patient=case.patient, as_of=today)
            answer = Answer.model_validate_json(ask(asked, service, actor=ACTOR, today=today))
            cited = {quote.passage_id for claim in answer.claims for quote in claim.quotes}
            judged.append(
                judge(
                    case,
                    answer,
                    places=[passage for gold in case.gold for passage in finder.passages(gold)],
                    gold_text=finder.text(case),
                    stored=service.library.passages(cited),
                )
            )
        on_case()
    return Asked(
        name=cases.name,
        as_of=today,
        generation=live.generation.id,
        documents=len(live.heads),
        passages=sum(head.passages for head in live.heads.values()),
        backend=service.backend.name,
        judged=tuple(judged),
        absent=tuple(absent),
        unfit=tuple(unfit),
    )


class Finder:
    """Where the gold places of cases stand in a library."""

    def __init__(self, library: Library, live: Live) -> None:
        self._library = library
        self._live = live
        self._read: dict[str, tuple[Places, str]] = {}

    def documents(self, gold: Gold) -> list[DocumentHead]:
        """The documents that were read from a file of this name: editions of one guideline may share it."""
        wanted = PurePath(gold.file).parts
        return [
            head
            for head in self._live.heads.values()
            if PurePath(head.path or head.source).parts[-len(wanted) :] == wanted
        ]

    def passages(self, gold: Gold) -> list[Passage]:
        """The passages that overlap the place; none when its words are not found."""
        return [
            passage
            for head in self.documents(gold)
            for passage in self._places(head)[0].around(self._spans(head, gold))
        ]

    def text(self, case: Case) -> str:
        """The words of all places of a case, a line each."""
        return "\n".join(
            self._places(head)[1][start:end]
            for gold in case.gold
            for head in self.documents(gold)
            for start, end in self._spans(head, gold)
        )

    def misfit(self, case: Case) -> str | None:
        """Why a case does not fit its documents, or ``None``."""
        for gold in case.gold:
            if not self.passages(gold):
                return f"the words that answer it are no longer in {gold.file}"
        text = self.text(case)
        for figure in case.figures:
            if not stands_in(read_figure(figure), text):
                return f"the figure {figure!r} does not stand in the words that answer it"
        return None

    def _spans(self, head: DocumentHead, gold: Gold) -> list[tuple[int, int]]:
        return self._places(head)[0].exact(gold.words, gold.hash)

    def _places(self, head: DocumentHead) -> tuple[Places, str]:
        if head.id not in self._read:
            document = self._library.document(head.id)
            places = Places(document, self._library.store.passages_of(head.id))
            self._read[head.id] = (places, document.text)
        return self._read[head.id]
