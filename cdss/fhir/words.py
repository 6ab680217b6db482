"""Words out of a record, made fit to stand in a sentence: they come from elsewhere and may hold anything."""

from __future__ import annotations

import re
import unicodedata

MAX_WORDS = 200
_SUFFIX = re.compile(
    r"\s*\((?:disorder|finding|situation|substance|procedure|observable entity|qualifier value|event|medicinal product"
    r"|product|clinical drug|morphologic abnormality)\)\s*$",
    re.IGNORECASE,
)


def cleaned(text: str | None) -> str:
    """``text`` on one line, without signs that are not seen and without SNOMED's "(disorder)", at most 200 code points."""
    seen = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text or "")
    seen = "".join(sign for sign in seen if unicodedata.category(sign) not in ("Cf", "Co", "Cs", "Cn"))
    return _SUFFIX.sub("", " ".join(seen.split()))[:MAX_WORDS].strip()
