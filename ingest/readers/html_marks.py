"""What the attributes of an HTML element say of its words: hidden, bold, raised, a heading, a caption."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import NamedTuple

from lxml import etree

from ingest.readers.compose import squeeze
from ingest.readers.decode import tidy
from ingest.readers.superscripts import lowered, raised
from ingest.types import BlockKind

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_RAISED = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_LOWERED = re.compile(r"vertical-align\s*:\s*sub\b", re.IGNORECASE)
_HEADING_CLASS = re.compile(r"(?:^|[-_\s])(?:heading|head|title)[-_]?([a-h]|[1-9])?(?=$|[-_\s\d])", re.IGNORECASE)
_CAPTION_CLASS = re.compile(
    r"(?:^|[-_\s])(?:(?:heading|head|title)[-_]?(?:t\d*|tab|table)|(?:table|tab)[-_]?(?:heading|head|title|caption)|caption)(?=$|[-_\s])",
    re.IGNORECASE,
)


class Context(NamedTuple):
    """What text directly inside an open element becomes."""

    kind: BlockKind
    level: int = 0


def declared(element: etree._Element, blocks: Container[str]) -> Context | None:
    """What role or class say that a text block is; containers of other blocks are nothing by themselves."""
    if element.get("role") == "heading":
        level = element.get("aria-level", "2")
        return Context(BlockKind.HEADING, int(level) if level in tuple("123456") else 2)
    classes = element.get("class", "")
    if not classes or any(child.tag in blocks for child in element.iterdescendants()):
        return None
    if _CAPTION_CLASS.search(classes):
        return Context(BlockKind.CAPTION)
    if found := _HEADING_CLASS.search(classes):
        level = found[1]
        if level is None:
            return Context(BlockKind.HEADING, 2)
        return Context(BlockKind.HEADING, int(level) if level.isdigit() else ord(level.lower()) - ord("a") + 1)
    return None


def is_hidden(element: etree._Element) -> bool:
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or element.get("role") == "navigation"
        or bool(_HIDDEN.search(element.get("style", "")))
    )


def is_bold(element: etree._Element) -> bool:
    return (
        element.tag in ("b", "strong")
        or "bold" in element.get("class", "").lower()
        or element.get("stylecode", "").lower() == "bold"
        or bool(_BOLD.search(element.get("style", "")))
    )


def alternative(image: etree._Element) -> str | None:
    """The text for an image, if it is words and not a file name or a filler."""
    words = squeeze(image.get("alt", ""))
    meaningful = (
        len(words) > 3 and " " in words and not re.search(r"\.(?:png|jpe?g|gif|svg|webp)$", words, re.IGNORECASE)
    )
    return f" {words} " if meaningful else None


def shifted(element: etree._Element) -> str | None:
    """The words of a superscript or subscript; ``None`` for any other element."""
    style, classes = element.get("style", ""), element.get("class", "").lower()
    up = element.tag == "sup" or "superscript" in classes or bool(_RAISED.search(style))
    down = element.tag == "sub" or "subscript" in classes or bool(_LOWERED.search(style))
    if not up and not down:
        return None
    words = tidy("".join(element.itertext()))
    return raised(words) if up else lowered(words)
