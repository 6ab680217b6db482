"""What stands on one PDF page, and where: lines of words, ruled lines, drawn bullets.

Coordinates are points from the lower left corner. pdfium's order of text is kept as the order of reading; what it merges or
splits by mistake is mended from the positions.
"""

from __future__ import annotations

import ctypes
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.readers.decode import tidy
from ingest.readers.superscripts import lowered, raised

_MAX_OBJECTS = 20_000
"""A page with more drawings is a map or a chart: its lines are no table."""
_MAX_DOTS = 500
_THIN = 2.6
_DOT = (2.0, 8.0)
_JUMP = 0.75
"""A baseline that moves by more than this share of a line's height is that of another line: pdfium gives no break there."""
_COLUMN_GAP = 1.8
"""A gap wider than this many times a line's height is none between words."""
_HYPHENS = (0x02, 0xFFFE)
"""What pdfium gives for a hyphen at a line's end."""


@dataclass(slots=True)
class Word:
    """Letters between two spaces. ``y`` is the baseline, ``height`` that of its font from descender to ascender."""

    text: str
    x0: float
    x1: float
    y: float
    height: float
    bold: bool

    @property
    def middle(self) -> float:
        """Height of the middle of its small letters."""
        return self.y + 0.25 * self.height


class TextLine:
    """Words on one baseline, from left to right. ``y`` and ``height`` are those of most of its letters."""

    __slots__ = ("bold", "bullet", "height", "text", "words", "x0", "x1", "y")

    def __init__(self, words: Sequence[Word], *, bullet: bool = False) -> None:
        self.words = tuple(words)
        self.bullet = bullet
        self.text = " ".join(word.text for word in self.words)
        self.x0 = self.words[0].x0
        self.x1 = max(word.x1 for word in self.words)
        self.height = _commonest((word.height, len(word.text)) for word in self.words)
        self.y = _commonest((word.y, len(word.text)) for word in self.words)
        self.bold = all(word.bold for word in self.words if any(character.isalnum() for character in word.text))

    def without(self, held: Container[int]) -> TextLine | None:
        """The line without the words of these identities; ``None`` if none is left."""
        words = [word for word in self.words if id(word) not in held]
        if len(words) == len(self.words):
            return self
        return TextLine(words, bullet=self.bullet) if words else None


def _commonest(values: Iterable[tuple[float, int]]) -> float:
    """The value with the greatest weight."""
    weights: dict[float, int] = {}
    for value, weight in values:
        weights[value] = weights.get(value, 0) + weight
    return max(weights, key=weights.__getitem__)


