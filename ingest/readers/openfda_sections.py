"""A label section as openFDA gives it: one run of text in which headings, bullets and tables have drowned. Find them again.

Only what is certain is cut out. Where a subsection's title ends is seen from the first word of its text; where that cannot be
told ("Avoid" belongs to the sentence, not to the title), the number alone becomes the heading and every word stays in the text.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from ingest.readers.compose import Composer, squeeze
from ingest.readers.html import parse
from ingest.readers.html_flow import cell_text, table_rows, write_flow
from ingest.readers.openfda_titles import title_length
from ingest.readers.tables import is_table, write_table
from ingest.types import BlockKind

_OWN_NAMES = {"warnings_and_cautions": "warnings and precautions"}


_REFERENCE = re.compile(r"(?:\(|\[|\bsee|\bsections?|\band|,|\bto|\bor|\()\s*$", re.IGNORECASE)
_MAX_FIELDS = 200
_MAX_SKIPPED = 3
"""So many numbers may be missing between two subsections: 8.3 was withdrawn from many labels, 2.9 after 2.2 is a reference."""
_MIN_TABLE = 20
"""The words of a shorter table may stand in the text by chance."""


_BULLET = re.compile(r"(?<=\s)(?=[•●■▪◦○]\s)")
_SENTENCE_END = re.compile(r"[.!?]\s+(?=[A-Z])")


class Section:
    """A label field: its texts (mostly one), squeezed, and its tables as HTML."""

    def __init__(self, key: str, texts: Sequence[str], tables: Sequence[str]) -> None:
        self.key = key
        self.texts = tuple(dict.fromkeys(squeeze(text) for text in texts))
        self.tables = tuple(tables)
        self.compact = tuple(_compact(text) for text in self.texts)
        self.name = key.replace("_", " ").strip().capitalize() or "Section"


@dataclass(frozen=True, slots=True)
class _Cut:
    """A heading that begins at ``start`` of a run of text and whose words end at ``end``."""

    start: int
    end: int
    level: int


def write_section(composer: Composer, section: Section, others: Sequence[Section], names: frozenset[str]) -> bool:
    """Append a section with its tables; false if all of it stands in another section, word for word.

    A table whose words are found in the text is written there, in their place; any other stands at the section's beginning,
    and its words in the text stay. ``names`` are the drug's names in lower case: a word that may begin a sentence.
    """
    fresh = [
        text
        for text, compact in zip(section.texts, section.compact, strict=True)
        if not _within(compact, section, others)
    ]
    if section.texts and not fresh:
        return False
    placed = [_placed(text, section.tables) for text in fresh]
    found = {html for places in placed for _, _, html in places}
    loose = [html for html in section.tables if html not in found]
    for number, (text, tables) in enumerate(zip(fresh, placed, strict=True)):
        own = _own_heading(section.key, text)
        if own is None and not number:
            composer.add(BlockKind.HEADING, section.name, level=1)
        cuts = _cuts(text, own, _children(text, section, others), names)
        _write_text(composer, text, cuts, tables, loose if not number else [])
    if not fresh and loose:
        composer.add(BlockKind.HEADING, section.name, level=1)
        for html in loose:
            _write_table(composer, html)
    return True


def _within(compact: str, section: Section, others: Sequence[Section]) -> bool:
    for other in others[:_MAX_FIELDS]:
        for text in other.compact:
            if other is section or len(text) < len(compact):
                continue
            if compact in text and (len(text) > len(compact) or others.index(other) < others.index(section)):
                return True
    return False


def _children(text: str, section: Section, others: Sequence[Section]) -> list[tuple[int, int, Section]]:
    """Where the texts of other sections stand inside this one."""
    places = _places(text)
    whole = _compact(text)
    found = []
    for other in others[:_MAX_FIELDS]:
        for compact in other.compact:
            if other is not section and 40 < len(compact) < len(whole) and (at := whole.find(compact)) >= 0:
                found.append((places[at], places[at + len(compact) - 1] + 1, other))
    return sorted(found, key=lambda child: child[0])


def _own_heading(key: str, text: str) -> _Cut | None:
    """The section's name at the start of its own text: numbered, or in capitals."""
    words = [re.escape(word) for word in _OWN_NAMES.get(key, key.replace("_", " ")).split()]
    if not words:
        return None
    name = r"[\s,&]+".join("(?:and|&)" if word == "and" else word for word in words)
    found = re.match(rf"(?P<number>\d{{1,2}}(?:\.\d{{1,2}})?\s+)?(?P<name>{name})(?=\s|$)\s?:?", text, re.IGNORECASE)
    if found is None or not (found["number"] or found["name"].isupper()):
        return None
    return _Cut(0, found.end(), 1)


