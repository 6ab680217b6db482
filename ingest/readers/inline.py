"""What stands inside a line of Markdown: links, emphasis, escapes, stray HTML."""

from __future__ import annotations

import html
import re

from ingest.readers.decode import tidy
from ingest.readers.superscripts import lowered, raised

_IMAGE = re.compile(r"!\[(?P<alt>[^\]\[]{0,300})\]\([^)(]{0,1000}\)")
_LINK = re.compile(r"\[(?P<words>[^\]\[]{1,300})\]\([^)(\s]{0,1000}(?:\s+\"[^\"]{0,300}\")?\)")
_STRONG = re.compile(
    r"(?<![\w*])\*\*(?=\S)(?P<words>[^*]{1,600}?)(?<=\S)\*\*(?![\w*])|(?<![\w_])__(?=\S)(?P<also>[^_]{1,600}?)(?<=\S)__(?![\w_])"
)
_SHIFTED = re.compile(r"<(?P<tag>sup|sub)>(?P<words>[^<]{1,20})</(?P=tag)>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?(?:b|i|u|em|strong|span|font|small|a|p|div|center)(?:\s[^<>]{0,500})?>", re.IGNORECASE)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")


def render(text: str) -> str:
    """The words of one line: links and images by their text, strong emphasis without its marks, escapes resolved.

    Single asterisks stay: in guidelines they are footnote marks.
    """
    text = _IMAGE.sub(lambda found: found["alt"], text)
    text = _LINK.sub(lambda found: found["words"], text)
    text = _STRONG.sub(lambda found: found["words"] or found["also"], text)
    text = _SHIFTED.sub(lambda found: (raised if found["tag"].lower() == "sup" else lowered)(found["words"]), text)
    text = _TAG.sub("", _BREAK.sub(" ", text))
    return _ESCAPE.sub(r"\1", tidy(html.unescape(text)).replace("\n", " ") if "&" in text else text)
