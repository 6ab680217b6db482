"""What a document states of itself: title, edition, dates, publisher, status. Nothing is inferred."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from guidelines.types import Metadata, Status
from ingest.readers.dates import read_date
from ingest.readers.furniture import Header
from ingest.readers.headings import is_section_name
from ingest.types import Block, BlockKind

_EDITIONS = tuple(
    re.compile(rf"^(?P<label>{labels})\b[^:\d]{{0,16}}:?\s*(?P<value>\S.{{0,60}})$", re.IGNORECASE)
    for labels in ("revised", "version|edition", r"issued|effective(?:\s+date)?")
)
"""What names an edition, best first: a revision date says more than the day on which the first edition came into force."""
_NAMED_EDITION = re.compile(
    r"\b(?:\d{1,2}(?:st|nd|rd|th)|First|Second|Third|Fourth|Fifth) (?:List|edition)\b(?: \(\d{4}\))?", re.I
)
_REVISED_MONTH = re.compile(r"\b(Revised):?\s*(\d{1,2}/\d{4})\s*$", re.I)
_YEAR_AT_END = re.compile(r"[,:–-]?\s*\(?((?:19|20)\d{2})\)?$")
_COPYRIGHT = re.compile(r"^(?:©|Copyright ©?)\s*(?P<holder>[A-Z][^\d©]{3,80}?),?\s*(?:19|20)\d{2}\b")
_LICENCE = re.compile(r"\bCC[ -]BY(?:-[A-Z]{2})* \d\.\d(?: IGO)?")
_SUPERSEDES = re.compile(r"^supersedes\s*:?\s*(?P<value>\S.{0,60})$", re.I)
_REVIEW = re.compile(r"^(?:next )?review(?: date| due)?\s*:\s*(?P<value>\S.{0,60})$", re.I)
_DRAFT = re.compile(r"\bdraft\b", re.I)
_UNITED_STATES = re.compile(
    r"\bU\.?S\.? (?:Food|FDA|Department|Centers|Approval)|\bUnited States of America\b|\bFDA\b|Food and Drug Administration"
    r"|Centers for Disease Control|CDC, Atlanta|\bLos Angeles\b|County, (?:California|Texas|Florida|New York)",
    re.IGNORECASE,
)
_POPULATIONS = (
    ("neonate", re.compile(r"\b(?:neonat\w*|newborns?)\b", re.I)),
    ("child", re.compile(r"\b(?:p(?:a)?ediatrics?|child(?:ren)?|infants?)\b", re.I)),
    ("adult", re.compile(r"\badults?\b", re.I)),
    ("pregnancy", re.compile(r"\b(?:pregnan\w+|antenatal|obstetrics?)\b", re.I)),
)
_FILE = re.compile(
    r"\.(?:docx?|pdf|html?|txt|md|indd|rtf|odt|pptx?|xlsx?)$|^(?:microsoft word|untitled|document\d*|slide \d+)\b", re.I
)
_MAX_TITLE = 300


def stated_facts(*, title: str | None, head: Sequence[str] = (), header: Header | None = None) -> Metadata:
    """Metadata from the document's title, its first lines (``head``) and its page headers."""
    header = header or Header()
    several = len(set(header.references)) > 1
    facts = [" ".join(line.split()) for line in (*header.facts, *head)]
    reference = header.references[0] if header.references and not several else None
    if header.titles and not several:
        title = header.titles[0] + (f", Ref. No. {reference}" if reference else "")
    publisher = ", ".join(header.organisations) or _found(_COPYRIGHT, head, "holder")
    us = bool(_UNITED_STATES.search(" ".join((title or "", *header.organisations, *head))))
    dated = next((found for pattern in _EDITIONS if (found := _first(pattern, facts))), None)
    edition = f"{dated[0]} {dated[1]}" if dated else _edition(title, facts)
    supersedes = None if several else _first(_SUPERSEDES, facts)
    review = _first(_REVIEW, facts)
    return Metadata(
        title=None if several else _clip(title),
        work=_clip(_slug(f"{publisher or ''} {reference}") if reference else None),
        publisher=_clip(publisher),
        edition=_clip(edition),
        effective_date=read_date(dated[1], month_first=us) if dated else None,
        review_date=read_date(review[1], month_first=us) if review else None,
        population=tuple(name for name, pattern in _POPULATIONS if pattern.search(title or "")),
        jurisdiction="US" if us else None,
        status=Status.DRAFT
        if _DRAFT.search(" ".join((title or "", *header.facts, *header.titles)))
        else Status.UNKNOWN,
        licence=_clip(_found(_LICENCE, head, 0)),
        reference=_clip(f"Ref. No. {reference}" if reference else None),
        supersedes=(supersedes[1],) if supersedes else (),
    )


def document_title(text: str, blocks: Sequence[Block]) -> str | None:
    """The first heading, if it names the document and not one of its sections."""
    first = next((block for block in blocks if block.kind is BlockKind.HEADING), None)
    if first is None or (first.level > 1 and first is not blocks[0]):
        return None
    words = " ".join(text[first.start : first.end].split())
    return None if is_section_name(words) else words


def is_file_name(title: str, name: str) -> bool:
    """Whether a title is only the name of a file, as converters leave it behind."""
    if _FILE.search(title) or _letters(title) == _letters(PurePath(name).stem):
        return True
    return "_" in title and " " not in title.strip()


def _edition(title: str | None, lines: Sequence[str]) -> str | None:
    """How an edition without a full date is named: "23rd List (2023)", "Revised 8/2022", the year that ends the title."""
    for line in (title or "", *lines):
        if found := _NAMED_EDITION.search(line):
            return found[0]
    for line in lines:
        if found := _REVISED_MONTH.search(line):
            return f"{found[1]} {found[2]}"
    found = _YEAR_AT_END.search(title or "")
    return found[1] if found else None


def _found(pattern: re.Pattern[str], lines: Sequence[str], group: int | str) -> str | None:
    return next((found[group] for line in lines if (found := pattern.search(" ".join(line.split())))), None)


def _first(pattern: re.Pattern[str], lines: Sequence[str]) -> tuple[str, str] | None:
    """Label and value of the first line that fits and gives a number."""
    for line in lines:
        if (found := pattern.match(line)) and any(character.isdigit() for character in found["value"]):
            return found.groupdict().get("label", ""), found["value"].strip(" .;,:")
    return None


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9.]+", text.casefold()))


def _clip(text: str | None) -> str | None:
    """A value of the metadata: one line, not empty, not endless."""
    line = " ".join((text or "").split())
    return line[:_MAX_TITLE].strip() or None
