"""HTML: headings by tag, role or class; lists; tables with spans and captions; nothing that a browser would hide."""

from __future__ import annotations

import re

from lxml import etree

from guidelines.types import Metadata
from ingest.readers.compose import Composer
from ingest.readers.decode import decode
from ingest.readers.facts import is_file_name, stated_facts
from ingest.readers.html_flow import write_flow
from ingest.types import BlockKind, NotAGuidelineError, Reading, UnreadableError

_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)


def read(data: bytes, name: str) -> Reading:
    """Read an HTML page. Raises ``UnreadableError`` or ``NotAGuidelineError``."""
    declared = _DECLARED.search(data[:4096])
    source, notes = decode(data, declared=declared[1].decode("ascii") if declared else None)
    root = parse(source)
    if root is None:
        raise NotAGuidelineError("empty")
    composer = Composer()
    dropped = write_flow(composer, root)
    if not composer.blocks:
        raise NotAGuidelineError("no text in it" + (", only scripts" if "script" in dropped else ""))
    if dropped:
        notes += (f"left out: {', '.join(sorted(dropped))}",)
    notes += composer.notes
    return Reading(
        text=composer.text,
        blocks=tuple(composer.blocks),
        metadata=_metadata(root, composer, name),
        notes=notes,
        media_type="text/html",
    )


def parse(source: str) -> etree._Element | None:
    """The tree of an HTML text or fragment; ``None`` if there is nothing in it."""
    if not source.strip():
        return None
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(source.encode(), parser)
    except etree.XMLSyntaxError:
        return None
    if any("depth" in entry.message for entry in parser.error_log):
        raise UnreadableError("tags nested too deep to read it whole")
    return root


def _metadata(root: etree._Element, composer: Composer, name: str) -> Metadata:
    text = composer.text
    headings = [text[b.start : b.end] for b in composer.blocks if b.kind is BlockKind.HEADING]
    declared = " ".join("".join(root.findtext(".//title") or "").split())
    if declared and not is_file_name(declared, name):
        headings.insert(0, declared)
    return stated_facts(title=headings[0] if headings else None)
