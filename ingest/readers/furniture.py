"""Page furniture: what a page repeats at its edges, and what it says there of the document.

A converted page header cuts sentences in two and, indexed, answers every question. A line is removed only where it proves
itself: it carries the page number or a revision date, names document or publisher in the header's own way, or stands at the
same place on most pages. What it says is kept as facts; a title that changes in the middle of a file becomes a heading.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.readers.headings import has_dose, is_section_name

PAGE_OF = re.compile(r"\bpage\s+(?P<page>\d{1,4})\s+of\s+(?P<pages>\d{1,4})\s*$", re.IGNORECASE)
TITLE = re.compile(
    r"(?:subject|title|[\w ]{0,40}\b(?:protocol|guideline|policy|procedure|standard))\s*:\s*(?P<title>\S.*)",
    re.IGNORECASE,
)
REFERENCE = re.compile(r"\bref(?:erence)?\.?\s*no\.?\s*:?\s*(?P<number>[A-Z]{0,4}\d[\w.\-]*)\s*$", re.IGNORECASE)
FACT = re.compile(
    r"(?:revised|effective(?: date)?|supersedes|issued|reviewed|review date|next review|version|edition)(?:\s*\(\w+\))?\s*:?"
    r"\s*(?:[\d./-]*\d[\d./-]*|new|\d{0,2}\s*[a-z]{3,9}\.?\s+(?:\d{1,2},?\s+)?\d{4})?(?:\s*\(.{0,80}\))?",
    re.IGNORECASE,
)
ORGANISATION = re.compile(
    r"\b(?:department|ministry|county|agency|authority|organi[sz]ation|society|college|institute|association|services?"
    r"|centers?|centres?|hospital|university|federation|council|nhs|board)\b",
    re.IGNORECASE,
)
_ABOVE, _BELOW = 8, 5
"""How many lines with words a page header may have above and below its page number."""
_GAP = 2
"""So many lines that differ from page to page may stand between the page number and a line that does not."""
_FOOTER_BODY = 14
"""With more lines than this before the first page number, that number stands at the foot of its page."""
_DIGITS = re.compile(r"\d+")


@dataclass(slots=True)
class Header:
    """What page headers say of the document, in order; what is said twice running is kept once."""

    titles: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    organisations: list[str] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)

    def learn(self, line: str) -> bool:
        """Take in one line of a page header; false if it says nothing known."""
        line = " ".join(PAGE_OF.sub("", line).split())
        found = REFERENCE.search(line)
        if found:
            _append_new(self.references, found["number"])
            line = line[: found.start()].rstrip(" ,;-")
        if TITLE.fullmatch(line):
            _append_new(self.titles, line)
        elif FACT.fullmatch(line):
            _append_new(self.facts, line)
        elif line and line.isupper() and ORGANISATION.search(line):
            line = re.sub(r"\s*\([^)]*\)$", "", line)
            if line not in self.organisations:
                self.organisations.append(line)
        else:
            return bool(found) or not line
        return True

    def learn_page(self, lines: Sequence[str], region: Iterable[int]) -> tuple[int, ...]:
        """Take in the header of one page. The lines of its title are returned, if it is a new one."""
        titles, references = self.titles[-1:], self.references[-1:]
        named: list[int] = []
        for number in region:
            line = " ".join(lines[number].split())
            if named and number == named[-1] + 1 and _continues_title(line):
                if found := REFERENCE.search(line):
                    _append_new(self.references, found["number"])
                    line = line[: found.start()].rstrip()
                self.titles[-1] += f" {line}"
                named.append(number)
            elif line:
                self.learn(line)
                if TITLE.match(line) and not named:
                    named.append(number)
        new = self.references[-1:] != references if self.references else self.titles[-1:] != titles
        return tuple(named) if new else ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A line that stays: its number in the source, its page, and the heading that a page header made of it."""

    number: int
    page: int | None
    heading: str | None = None


@dataclass(slots=True)
class Stripped:
    """The lines that stay, what the removed ones said, and how many there were."""

    kept: list[Kept] = field(default_factory=list)
    header: Header = field(default_factory=Header)
    removed: int = 0


