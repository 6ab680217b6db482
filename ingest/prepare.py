"""One file to one document and its passages: read, join with what is stated, name, split."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath

from pydantic import ValidationError

from guidelines.types import Document, Metadata, Passage
from ingest import readers, split
from ingest.metadata import Stated, merged
from ingest.types import NotAGuidelineError, UnreadableError

SLUG_CHARS = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A file's bytes with all that is needed to make a document of them.

    ``work_before`` is the work of the document that the same path held before, if any: new bytes under an old name are
    taken for a new edition, unless the file or a person names another work.
    """

    data: bytes
    name: str
    content_hash: str
    stated: Stated
    work_before: str | None
    tenant: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document and its passages, ready to be stored."""

    document: Document
    passages: tuple[Passage, ...]


def prepare(task: Task) -> Prepared:
    """Raises ``UnreadableError`` or ``NotAGuidelineError``."""
    reading = readers.READERS[PurePath(task.name).suffix.lower()](task.data, task.name)
    try:
        metadata = merged(reading.metadata, task.stated)
    except ValidationError as error:
        raise UnreadableError(f"its metadata contradicts itself: {error.errors()[0]['msg']}") from error
    title = metadata.title or PurePath(task.name).stem.strip() or task.name.strip()
    work = metadata.work or task.work_before or slug(" ".join(filter(None, (metadata.publisher, title))))
    document = Document(
        id=f"{slug(work)}-{_digest(task.content_hash, metadata.model_dump_json(), work, title, _VERSIONS)[:10]}",
        work=work,
        title=title,
        source=task.name,
        media_type=reading.media_type,
        content_hash=task.content_hash,
        metadata=metadata,
        text=reading.text,
        pages=reading.pages,
        notes=reading.notes,
        tenant=task.tenant,
    )
    passages = split.split(document, reading)
    if not passages:
        raise NotAGuidelineError("there is no sentence in it to quote")
    return Prepared(document, passages)


def reading_key(task: Task) -> str:
    """The same for two tasks that give the same document, so that a file is not read twice."""
    stated = Metadata.model_validate(task.stated).model_dump_json(exclude_unset=True)
    return _digest(task.content_hash, task.name, stated, _VERSIONS)


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens; what does not fit into that is told apart by six digits of a hash."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))
    lost = any(char.isalpha() and not unicodedata.normalize("NFKD", char)[0].isascii() for char in text)
    if words and not lost and len(words) <= SLUG_CHARS:
        return words
    return "-".join(filter(None, (words[:SLUG_CHARS].rstrip("-"), _digest(text)[:6])))


_VERSIONS = f"{readers.VERSION}.{split.VERSION}"


def _digest(*parts: str) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()
