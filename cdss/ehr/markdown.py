"""GitHub Flavored Markdown out of words that may hold anything: a drug's name, a guideline's sentence, a client's string."""

from __future__ import annotations

import html
import re

_SIGNS = re.compile(r"([\\`*_{}\[\]|~>])")
_START = re.compile(r"^(\s*)([-=+#]|\d+[.)])")


def escaped(text: str) -> str:
    """``text`` as Markdown that shows it as it is: no markup, no HTML, no link, on one line."""
    line = " ".join(text.split())
    safe = _SIGNS.sub(r"\\\1", html.escape(line, quote=False).replace("&gt;", ">"))
    safe = safe.replace("\\>", "&gt;").replace("://", ":&#47;&#47;").replace("www.", "www&#46;")
    return _START.sub(r"\1\\\2", safe)


def quoted(text: str) -> str:
    """A block quote."""
    return f"> {escaped(text)}"


def shortened(text: str, limit: int) -> str:
    """``text`` on one line in fewer than ``limit`` code points, cut between words."""
    line = " ".join(text.split())
    if len(line) < limit:
        return line
    cut = line[: limit - 2]
    return (cut[: cut.rfind(" ")] if " " in cut[limit // 2 :] else cut).rstrip(" ,;:(") + "…"
