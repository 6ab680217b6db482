"""The documents of a retrieval set in a library: read, split, stored, embedded and published as guidelines are."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from cdss.evaluation.beir import CorpusRow
from guidelines.editions import ranked
from guidelines.library import Library
from guidelines.types import Document
from ingest import split
from ingest.publish import publish, sweep
from ingest.readers.decode import tidy
from ingest.report import Listener
from ingest.types import Block, BlockKind, Reading

ACTOR = "cdss eval"
MAX_TITLE_CHARS = 1000
UNTITLED = "–"
"""A document needs a title, and the title is embedded with every passage; this one has no word that could be found."""

_VERSION = 1
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")


def fill(library: Library, rows: Sequence[CorpusRow], *, listener: Listener) -> dict[str, str]:
    """Make ``rows`` the live generation of ``library``; return the id of the row that each passage is from, by passage id.

    A row without a word in it has no passages. What the library knows is neither stored nor embedded again. Raises
    ``BusyError`` when another process is writing, and any other ``LibraryError`` when the work cannot be done.
    """
    with library.writing(ACTOR):
        sweep(library)
        known = library.store.heads([_document_id(row) for row in rows])
        row_of: dict[str, str] = {}
        held: list[str] = []
        for done, row in enumerate(rows, 1):
            reading = read_row(row)
            document = _document(row, reading, library.tenant)
            passages = split.split(document, reading)
            row_of |= {passage.id: row.id for passage in passages}
            if passages and document.id not in known:
                library.store.add(document, passages, reading_key=_digest(document.id), actor=ACTOR)
            if passages:
                held.append(document.id)
            listener.on_file(done, len(rows))
        live = library.live()
        model = library.embedder.model_id
        if live is None or live.heads.keys() != set(held) or live.generation.model != model:
            heads = library.store.heads(held).values()
            publish(library, ranked(replace(h, path=h.source) for h in heads), actor=ACTOR, listener=listener)
    return row_of


def read_row(row: CorpusRow) -> Reading:
    """The text of a row, its paragraphs parted by blank lines. A title that cannot serve as one is the first paragraph."""
    title = tidy(row.title or "").strip()
    paragraphs = [part.strip() for part in _BLANK_LINES.split(tidy(row.text)) if part.strip()]
    if title and (not paragraphs or len(title) > MAX_TITLE_CHARS):
        paragraphs.insert(0, title)
    blocks: list[Block] = []
    start = 0
    for paragraph in paragraphs:
        blocks.append(Block(BlockKind.PARAGRAPH, start, start + len(paragraph)))
        start += len(paragraph) + 2
    return Reading(text="\n\n".join(paragraphs), blocks=tuple(blocks), media_type="application/json")


def _document(row: CorpusRow, reading: Reading, tenant: str) -> Document:
    title = " ".join(tidy(row.title or "").split())
    return Document(
        id=_document_id(row),
        work=_work(row),
        title=title if title and len(title) <= MAX_TITLE_CHARS else UNTITLED,
        source="corpus.jsonl",
        media_type=reading.media_type,
        content_hash=_digest(row.title or "", row.text),
        metadata=reading.metadata,
        text=reading.text,
        tenant=tenant,
    )


def _work(row: CorpusRow) -> str:
    """Every row is a work of its own, so that two rows that say the same are not taken for one."""
    return f"row-{_digest(row.id)[:20]}"


def _document_id(row: CorpusRow) -> str:
    return f"{_work(row)}-{_digest(row.title or '', row.text, f'{_VERSION}.{split.VERSION}')[:10]}"


def _digest(*parts: str) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()
