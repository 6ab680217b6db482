"""Page furniture: what a page repeats at its edges, and what it says there of the document.

A converted page header cuts sentences in two and, indexed, answers every question. It is removed only where it proves
itself: by a page number ("PAGE 2 OF 3") or by standing at the edge of many pages. What it says (title, reference number,
revision date) is kept as facts; a title that changes in the middle of a file becomes a heading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

PAGE_OF = re.compile(r"\bpage\s+(?P<page>\d{1,4})\s+of\s+(?P<pages>\d{1,4})\s*$", re.IGNORECASE)
TITLE = re.compile(
    r"^(?:subject|title|[\w ]*\b(?:protocol|guideline|policy|procedure|standard))\s*:\s*(?P<title>\S.*)$", re.IGNORECASE
)
REFERENCE = re.compile(
    r"\b(?P<label>ref(?:erence)?\.?\s*no\.?)\s*:?\s*(?P<number>[A-Z]{0,4}\d[\w.\-]*)\s*$", re.IGNORECASE
)
FACT = re.compile(
    r"^(?:revised|effective|supersedes|issued|approved|reviewed|review date|next review|version|edition)\b.{0,24}?:"
    r"|^(?:revised|effective|supersedes)\s+\d",
    re.IGNORECASE,
)
ORGANISATION = re.compile(
    r"\b(?:department|ministry|county|agency|authority|organi[sz]ation|society|college|institute|association|services?"
    r"|centers?|centres?|hospital|university|federation|council|nhs|board)\b",
    re.IGNORECASE,
)
_ABOVE, _BELOW = 12, 6
"""How many lines with words a page header may have above and below its page number."""
_FOOTER_BODY = 14
"""With more lines than this before the first page number, that number stands at the foot of its page."""
_DIGITS = re.compile(r"\d+")


@dataclass(slots=True)
class Header:
    """What page headers say of the document, first mention first."""

    titles: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)

    def learn(self, line: str) -> None:
        """Take in one line of a page header."""
        line = " ".join(PAGE_OF.sub("", line).split())
        if not line:
            return
        if found := REFERENCE.search(line):
            _once(self.references, found["number"])
            line = line[: found.start()].rstrip(" ,;-")
        if TITLE.match(line):
            _once(self.titles, line)
        elif FACT.match(line):
            _once(self.facts, line)
        elif ORGANISATION.search(line) and len(self.organisations) < 3:
            line = re.sub(r"\s*\([^)]*\)$", "", line)
            if line not in self.organisations:
                self.organisations.append(line)


@dataclass(frozen=True, slots=True)
class Kept:
    """A line that stays: its number in the source, its page, and whether a page header made it a heading."""

    number: int
    page: int | None
    heading: bool = False


@dataclass(slots=True)
class Stripped:
    """The lines that stay, what the removed ones said, and how many there were."""

    kept: list[Kept]
    header: Header
    removed: int = 0


def strip_headers(lines: Sequence[str]) -> Stripped:
    """Remove page headers that carry "PAGE n OF m" from a text; pages are numbered by them, or by form feeds."""
    marks = list(_marks(lines))
    if not marks:
        return Stripped(list(_by_form_feeds(lines)), Header())
    common = _common(lines, [line for line, _ in marks])
    regions = [_region(lines, line, common) for line, _ in marks]
    before = sum(1 for line in lines[: regions[0].start] if line.strip())
    footers = before > _FOOTER_BODY
    stripped = Stripped([], Header())
    told: set[str] = set()
    page: int | None = marks[0][1] if footers else None
    position = 0
    for region, (_, number) in zip(regions, marks, strict=True):
        stripped.kept += (Kept(line, page) for line in range(position, region.start))
        page = number + 1 if footers else number
        position = region.stop
        texts = [lines[line] for line in region]
        heading = None if footers else _changed_title(region, texts, stripped.header)
        for line, text in zip(region, texts, strict=True):
            stripped.header.learn(text)
            form = _form(text)
            if heading is not None and line in heading:
                stripped.kept.append(Kept(line, page, heading=True))
            elif form and form not in told and not _is_furniture(text):
                stripped.kept.append(Kept(line, page))
            elif form:
                stripped.removed += 1
            told.add(form)
    last = (
        None if footers and page is not None and page > len(marks) and not "".join(lines[position:]).strip() else page
    )
    stripped.kept += (Kept(line, last) for line in range(position, len(lines)))
    return stripped


def repeated_edges(pages: Sequence[Sequence[str]], *, depth: int = 3) -> set[str]:
    """Forms (digits as #) of the lines that stand among the first or last ``depth`` of at least a third of all pages."""
    counts: Counter[str] = Counter()
    for page in pages:
        words = [line for line in page if line.strip()]
        counts.update({form(line) for line in (*words[:depth], *words[-depth:])})
    needed = max(3, (len(pages) + 2) // 3)
    return {text for text, count in counts.items() if count >= needed and text}


def form(line: str) -> str:
    """A line as its repetitions share it: one case, one space, digits as #."""
    return _DIGITS.sub("#", " ".join(line.split()).casefold())


_form = form


def _marks(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Line and page number of every "PAGE n OF m" that counts on from the one before."""
    last, total = 0, None
    for number, line in enumerate(lines):
        found = PAGE_OF.search(line)
        if found is None:
            continue
        page, pages = int(found["page"]), int(found["pages"])
        if last < page <= pages and total in (None, pages):
            yield number, page
            last, total = page, pages


def _by_form_feeds(lines: Sequence[str]) -> Iterator[Kept]:
    page = 1 if any("\f" in line for line in lines) else None
    for number, line in enumerate(lines):
        if page is not None and number:
            page += line.count("\f")
        yield Kept(number, page)


def _common(lines: Sequence[str], marks: Sequence[int]) -> set[str]:
    counts: Counter[str] = Counter()
    for mark in marks:
        above = [_form(lines[n]) for n in _near(lines, mark, -1, _ABOVE)]
        below = [_form(lines[n]) for n in _near(lines, mark, 1, _BELOW)]
        counts.update({*above, *below})
    needed = max(2, len(marks) // 5)
    return {text for text, count in counts.items() if count >= needed}


def _near(lines: Sequence[str], mark: int, step: int, most: int) -> Iterator[int]:
    """Up to ``most`` lines with words above (``step`` -1) or below (1) a page number, nearest first."""
    found, number = 0, mark + step
    while 0 <= number < len(lines) and found < most and not PAGE_OF.search(lines[number]):
        if lines[number].strip():
            yield number
            found += 1
        number += step


def _region(lines: Sequence[str], mark: int, common: set[str]) -> range:
    """The page header around a page number; lines that differ from page to page count if it goes on beyond them."""
    edges = []
    for step, most, gap in ((-1, _ABOVE, 3), (1, _BELOW, 0)):
        edge, missed = mark, 0
        for number in _near(lines, mark, step, most):
            if _form(lines[number]) in common or _is_furniture(lines[number]):
                edge, missed = number, 0
            else:
                missed += 1
                if missed > gap:
                    break
        edges.append(edge)
    return range(edges[0], edges[1] + 1)


def _is_furniture(line: str) -> bool:
    line = " ".join(line.split())
    return bool(
        PAGE_OF.search(line)
        or FACT.match(line)
        or (REFERENCE.search(line) and (TITLE.match(line) or ORGANISATION.search(line) or line.isupper()))
        or TITLE.match(line)
        or (line.isupper() and ORGANISATION.search(line))
    )


def _changed_title(region: range, texts: Sequence[str], header: Header) -> set[int] | None:
    """Lines of the title in a page header, if it is not the one of the pages before."""
    page = Header()
    for text in texts:
        page.learn(text)
    if not page.titles or (page.references or page.titles) == (header.references[-1:] or header.titles[-1:]):
        return None
    first = next(n for n, text in zip(region, texts, strict=True) if TITLE.match(" ".join(text.split())))
    return {first}


def _once(known: list[str], value: str) -> None:
    """Append, unless it is the last one; a title that comes back later counts again."""
    if value not in known[-1:]:
        known.append(value)


def removed_note(count: int, what: str, examples: Iterable[str]) -> str:
    """One line for ``Reading.notes``."""
    shown = "; ".join(f"“{example}”" for example in examples)
    return f"removed {count} {what}" + (f": {shown}" if shown else "")