@dataclass(frozen=True, slots=True)
class Rule:
    """A drawn line: horizontal if ``y0 == y1``, else vertical."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(slots=True)
class PageText:
    """One page: its lines in reading order as far as the file tells it, and its ruled lines."""

    width: float
    height: float
    lines: list[TextLine] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    watermark: bool = False


def read_page(page: pypdfium2.PdfPage) -> PageText:
    """Read one page; the caller closes it."""
    width, height = page.get_size()
    result = PageText(width, height)
    text_page = page.get_textpage()
    try:
        result.lines = [line for run in _runs(text_page) for line in _lines(run)]
    finally:
        text_page.close()
    dots = list(_drawings(page, result))[:_MAX_DOTS]
    for line in result.lines:
        line.bullet = any(
            0 < line.x0 - x < 30 and line.y - 0.2 * line.height <= y <= line.y + 0.8 * line.height for x, y in dots
        )
    return result


@dataclass(slots=True)
class _Glyph:
    character: str
    x0: float
    x1: float
    y: float
    height: float
    bold: bool


def _runs(text_page: pypdfium2.PdfTextpage) -> Iterator[list[_Glyph | None]]:
    """Glyphs of one line after another; ``None`` stands for a space.

    Glyphs whose boxes stand at the same height share a baseline, so that pdfium need not be asked for each.
    """
    raw, count = text_page.raw, text_page.count_chars()
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    run: list[_Glyph | None] = []
    last: _Glyph | None = None
    bold = False
    at, size, baseline = (-1.0, -1.0), 0.0, 0.0
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        if code in (0x0D, 0x0A):
            if run:
                yield run
            run = []
            continue
        if code in (0x20, 0x09, 0):
            run.append(None)
            continue
        pdfium.FPDFText_GetLooseCharBox(raw, index, box)
        bottom, height = box.bottom, box.top - box.bottom
        if (bottom, height) != at:
            pdfium.FPDFText_GetCharOrigin(raw, index, x, y)
            at, size, baseline = (bottom, height), round(height, 1), round(y.value, 1)
        if not run or run[-1] is None:
            pdfium.FPDFText_GetFontInfo(raw, index, name, 128, flags)
            font = name.value.lower()
            bold = b"bold" in font or b"black" in font or pdfium.FPDFText_GetFontWeight(raw, index) >= 600
        character = "-" if code in _HYPHENS else chr(code)
        glyph = _Glyph(character, box.left, box.right, baseline, size, bold)
        if run and last is not None and abs(baseline - last.y) > _JUMP * max(size, last.height):
            yield run
            run = []
        run.append(glyph)
        last = glyph
    if run:
        yield run


def _lines(run: list[_Glyph | None]) -> Iterator[TextLine]:
    """The words of a run; where a wide gap parts them, what stands beside it is another column, and another line."""
    glyphs = [glyph for glyph in run if glyph is not None]
    if not glyphs:
        return
    size = _commonest((glyph.height, 1) for glyph in glyphs)
    base = _commonest((glyph.y, 1) for glyph in glyphs if glyph.height == size)
    words: list[Word] = []
    letters: list[_Glyph] = []
    for glyph in (*run, None):
        if glyph is not None:
            letters.append(glyph)
        elif letters:
            words.append(_word(letters, size, base))
            letters = []
    held: list[Word] = []
    for word in sorted((word for word in words if word.text and word.y > 0), key=lambda word: word.x0):
        if held and word.x0 - held[-1].x1 > _COLUMN_GAP * size:
            yield TextLine(held)
            held = []
        held.append(word)
    if held:
        yield TextLine(held)


def _word(letters: list[_Glyph], size: float, base: float) -> Word:
    if any(letter.height < 0.85 * size for letter in letters):
        characters = [_shifted(letter, at, size, base) for at, letter in enumerate(letters)]
    else:
        characters = [letter.character for letter in letters]
    return Word(
        text=tidy("".join(characters)).strip(),
        x0=letters[0].x0,
        x1=max(letter.x1 for letter in letters),
        y=letters[0].y,
        height=letters[0].height,
        bold=letters[0].bold,
    )


def _shifted(glyph: _Glyph, place: int, size: float, base: float) -> str:
    """A small digit above or below the line as Unicode's own: 10 to the ninth is 10⁹ and not 109."""
    if place == 0 or glyph.height >= 0.85 * size or not glyph.character.isdigit():
        return glyph.character
    if glyph.y > base + 0.12 * size:
        return raised(glyph.character)
    if glyph.y < base - 0.05 * size:
        return lowered(glyph.character)
    return glyph.character


def _drawings(page: pypdfium2.PdfPage, result: PageText) -> Iterator[tuple[float, float]]:
    """Note ruled lines and a watermark; yield the middles of drawn bullets."""
    letters = 0
    for number, drawing in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=1)):
        if number > _MAX_OBJECTS:
            result.rules.clear()
            return
        try:
            x0, y0, x1, y1 = drawing.get_bounds()
        except pypdfium2.PdfiumError:
            continue
        wide, high = x1 - x0, y1 - y0
        if high <= _THIN < wide:
            result.rules.append(Rule(x0, (y0 + y1) / 2, x1, (y0 + y1) / 2))
        elif wide <= _THIN < high:
            result.rules.append(Rule((x0 + x1) / 2, y0, (x0 + x1) / 2, y1))
        elif _DOT[0] <= wide <= _DOT[1] and abs(wide - high) < 1 and pdfium.FPDFPath_CountSegments(drawing) > 8:
            yield (x0 + x1) / 2, (y0 + y1) / 2
        elif min(wide, high) > 70 and pdfium.FPDFPath_CountSegments(drawing) > 20:
            letters += 1
    result.watermark = letters >= 4
