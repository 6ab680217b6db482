"""Small PDF files made for the tests, with pdfium itself or by hand."""

from __future__ import annotations

import ctypes
import io
from collections.abc import Sequence
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium


@dataclass(frozen=True)
class Put:
    """A run of text at a place on a page."""

    text: str
    x: float
    y: float
    size: float = 11
    font: str = "Helvetica"


@dataclass(frozen=True)
class Rule:
    """A thin drawn line from one corner to the other."""

    x0: float
    y0: float
    x1: float
    y1: float


def make_pdf(pages: Sequence[Sequence[Put | Rule]]) -> bytes:
    """A PDF of A4 pages."""
    document = pypdfium2.PdfDocument.new()
    for content in pages:
        page = document.new_page(595, 842)
        for part in content:
            if isinstance(part, Rule):
                wide, high = max(part.x1 - part.x0, 0.5), max(part.y1 - part.y0, 0.5)
                drawn = pdfium.FPDFPageObj_CreateNewRect(part.x0, part.y0, wide, high)
                pdfium.FPDFPath_SetDrawMode(drawn, pdfium.FPDF_FILLMODE_WINDING, False)
            else:
                drawn = pdfium.FPDFPageObj_NewTextObj(document.raw, part.font.encode(), part.size)
                encoded = part.text.encode("utf-16-le") + b"\0\0"
                buffer = ctypes.create_string_buffer(encoded, len(encoded))
                pdfium.FPDFText_SetText(drawn, ctypes.cast(buffer, pdfium.FPDF_WIDESTRING))
                matrix = pdfium.FS_MATRIX(1, 0, 0, 1, part.x, part.y)
                pdfium.FPDFPageObj_TransformF(drawn, matrix)
            pdfium.FPDFPage_InsertObject(page.raw, drawn)
        page.gen_content()
        page.close()
    target = io.BytesIO()
    document.save(target)
    document.close()
    return target.getvalue()


def lines(texts: Sequence[str], *, x: float = 72, top: float = 780, leading: float = 14, **style: object) -> list[Put]:
    """Lines of text one under the other."""
    return [Put(text, x, top - leading * number, **style) for number, text in enumerate(texts)]  # type: ignore[arg-type]


def encrypted_pdf() -> bytes:
    """A PDF that asks for a password: its password hash matches no empty one."""
    parts = [
        b"1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj\n",
        b"2 0 obj <</Type /Pages /Kids [3 0 R] /Count 1>> endobj\n",
        b"3 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 200 200]>> endobj\n",
        b"4 0 obj <</Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s>>> endobj\n" % (b"41" * 32, b"42" * 32),
    ]
    body, offsets = b"%PDF-1.4\n", []
    for part in parts:
        offsets.append(len(body))
        body += part
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer <</Size 5 /Root 1 0 R /Encrypt 4 0 R /ID [<00> <00>]>>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return body + table + trailer
