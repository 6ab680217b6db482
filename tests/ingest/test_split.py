"""Passages rebuild their document, sentences keep what they lean on."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidelines.types import Document, Metadata, SentenceKind
from ingest.sentences import sentences
from ingest.split import MAX_CHARS, split
from ingest.types import Block, BlockKind, Reading


def reading(*blocks: tuple[BlockKind, str, int, int | None]) -> Reading:
    """A reading made of blocks, one a line: (kind, words, level, table)."""
    text, made = "", []
    for kind, words, level, table in blocks:
        text += "\n" if text else ""
        made.append(Block(kind, len(text), len(text) + len(words), level, table))
        text += words
    return Reading(text=text, blocks=tuple(made), media_type="text/plain")


def document(of: Reading) -> Document:
    return Document(
        id="w-0123456789",
        work="w",
        title="W",
        source="w.txt",
        media_type=of.media_type,
        content_hash="00",
        metadata=Metadata(edition="1"),
        text=of.text,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Give 5 mg. Repeat once.", ["Give 5 mg.", "Repeat once."]),
        (
            "Give 50 mg/kg i.v. every 12 h (max. 4 g per day). Stop.",
            ["Give 50 mg/kg i.v. every 12 h (max. 4 g per day).", "Stop."],
        ),
        ("Use e.g. ceftriaxone. Approx. 5 mg.", ["Use e.g. ceftriaxone.", "Approx. 5 mg."]),
        ("S. aureus is common. It is treated.", ["S. aureus is common.", "It is treated."]),
        ("The dose is 0.5 mg. Never 5 mg.", ["The dose is 0.5 mg.", "Never 5 mg."]),
        (
            "Fluids (10 ml/kg. Repeat once.) are given. Then stop.",
            ["Fluids (10 ml/kg. Repeat once.) are given.", "Then stop."],
        ),
    ],
)
def test_sentence_boundaries(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in sentences(text)] == expected


@given(st.text(alphabet=st.sampled_from("aB1. \n()[]:;-µé"), max_size=200))
def test_sentences_cover_every_character_but_white_space(text: str) -> None:
    spans = list(sentences(text))
    covered = "".join(text[a:b] for a, b in spans)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_list_item_leans_on_its_opening_line() -> None:
    source = reading(
        (BlockKind.HEADING, "Treatment", 1, None),
        (BlockKind.PARAGRAPH, "In children under five give:", 0, None),
        (BlockKind.ITEM, "■ amoxicillin", 1, None),
        (BlockKind.ITEM, "– 40 mg/kg twice daily", 2, None),
        (BlockKind.PARAGRAPH, "Review after two days.", 0, None),
    )
    (passage,) = split(document(source), source)
    assert passage.section == ("Treatment",)
    dose = next(s for s in passage.sentences if passage.text[s.start : s.end] == "40 mg/kg twice daily")
    assert [passage.text[lead.start : lead.end] for lead in dose.leads] == [
        "In children under five give:",
        "amoxicillin",
    ]
    assert passage.sentences[-1].leads == ()


def test_row_of_a_long_table_points_at_its_header_in_another_passage() -> None:
    rows = [(BlockKind.ROW, f"{n} to {n + 1} kg | {n * 40} mg twice daily" + " x" * 30, 0, 0) for n in range(3, 40)]
    source = reading((BlockKind.CAPTION, "Amoxicillin", 0, 0), (BlockKind.HEADER, "Weight | Dose", 0, 0), *rows)
    passages = {p.id: p for p in split(document(source), source)}
    assert len(passages) > 1
    last = list(passages.values())[-1]
    row = last.sentences[-1]
    assert row.kind is SentenceKind.ROW
    assert [passages[str(lead.passage_id)].text[lead.start : lead.end] for lead in row.leads] == [
        "Amoxicillin",
        "Weight | Dose",
    ]


def test_number_after_a_lost_point_is_not_taken_for_a_list_marker() -> None:
    source = reading((BlockKind.ITEM, "2. 5 mg once", 1, None))
    (passage,) = split(document(source), source)
    assert passage.sentence_text(0) == "2. 5 mg once"


def test_a_parent_item_that_goes_on_in_the_next_passage_is_quoted_up_to_the_break() -> None:
    parent = "■ " + " ".join(f"Sentence number {n} of the parent item." for n in range(30))
    source = reading((BlockKind.ITEM, parent[:230] + ".", 1, None), (BlockKind.ITEM, "– child", 2, None))
    (passage,) = split(document(source), source)
    assert passage.sentences[-1].leads[0].end <= len(passage.text)
    filler = (BlockKind.PARAGRAPH, "x " * 300 + "end.", 0, None)
    source = reading(
        filler,
        (BlockKind.ITEM, "■ " + "y " * 80 + "one. Then " + "z " * 20 + "two.", 1, None),
        (BlockKind.ITEM, "– child", 2, None),
    )
    passages = {made.id: made for made in split(document(source), source)}
    assert len(passages) == 2
    for made in passages.values():
        for sentence in made.sentences:
            for lead in sentence.leads:
                assert lead.end <= len(passages[lead.passage_id or made.id].text)


blocks = st.lists(
    st.tuples(
        st.sampled_from(list(BlockKind)),
        st.text(alphabet=st.sampled_from("ab1? :■|\né"), min_size=1, max_size=900).filter(str.strip),
        st.integers(1, 3),
        st.integers(0, 2),
    ),
    max_size=25,
)


@given(blocks)
def test_passages_are_slices_in_order_and_nothing_is_lost(made: list[tuple[BlockKind, str, int, int]]) -> None:
    source = reading(*made)
    of = document(source)
    passages = split(of, source)
    at = 0
    for passage in passages:
        assert passage.start >= at
        assert of.text[passage.start : passage.end] == passage.text
        at = passage.end
        assert len(passage.text) <= MAX_CHARS or len(passage.sentences) <= 2
    quoted = "".join(p.sentence_text(n) for p in passages for n in range(len(p.sentences)))
    assert sum(c in "ab1é" for c in quoted) == sum(
        c in "ab1é" for kind, words, *_ in made if kind is not BlockKind.HEADING for c in words
    )
    assert len({p.id for p in passages}) == len(passages)
