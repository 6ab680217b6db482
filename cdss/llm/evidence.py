"""What a model is shown of the guidelines: numbered sentences, as data, cut to the room that there is.

A sentence is one JSON string on one line under an id of this request. Whatever it says, it ends where its line ends, holds no
sign that a chat template would read and no character that nobody sees. What is quoted later is cut from the store.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdss.retrieve import Found, Retrieval
from cdss.sources import Source
from checkers.types import Quote
from guidelines.types import SentenceKind

_TAG = re.compile(r"<(?=[A-Za-z_/|!\[])")
"""What could open a sign of a chat template: ``<end_of_turn>``, ``<|im_start|>``, ``<unused94>``. Not "age <5"."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The sentences that are offered, by id, the best passage first; ``dropped`` passages had no room."""

    sources: Mapping[str, Source]
    passages: tuple[Found, ...]
    dropped: int = 0

    @classmethod
    def of(cls, retrieval: Retrieval, keep: int | None = None) -> Evidence:
        """The sentences of the best ``keep`` passages, numbered from ``s1``."""
        kept = retrieval.found[:keep]
        sources: dict[str, Source] = {}
        for found in kept:
            for source in retrieval.sources(found):
                if found.passage.sentences[source.number].kind not in (SentenceKind.HEADER, SentenceKind.CAPTION):
                    sources[f"s{len(sources) + 1}"] = source
        return cls(sources, kept, dropped=len(retrieval.found) - len(kept))

    def quotes(self, ids: Sequence[str]) -> tuple[Quote, ...]:
        """The sentences ``ids``, with what they lean on, in the order of their passages. Raises ``KeyError``."""
        chosen = {name: self.sources[name] for name in ids}
        ordered = [chosen[name] for name in self.sources if name in chosen]
        return tuple(dict.fromkeys(quote for source in ordered for quote in source.quotes()))

    def lines(self) -> str:
        """One line a passage, with where it is from, and one a sentence."""
        lines: list[str] = []
        last: str | None = None
        for name, source in self.sources.items():
            if source.passage.id != last:
                last = source.passage.id
                known = source.head.metadata
                where = {
                    "title": plain(source.head.title),
                    "section": [plain(heading) for heading in source.passage.section],
                    "edition": plain(known.edition) if known.edition else None,
                    "population": [plain(group) for group in known.population],
                }
                lines.append(f"from {json.dumps({k: v for k, v in where.items() if v}, ensure_ascii=False)}")
            lines.append(f"{name} {quoted(source.text())}")
        return "\n".join(lines)


def quoted(text: str) -> str:
    """``text`` as a JSON string on one line, ``plain``."""
    return json.dumps(plain(text), ensure_ascii=False)


def plain(text: str) -> str:
    """``text`` on one line, without characters that nobody sees and without signs of a chat template."""
    seen = " ".join(text.split())
    if not seen.isprintable():
        shown = (sign if unicodedata.category(sign)[0] != "C" else " " for sign in seen)
        seen = " ".join("".join(shown).split())
    return _TAG.sub("‹", seen)
