"""What the commands show: tables for a person, plain values for ``--json``. Words from files are printed as text only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import PurePath

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from checkers.types import Severity
from guidelines.editions import DocumentHead
from guidelines.library import Live
from guidelines.types import Document, Passage
from ingest.findings import Flagged
from ingest.report import FileReport, Outcome, Report
from ingest.status import Status

FEW = 40
"""Up to so many files each one has its line; of more, only those that were not read do."""
FIRST = 3
_STYLES = {Outcome.INDEXED: "green", Outcome.UNCHANGED: "dim", Outcome.SKIPPED: "yellow", Outcome.FAILED: "red"}


def report_json(report: Report) -> dict[str, object]:
    """``{"generation", "published", "files", "counts", "seconds", "passages_embedded"}``."""
    return {
        "generation": report.generation,
        "published": report.published,
        "files": [asdict(file) for file in report.files],
        "counts": report.counts,
        "seconds": report.seconds,
        "passages_embedded": report.passages_embedded,
    }


def show_report(report: Report) -> None:
    """A line a file when they are few; else a line a folder, and one for each file that was skipped or failed."""
    console = _console()
    listed: Iterable[FileReport] = report.files
    if len(report.files) > FEW:
        _show_folders(console, report.files)
        listed = [file for file in report.files if file.outcome in (Outcome.SKIPPED, Outcome.FAILED)]
    table = _table("outcome", "file", "passages", "document or reason")
    for file in listed:
        words = " - ".join(filter(None, (file.document, file.why)))
        table.add_row(
            Text(file.outcome, _STYLES[file.outcome]), _plain(file.path), str(file.passages or ""), _plain(words)
        )
    if table.row_count:
        console.print(table)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in report.counts.items() if count) or "no files"
    console.print(Text(f"{counts}; {report.passages_embedded} passages embedded in {report.seconds:.1f} s."))
    state = "Published" if report.published else "Nothing changed. Live"
    console.print(Text(f"{state}: generation {report.generation}" if report.generation else "The library is empty."))


def documents_json(live: Live | None) -> dict[str, object]:
    """``{"generation", "documents"}``: the documents of the live generation without their texts."""
    heads = live.heads.values() if live else ()
    return {"generation": live.generation.id if live else None, "documents": [head_json(head) for head in heads]}


def head_json(head: DocumentHead) -> dict[str, object]:
    """What is known of a document, dates as ISO 8601."""
    return {
        "id": head.id,
        "work": head.work,
        "title": head.title,
        **head.metadata.model_dump(mode="json", exclude={"work", "title"}),
        "superseded_on": head.superseded_on.isoformat() if head.superseded_on else None,
        "source": head.source,
        "path": head.path,
        "media_type": head.media_type,
        "content_hash": head.content_hash,
        "passages": head.passages,
        "notes": list(head.notes),
        "added_at": head.added_at.isoformat(),
    }


def show_documents(live: Live | None) -> None:
    """One line a document."""
    if live is None or not live.heads:
        _console().print("The library is empty. cdss-ingest add PATH puts documents into it.")
        return
    table = _table("id", "title", "edition", "effective", "status", "passages")
    for head in sorted(live.heads.values(), key=lambda head: (head.title.lower(), head.id)):
        standing = f"superseded on {head.superseded_on}" if head.superseded_on else head.metadata.status.value
        effective = str(head.metadata.effective_date or "")
        table.add_row(
            head.id, _plain(head.title), _plain(head.metadata.edition or ""), effective, standing, str(head.passages)
        )
    console = _console()
    console.print(table)
    console.print(Text(f"{len(live.heads)} documents in generation {live.generation.id}."))


def document_json(head: DocumentHead, document: Document, parts: Sequence[Passage]) -> dict[str, object]:
    """A document with its text and its passages, enough to rebuild each passage from the text."""
    passages = [part.model_dump(mode="json", exclude={"document_id"}) for part in parts]
    pages = [page.model_dump() for page in document.pages]
    return {**head_json(head), "pages": pages, "text": document.text, "passages": passages}


def show_document(head: DocumentHead, parts: Sequence[Passage], *, everything: bool) -> None:
    """What is known of a document, its sections, and its first passages or all of them."""
    console = _console()
    known = _table("", "")
    for key, value in head_json(head).items():
        if value not in (None, [], "") and key not in ("notes", "content_hash"):
            known.add_row(key, _plain(", ".join(map(str, value)) if isinstance(value, list) else str(value)))
    console.print(known)
    for note in head.notes:
        console.print(Text.assemble("note: ", _plain(note)))
    sections = _table("section", "passages")
    for section, count in Counter(" > ".join(part.section) or "(no heading)" for part in parts).items():
        sections.add_row(_plain(section), str(count))
    console.print(sections)
    for part in parts if everything else parts[:FIRST]:
        place = " > ".join(part.section) + (f", page {part.page}" if part.page else "")
        console.print(Text(f"\n{part.id} [{part.start}:{part.end}] ", "dim").append_text(_plain(place)))
        console.print(_plain(part.text))
    if not everything and len(parts) > FIRST:
        console.print(Text(f"\n{len(parts) - FIRST} more passages; --passages shows them."))


def findings_json(head: DocumentHead, flagged: Sequence[Flagged]) -> dict[str, object]:
    """``{"document", "title", "sentences": [{"passage_id", "section", "page", "sentence", "text", "findings"}]}``."""
    sentences = [
        {
            "passage_id": one.passage.id,
            "section": list(one.passage.section),
            "page": one.passage.page,
            "sentence": one.number,
            "text": one.text,
            "findings": [finding.model_dump(mode="json") for finding in one.findings],
        }
        for one in flagged
    ]
    return {"document": head.id, "title": head.title, "sentences": sentences}


def show_findings(head: DocumentHead, flagged: Sequence[Flagged]) -> None:
    """Every sentence with a finding, where it stands, and what was found."""
    console = _console()
    for one in flagged:
        place = " > ".join(one.passage.section) + (f", page {one.passage.page}" if one.passage.page else "")
        console.print(Text(f"{one.passage.id} ", "dim").append_text(_plain(place)))
        console.print(_plain(one.text))
        for finding in one.findings:
            style = "red" if finding.severity is Severity.BLOCK else "yellow"
            console.print(Text(f"  {finding.severity} {finding.rule}: ", style).append_text(_plain(finding.message)))
        console.print()
    console.print(Text(f"{len(flagged)} sentences of {head.title} with a finding."))


def status_json(found: Status) -> dict[str, object]:
    """The fields of ``Status``."""
    values: dict[str, object] = asdict(found)
    return values


def show_status(found: Status) -> None:
    """One line a field, and what to do about what was left unfinished."""
    console = _console()
    table = _table("", "")
    for key, value in status_json(found).items():
        words = ", ".join(value) if isinstance(value, tuple) else str(value)
        table.add_row(key.replace("_", " "), _plain(words))
    console.print(table)
    if found.writing:
        console.print("A run is writing to the library right now.")
    elif found.unfinished_documents:
        console.print("A run ended before it had published what it read. Run the same command again to finish it.")
    if found.model not in (None, found.model_set):
        console.print("The settings name another model: the next cdss-ingest add embeds the whole library again.")


def _show_folders(console: Console, files: Iterable[FileReport]) -> None:
    folders: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for file in files:
        folders[str(PurePath(file.path).parent)][file.outcome] += 1
        folders[str(PurePath(file.path).parent)]["passages"] += file.passages
    table = _table("folder", *Outcome, "passages")
    for folder, counts in sorted(folders.items()):
        table.add_row(_plain(folder), *(str(counts[column] or "") for column in (*Outcome, "passages")))
    console.print(table)


def _console() -> Console:
    """Standard output; where that is a file or a pipe, lines are as long as they need to be."""
    console = Console(markup=False, highlight=False, emoji=False)
    return console if console.is_terminal else Console(markup=False, highlight=False, emoji=False, width=400)


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, show_header=any(columns), pad_edge=False)
    for column in columns:
        numeric = column in ("passages", *Outcome)
        table.add_column(column, overflow="fold", justify="right" if numeric and column != "outcome" else "left")
    return table


def _plain(text: str) -> Text:
    """``text`` without control characters: a file's name or words must not steer the terminal."""
    return Text("".join(char if char.isprintable() or char == "\n" else "�" for char in text))
