"""Sentences as they are quoted and told: slices for the quote, readable words for the claim."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from cdss.sources import Source, fold, status_on
from guidelines.editions import DocumentHead
from guidelines.types import Lead, Metadata, Passage, Sentence, SentenceKind, Status

TODAY = date(2026, 11, 22)


def head(status: Status = Status.ACTIVE, superseded_on: date | None = None) -> DocumentHead:
    return DocumentHead(
        id="w-0123456789",
        work="w",
        title="W",
        source="w.md",
        media_type="text/markdown",
        content_hash="00",
        metadata=Metadata(edition="2026", status=status),
        notes=(),
        passages=1,
        added_at=datetime(2026, 1, 1, tzinfo=UTC),
        superseded_on=superseded_on,
    )


def passage(text: str, *sentences: Sentence, name: str = "a" * 32) -> Passage:
    return Passage(
        id=name,
        document_id="w-0123456789",
        section=("Treatment",),
        start=0,
        end=len(text),
        text=text,
        sentences=sentences,
    )


def last(of: Passage, *others: Passage) -> Source:
    known = {each.id: each for each in (of, *others)}
    return Source(of, len(of.sentences) - 1, head(), known, TODAY)


def test_a_table_row_is_told_under_its_headers_and_quoted_as_it_stands() -> None:
    text = "Amoxicillin\nWeight | Dose\n14 kg | 560 mg"
    row = Sentence(26, 40, SentenceKind.ROW, (Lead(start=0, end=11), Lead(start=12, end=25)))
    source = last(passage(text, row))
    assert source.text() == "Amoxicillin: Weight: 14 kg; Dose: 560 mg"
    assert [quote.quote for quote in source.quotes()] == ["Amoxicillin", "Weight | Dose", "14 kg | 560 mg"]


def test_an_empty_cell_and_a_row_of_another_width_are_told_honestly() -> None:
    text = "Weight | Dose | Note\n14 kg | 560 mg | "
    row = Sentence(21, len(text), SentenceKind.ROW, (Lead(start=0, end=20),))
    assert last(passage(text, row)).text() == "Weight: 14 kg; Dose: 560 mg"
    text = "Weight | Dose\n14 kg"
    row = Sentence(14, 19, SentenceKind.ROW, (Lead(start=0, end=13),))
    assert last(passage(text, row)).text() == "Weight | Dose: 14 kg"


def test_a_list_item_comes_with_the_line_that_opens_its_list_from_another_passage() -> None:
    opener = passage("In children give:", Sentence(0, 17), name="b" * 32)
    item = passage(
        "amoxicillin 40 mg/kg", Sentence(0, 20, SentenceKind.ITEM, (Lead(passage_id="b" * 32, start=0, end=17),))
    )
    source = last(item, opener)
    assert source.text() == "In children give: amoxicillin 40 mg/kg"
    first, second = source.quotes()
    assert first.citation is not None
    assert second.citation is not None
    assert (first.citation.passage_id, second.citation.passage_id) == ("b" * 32, "a" * 32)
    assert (second.citation.document, second.citation.section) == ("w-0123456789", "Treatment")
    assert (second.citation.edition, second.citation.start, second.citation.end) == ("2026", 0, 20)


def test_what_is_told_joins_broken_lines_and_what_is_quoted_does_not() -> None:
    text = "Give the anti-\nbiotic for 2-\n3 days at 5\nmg."
    source = last(passage(text, Sentence(0, len(text))))
    assert source.text() == "Give the antibiotic for 2- 3 days at 5 mg."
    assert source.quotes()[0].quote == text


@pytest.mark.parametrize("text", ["0.5-\n1 mg", "10⁹/L", "T½ of 3-\n4 h", "β-lactam"])
def test_folding_never_joins_or_changes_a_figure(text: str) -> None:
    assert [c for c in fold(text) if not c.isspace()] == [c for c in text if not c.isspace()]


@pytest.mark.parametrize(
    ("declared", "superseded_on", "as_of", "expected"),
    [
        (Status.ACTIVE, None, TODAY, Status.ACTIVE),
        (Status.ACTIVE, date(2026, 1, 1), TODAY, Status.SUPERSEDED),
        (Status.ACTIVE, date(2027, 1, 1), TODAY, Status.ACTIVE),
        (Status.SUPERSEDED, date(2022, 1, 1), date(2019, 1, 1), Status.ACTIVE),
        (Status.SUPERSEDED, None, TODAY, Status.SUPERSEDED),
        (Status.UNKNOWN, date(2026, 11, 22), TODAY, Status.SUPERSEDED),
        (Status.WITHDRAWN, date(2022, 1, 1), date(2019, 1, 1), Status.WITHDRAWN),
        (Status.DRAFT, date(2022, 1, 1), TODAY, Status.DRAFT),
    ],
)
def test_an_edition_is_judged_by_the_day(
    declared: Status, superseded_on: date | None, as_of: date, expected: Status
) -> None:
    assert status_on(head(declared, superseded_on), as_of) is expected