def strip_headers(lines: Sequence[str]) -> Stripped:
    """Remove page headers that carry "PAGE n OF m" from a text; pages are numbered by them, or else by form feeds."""
    marks = list(_marks(lines))
    if not marks:
        stripped = Stripped(list(_by_form_feeds(lines)))
        stripped.header.learn_page(lines, _top(lines))
        return stripped
    finder = _Finder(lines, [line for line, _ in marks])
    regions = [finder.region(line) for line, _ in marks]
    footers = sum(1 for line in lines[: regions[0].start] if line.strip()) > _FOOTER_BODY
    stripped = Stripped()
    told: set[str] = set()
    page: int | None = marks[0][1] if footers else None
    position = 0
    for region, (_, number) in zip(regions, marks, strict=True):
        stripped.kept += (Kept(line, page) for line in range(position, region.start))
        page = number + 1 if footers else number
        position = region.stop
        proven = [line for line in region if lines[line].strip() and finder.is_furniture(line)]
        title = stripped.header.learn_page(lines, proven)
        for line in region:
            text = lines[line]
            if title and line == title[0] and not footers:
                heading = " ".join(" ".join(lines[number].split()) for number in title)
                stripped.kept.append(Kept(line, page, heading))
            elif line in proven and (line in title or Header().learn(text) or form(text) in told):
                stripped.removed += 1
            elif text.strip():
                stripped.kept.append(Kept(line, page))
            told.add(form(text))
    stripped.kept += (Kept(line, page) for line in range(position, len(lines)))
    return stripped


def form(line: str) -> str:
    """A line as its repetitions share it: one case, one space, digits as #."""
    return _DIGITS.sub("#", " ".join(line.split()).casefold())


class _Finder:
    """Finds the page header around each page number of a text."""

    def __init__(self, lines: Sequence[str], marks: Sequence[int]) -> None:
        self._lines = lines
        self._places: dict[int, tuple[int, str]] = {}
        for mark in marks:
            for step, most in ((-1, _ABOVE), (1, _BELOW)):
                for offset, number in enumerate(self._near(mark, step, most), start=1):
                    self._places.setdefault(number, (step * offset, " ".join(lines[number].split())))
        self._counts = Counter(self._places.values())
        self._texts = Counter(text for _, text in self._places.values())
        self._most = max(2, (len(marks) + 1) // 2)
        self._top = set(_top(lines))

    def region(self, mark: int) -> range:
        """The lines of the header around the page number at ``mark``."""
        edges = []
        for step, most in ((-1, _ABOVE), (1, _BELOW)):
            edge, missed = mark, 0
            for number in self._near(mark, step, most):
                if self.is_furniture(number):
                    edge, missed = number, 0
                else:
                    missed += 1
                    if missed > (_GAP if step < 0 else 0):
                        break
            edges.append(edge)
        return range(edges[0], edges[1] + 1)

    def is_furniture(self, number: int) -> bool:
        """Whether a line near a page number proves to be part of the header."""
        line = " ".join(self._lines[number].split())
        if PAGE_OF.search(line) or FACT.fullmatch(line) or REFERENCE.fullmatch(line) or self._names_document(line):
            return True
        if self._counts[self._places.get(number, (0, line))] >= self._most and not has_dose(line):
            return True
        if not line.isupper():
            return False
        if ORGANISATION.search(line) and not line.endswith("."):
            return self._texts[line] > 1 or number in self._top
        before = " ".join(self._lines[number - 1].split()) if number else ""
        return self._names_document(before) or (
            line.startswith("(") and bool(ORGANISATION.search(before)) and before.isupper()
        )

    @staticmethod
    def _names_document(line: str) -> bool:
        reference, title = REFERENCE.search(line), TITLE.fullmatch(line)
        if reference and (title or line.isupper()):
            return True
        return bool(title and title["title"].isupper())

    def _near(self, mark: int, step: int, most: int) -> Iterator[int]:
        """Up to ``most`` lines with words above (``step`` -1) or below (1) a page number, nearest first."""
        found, number = 0, mark + step
        while 0 <= number < len(self._lines) and found < most and not PAGE_OF.search(self._lines[number]):
            if self._lines[number].strip():
                yield number
                found += 1
            number += step


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


def _continues_title(line: str) -> bool:
    return line.isupper() and not TITLE.match(line) and not PAGE_OF.search(line) and not is_section_name(line)


def _top(lines: Sequence[str]) -> list[int]:
    """The first lines with words: where a document says what it is."""
    return [number for number, line in enumerate(lines[: 4 * _ABOVE]) if line.strip()][:_ABOVE]


def _by_form_feeds(lines: Sequence[str]) -> Iterator[Kept]:
    page = 1 if any("\f" in line for line in lines) else None
    for number, line in enumerate(lines):
        if page is not None:
            page += line.count("\f")
        yield Kept(number, page)


def _append_new(known: list[str], value: str) -> None:
    if value not in known[-1:]:
        known.append(value)
