"""How documents get in and out: find the files, read what is new, publish the result. Every file is accounted for."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from time import monotonic

from guidelines.errors import NotFoundError
from guidelines.library import Library
from ingest.files import Found, find
from ingest.metadata import MetadataError
from ingest.prepare import Task, reading_key
from ingest.publish import publish, sweep
from ingest.readers import READERS
from ingest.readers.decode import MAX_BYTES
from ingest.report import FileReport, Listener, Outcome, Report
from ingest.shelf import Shelf
from ingest.statements import Statements
from ingest.types import NotAGuidelineError, UnreadableError
from ingest.worker import Read, Worker


def add(
    library: Library,
    paths: Iterable[Path],
    *,
    actor: str,
    manifest: Path | None = None,
    listener: Listener | None = None,
) -> Report:
    """Take in the files that ``paths`` name or hold, and publish a new generation if that changes anything.

    Raises ``BusyError`` when another process is writing, ``MetadataError`` when ``manifest`` cannot be used, and any other
    ``LibraryError`` when the work cannot be done; what was live stays live, and the next run goes on where this one ended.
    """
    started, listener = monotonic(), listener or Listener()
    with library.writing(actor):
        sweep(library)
        live = library.live()
        shelf = Shelf(live.heads.values() if live else ())
        statements = Statements(manifest)
        files = list(statements.checked(find(paths)))
        reports = []
        with Worker() as worker:
            run = _Run(library, shelf, statements, worker, actor)
            for done, file in enumerate(files, 1):
                reports.append(run.settle(file))
                listener.on_file(done, len(files))
        return _published(library, shelf, tuple(reports), actor, listener, started)


def remove(library: Library, document_id: str, *, actor: str, listener: Listener | None = None) -> Report:
    """Publish a generation without this document; what answers cite of it stays readable. Raises as ``add`` does."""
    started, listener = monotonic(), listener or Listener()
    with library.writing(actor):
        sweep(library)
        live = library.live()
        if live is None or document_id not in live.heads:
            raise NotFoundError(f"The library has no document {document_id}. cdss-ingest list shows what it has.")
        shelf = Shelf(live.heads.values())
        shelf.remove(document_id)
        return _published(library, shelf, (), actor, listener, started)


def _published(
    library: Library, shelf: Shelf, files: tuple[FileReport, ...], actor: str, listener: Listener, started: float
) -> Report:
    heads, live = shelf.heads(), library.live()
    before = {(head.id, head.path) for head in live.heads.values()} if live else set()
    after = {(head.id, head.path) for head in heads}
    changed = before != after or (live is not None and live.generation.model != library.embedder.model_id)
    embedded = publish(library, heads, actor=actor, listener=listener) if changed else 0
    return Report(
        generation=library.index.live(),
        published=changed,
        files=files,
        seconds=round(monotonic() - started, 3),
        passages_embedded=embedded,
    )


class _Run:
    """Settles one file after the other."""

    def __init__(self, library: Library, shelf: Shelf, statements: Statements, read: Read, actor: str) -> None:
        self._library = library
        self._shelf = shelf
        self._statements = statements
        self._read = read
        self._actor = actor

    def settle(self, file: Found) -> FileReport:
        """What becomes of ``file``."""
        path = shown(file.path)
        try:
            return self._settle(file, path)
        except _SkipError as skip:
            return FileReport(path, Outcome.SKIPPED, str(skip))
        except NotAGuidelineError as nothing:
            return FileReport(path, Outcome.SKIPPED, str(nothing))
        except (MetadataError, UnreadableError) as failure:
            return FileReport(path, Outcome.FAILED, str(failure))

    def _settle(self, file: Found, path: str) -> FileReport:
        if file.fail is not None:
            raise UnreadableError(file.fail)
        if file.skip is not None:
            raise _SkipError(file.skip)
        suffix = file.path.suffix.lower()
        if suffix not in READERS:
            raise _SkipError(f"{suffix or 'no suffix'}: no reader for this format; readers: {' '.join(READERS)}")
        data = _bytes_of(file.path)
        content_hash = sha256(data).hexdigest()
        moved_from = self._twin(content_hash, path)
        editions = self._shelf.at(path)
        task = Task(
            data=data,
            name=shown(Path(file.path.name)),
            content_hash=content_hash,
            stated=self._statements.of(file),
            work_before=editions[-1].work if editions else None,
            tenant=self._library.tenant,
        )
        document_id = self._document_of(task)
        if any(edition.id == document_id for edition in editions):
            head = self._library.store.heads([document_id])[document_id]
            why = f"moved from {moved_from}" if moved_from else None
            return FileReport(path, Outcome.UNCHANGED, why, document_id, head.passages)
        head = self._library.store.heads([document_id])[document_id]
        self._shelf.add(replace(head, path=path))
        return FileReport(path, Outcome.INDEXED, None, document_id, head.passages)

    def _twin(self, content_hash: str, path: str) -> str | None:
        """Skip a second copy of the same bytes; of a file that has moved, return the old path."""
        here = {head.id for head in self._shelf.at(path)}
        for twin in self._shelf.with_content(content_hash):
            if twin.id in here or twin.path is None:
                continue
            if os.path.exists(twin.path):  # noqa: PTH110 - Path.exists() raises where it may not look
                raise _SkipError(f"same content as {twin.path}")
            self._shelf.move(twin.id, path)
            return twin.path
        return None

    def _document_of(self, task: Task) -> str:
        """The id of the file's document, read now or before."""
        key = reading_key(task)
        past = self._library.store.past_reading(key)
        if past is None:
            try:
                prepared = self._read(task)
            except NotAGuidelineError as nothing:
                self._library.store.remember_nothing_in(key, str(nothing))
                raise
            self._library.store.add(prepared.document, prepared.passages, reading_key=key, actor=self._actor)
            return prepared.document.id
        if past.document_id is None:
            raise NotAGuidelineError(past.why_not or "there is nothing in it to index")
        return past.document_id


class _SkipError(Exception):
    """The file is not to be read; the message says why."""


def shown(path: Path) -> str:
    """A path as text that can be written anywhere, also where the file's name is not valid UTF-8."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # not a scan of gigabytes
    except FileNotFoundError as error:
        raise UnreadableError("it was gone when its turn came") from error
    except OSError as error:
        raise UnreadableError(f"cannot be read: {(error.strerror or str(error)).lower()}") from error
    if len(data) > MAX_BYTES:
        raise UnreadableError(f"larger than {MAX_BYTES // 2**20} MB; cut it into smaller files")
    return data
