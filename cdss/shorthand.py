"""Ward shorthand spelled out, as guidelines print it: "pt w/ CAP, PCN allergy, what abx?"

Source: ``data/shorthand.toml``. Abbreviations that guidelines print themselves stay as they are.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files


def spelled_out(question: str) -> str:
    """``question`` with its shorthand in full words; it is what is searched with, and never what is shown."""
    words = _words()
    return _pattern().sub(lambda match: words[match[0].lower()], question)


@cache
def _words() -> dict[str, str]:
    words: dict[str, str] = tomllib.loads(files("cdss").joinpath("data/shorthand.toml").read_text("utf-8"))["words"]
    return words


@cache
def _pattern() -> re.Pattern[str]:
    forms = sorted(map(re.escape, _words()), key=len, reverse=True)
    return re.compile(rf"(?<![\w/-])(?:{'|'.join(forms)})(?![\w-]|/\w)", re.IGNORECASE)
