"""Real sentences to build benches from: the shared corpus, which stands beside the repository in development only."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
WINDOW = 2000
"""Characters of the text around a sentence that serve as its source, cut wherever they end."""

_END = re.compile(r"(?<=[.!?])[\"”)]?\s+(?=[A-Z(“])")
_TAG = re.compile(r"<(?:script|style).*?</(?:script|style)>|<[^>]*>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True)
class Sample:
    """``text`` is a slice of ``source``, with the line breaks and hyphens that the document has there."""

    text: str
    source: str
    document: str


def texts() -> Iterator[tuple[str, str]]:
    """``(name, text)`` of every document that is text already, in the order of their names."""
    for path in sorted(CORPUS.rglob("*")):
        if path.suffix in (".md", ".txt"):
            yield path.name, path.read_text("utf-8", errors="replace")
        elif path.suffix == ".html":
            import html

            yield path.name, html.unescape(_TAG.sub("\n", path.read_text("utf-8", errors="replace")))
        elif path.suffix == ".json":
            fields = json.loads(path.read_text("utf-8"))
            parts = [
                part
                for key, value in fields.items()
                if isinstance(value, list) and not key.endswith("_table")
                for part in value
            ]
            yield path.name, "\n\n".join(part for part in parts if isinstance(part, str))


def samples(count: int, *, seed: int) -> list[Sample]:
    """``count`` sentences drawn from all documents, the same ones for the same ``seed``."""
    chance = random.Random(seed)
    drawn: list[Sample] = []
    for name, text in texts():
        spans = [span for span in _spans(text) if _is_sentence(text[slice(*span)])]
        for start, end in chance.sample(spans, min(len(spans), 40)):
            before = chance.randrange(WINDOW - (end - start))
            source = text[max(0, start - before) : max(0, start - before) + WINDOW]
            if text[start:end] in source:
                drawn.append(Sample(text[start:end], source, name))
    return chance.sample(drawn, min(count, len(drawn)))


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _END.finditer(text):
        yield start, match.start()
        start = match.end()


def _is_sentence(text: str) -> bool:
    words = text.split()
    return (
        7 <= len(words) <= 70
        and len(text) <= 600
        and (text[0].isupper() or text[0].isdigit())
        and text.rstrip()[-1] == "."
        and not re.search(r"\n\s*\n|\b(?:No|Ref|Fig|e\.g|i\.e|vs|approx|Dr)\.$|\bpage \d|^\d+\.$", text, re.IGNORECASE)
    )