def _cuts(
    text: str, own: _Cut | None, children: Sequence[tuple[int, int, Section]], names: frozenset[str]
) -> list[_Cut]:
    """All headings in a section's text, in order: its own, those of its numbered subsections, those of sections inside it."""
    cuts = {own.start: own} if own else {}
    number = re.match(r"\d{1,2}(?=\s)", text)
    first = own.end if own else 0
    if number:
        cuts |= {cut.start: cut for cut in _subsections(text, int(number[0]), first, names)}
    else:
        for start, end, child in children:
            title = re.match(re.escape(child.name) + r"(?=\s)\s?:?", text[start:], re.IGNORECASE)
            bounded = end >= len(text) or any(other == end or text[end:other].isspace() for other, _, _ in children)
            if title and start >= first and bounded:
                cuts[start] = _Cut(start, start + title.end(), 2)
    return sorted(cuts.values(), key=lambda cut: cut.start)


def _subsections(text: str, number: int, first: int, names: frozenset[str]) -> Iterator[_Cut]:
    """Headings like "2.1 Adult Dosage": their numbers belong to the section and rise; references to them stand in brackets."""
    pattern = re.compile(rf"(?<![\d.,(])(?<!\()(?:(?<=\s)){number}\.(?P<sub>\d{{1,2}})\s+(?=[A-Z\"“])")
    found = [
        at for at in pattern.finditer(text, first) if not _REFERENCE.search(text, max(0, at.start() - 40), at.start())
    ]
    latest = {int(at["sub"]): index for index, at in enumerate(found)}
    last = 0
    for index, at in enumerate(found):
        sub = int(at["sub"])
        skipped = range(last + 1, sub)
        if sub <= last or len(skipped) > _MAX_SKIPPED or any(latest.get(other, -1) > index for other in skipped):
            continue
        last = sub
        following = found[index + 1].start() if index + 1 < len(found) else len(text)
        yield _Cut(at.start(), at.end() + title_length(text[at.end() : min(following, at.end() + 300)], names), 2)


def _placed(text: str, tables: Sequence[str]) -> list[tuple[int, int, str]]:
    """Where the words of tables stand in a text, white space not counted."""
    compact, places = _compact(text), _places(text)
    spans: list[tuple[int, int, str]] = []
    for html in tables:
        root = parse(html)
        for flat in _flat(root) if root is not None else ():
            at = compact.find(flat) if len(flat) > _MIN_TABLE else -1
            if at >= 0 and not any(start < places[at + len(flat) - 1] and places[at] < end for start, end, _ in spans):
                spans.append((places[at], places[at + len(flat) - 1] + 1, html))
                break
    return sorted(spans)


def _flat(root: etree._Element) -> Iterator[str]:
    """All words of a table in a row: as the source orders them, and with its foot where a reader sees it."""
    yield _compact("".join(root.itertext()))
    foot = root.find(".//tfoot")
    if foot is not None:
        words = _compact("".join(foot.itertext()))
        yield _compact("".join(root.itertext())).replace(words, "", 1) + words


def _write_text(
    composer: Composer, text: str, cuts: Sequence[_Cut], tables: Sequence[tuple[int, int, str]], loose: Sequence[str]
) -> None:
    """Append a section's text: its headings, its tables in the place of their words, the prose between them."""
    position = 0
    marks: list[tuple[int, int, _Cut | str]] = [(start, end, html) for start, end, html in tables]
    marks += [
        (cut.start, cut.end, cut)
        for cut in cuts
        if not any(start < cut.end and cut.start < end for start, end, _ in tables)
    ]
    waiting = list(loose)
    for start, end, mark in sorted(marks, key=lambda mark: mark[0]):
        _write_prose(composer, text[position:start].strip())
        position = end
        if isinstance(mark, str):
            _write_table(composer, mark)
            continue
        if mark.level > 1:
            waiting = _write_loose(composer, waiting)
        composer.add(BlockKind.HEADING, text[start:end], level=mark.level)
    waiting = _write_loose(composer, waiting) if not position else waiting
    _write_prose(composer, text[position:].strip())
    _write_loose(composer, waiting)


def _write_loose(composer: Composer, tables: Sequence[str]) -> list[str]:
    for html in tables:
        _write_table(composer, html)
    return []


def _write_prose(composer: Composer, text: str) -> None:
    """A paragraph, or a paragraph and the items that its bullets cut it into; the last item ends with its first sentence."""
    pieces = _BULLET.split(text)
    for number, piece in enumerate(pieces):
        item = number > 0 or _BULLET.match(" " + piece, 1) is not None
        if not item:
            composer.add(BlockKind.PARAGRAPH, piece)
            continue
        end = _SENTENCE_END.search(piece) if number == len(pieces) - 1 else None
        composer.add(BlockKind.ITEM, piece[: end.start() + 1] if end else piece, level=1)
        if end:
            composer.add(BlockKind.PARAGRAPH, piece[end.end() :])


def _write_table(composer: Composer, html: str) -> None:
    root = parse(html)
    if root is None:
        return
    table = root.find(".//table")
    rows = table_rows(table) if table is not None else []
    if table is None or not is_table(rows):
        write_flow(composer, root)
        return
    captions = [" ".join(cell_text(caption).split("\n")) for caption in table.findall("caption")]
    write_table(composer, rows, captions)


def _places(text: str) -> array[int]:
    """Where each character of the compact text stands."""
    return array("L", (place for place, character in enumerate(text) if not character.isspace()))


def _compact(text: str) -> str:
    return "".join(text.split())
