"""The rules on a document's own sentences."""

from __future__ import annotations

from guidelines.types import Passage, Sentence
from ingest.findings import findings


def _passage(text: str, section: str) -> Passage:
    starts = [0, *(at + 2 for at in range(len(text)) if text.startswith(". ", at))]
    ends = [start - 1 for start in starts[1:]] + [len(text)]
    sentences = tuple(Sentence(start, end) for start, end in zip(starts, ends, strict=True))
    return Passage(id="p1", document_id="d", section=(section,), start=0, end=len(text), text=text, sentences=sentences)


def test_a_slip_in_a_document_is_found_where_it_stands() -> None:
    text = "Give oral ivermectin 200 mg/kg once. Give oral ivermectin 200 mcg/kg once."
    flagged = list(findings("Skin", [_passage(text, "Scabies")]))
    assert [one.number for one in flagged] == [0]
    assert "thousandfold" in flagged[0].findings[0].rule
    assert "The source itself conflicts" in flagged[0].findings[0].message


def test_the_heading_names_the_drug() -> None:
    assert not list(findings("Amoxicillin", [_passage("Give 500 mg three times daily.", "Dose")]))
    assert list(findings("Leaflet", [_passage("Give zorbatrix 500 mg three times daily.", "Dose")]))


def test_what_was_studied_is_no_order() -> None:
    text = "Rats were given amlodipine 200 mg/kg daily for two years."
    assert not list(findings("Amlodipine", [_passage(text, "Toxicology")]))
