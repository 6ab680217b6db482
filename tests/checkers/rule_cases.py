"""Rule cases: ``cases/<rule>.toml``.

The top of a file gives defaults (``text``, ``quote`` or ``quotes``, ``source``, ``passage``, its
``sentences``, ``citation``, ``question``,
``as_of``, ``released``, ``patient``); each ``[[pass]]``, ``[[fail]]`` and ``[[not_given]]`` overrides them, ``false`` for
"not given".
The rules know of drugs what stands in ``tables`` beside this file, so that a change of the real tables changes no case.
``finds`` is what the rule must say, finding by severity; ``says`` are words that its message must hold.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from checkers.formulary.knowledge import knowledge
from checkers.types import Claim, Patient, Quote, Subject
from guidelines.types import Citation, Passage, Sentence

CASES = Path(__file__).parent / "cases"
TABLES = Path(__file__).parent / "tables"
KINDS = ("pass", "fail", "not_given")
DOCUMENT = "leaflet-0123456789"


@dataclass(frozen=True)
class Case:
    rule: str
    kind: str
    name: str
    finds: dict[str, str]
    says: str
    subject: Subject


def cases() -> Iterator[Case]:
    """Every case of every rule."""
    for path in sorted(CASES.glob("*.toml")):
        rows = tomllib.loads(path.read_text("utf-8"))
        defaults = {key: value for key, value in rows.items() if key not in KINDS}
        for kind in KINDS:
            for row in rows.get(kind, ()):
                given = {key: value for key, value in (defaults | row).items() if value is not False}
                yield Case(path.stem, kind, row["name"], row.get("finds", {}), row.get("says", ""), _subject(given))


def _subject(given: dict[str, Any]) -> Subject:
    quotes = given.get("quotes")
    if quotes is None and "quote" in given:
        quotes = [{"quote": given["quote"]}]
    passages = {name: _passage(name, text) for name, text in given.get("passages", {}).items()}
    if "passage" in given:
        passages["cited"] = _passage("cited", given["passage"], given.get("sentences"))
    default_source = given.get("source")
    made = None
    if quotes is not None:
        made = tuple(_quote(row, given, default_source) for row in quotes)
    text = given.get("text") or (made[0].quote if made and made[0].quote.strip() else "Nothing is claimed.")
    return Subject(
        claim=Claim(id="case", text=text, quotes=made),
        as_of=given.get("as_of", date(2024, 1, 1)),
        question=given.get("question"),
        patient=Patient(**given["patient"]) if "patient" in given else None,
        passages=passages or None,
        known=knowledge(TABLES / "formulary", TABLES / "pairs"),
        released=tuple(Claim(id=f"r{n}", text=said) for n, said in enumerate(given.get("released", ()))),
    )


def _passage(name: str, text: str, spans: list[tuple[int, int]] | None = None) -> Passage:
    document, _, passage = name.rpartition("/")
    return Passage(
        id=passage,
        document_id=document or DOCUMENT,
        section=("Treatment",),
        start=0,
        end=len(text),
        text=text,
        sentences=tuple(Sentence(start, end) for start, end in spans or [(0, len(text))]),
    )


def _quote(row: dict[str, Any], given: dict[str, Any], default_source: str | None) -> Quote:
    citation = None
    fields = row.get("citation", given.get("citation"))
    if fields is not None:
        usual = {
            "passage_id": "cited",
            "document": DOCUMENT,
            "title": "A leaflet",
            "section": "Treatment",
            "start": 0,
            "end": max(1, len(row["quote"])),
        }
        citation = Citation(**(usual | fields))
    return Quote(quote=row["quote"], source=row.get("source", default_source), citation=citation)
