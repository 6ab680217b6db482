from __future__ import annotations

from datetime import date

import pytest

from guidelines.types import Status
from ingest.readers import READERS
from ingest.types import Reading
from tests.ingest.readers.outline import faults, outline


def read(text: str, name: str = "file.txt") -> Reading:
    reading = READERS[".txt"](text.encode(), name)
    assert faults(reading) == []
    return reading


SCANNED = """\
MADEUP FEVER
Introduction
An illness that nobody has ever seen, which begins with a light shiver and ends
with a long sleep. It is found
in books only.

CLINICAL FEATURES OF MADEUP FEVER
• Shivering: ■ of hands ■ of knees
• Sleep (old name: slumber), which lasts for two days or, in the very young, for
three
- deep at night
- light by day
Treatment Goals
• Wake the patient
Drug Treatment
First attack
• Madeupin
- Grown people 200 - 700 mg each morning and evening until better; never more than 3 g
daily
Or:
- Othermade 5 mg
Adverse Effects
Dizziness
Nausea
Tremors
Prevention
P. falciparum has nothing to do with it, as far as can be told from what was
written in
1993. Nobody knows.
"""


def test_golden() -> None:
    reading = read(SCANNED)
    assert outline(reading) == [
        "heading 1: MADEUP FEVER",
        "heading 3: Introduction",
        "paragraph: An illness that nobody has ever seen, which begins with a light shiver and ends⏎with a long sleep. "
        "It is found⏎in books only.",
        "heading 2: CLINICAL FEATURES OF MADEUP FEVER",
        "item 1: • Shivering:",
        "item 2: ■ of hands",
        "item 2: ■ of knees",
        "item 1: • Sleep (old name: slumber), which lasts for two days or, in the very young, for⏎three",
        "item 2: - deep at night",
        "item 2: - light by day",
        "heading 3: Treatment Goals",
        "item 1: • Wake the patient",
        "heading 3: Drug Treatment",
        "heading 4: First attack",
        "item 1: • Madeupin",
        "item 2: - Grown people 200 - 700 mg each morning and evening until better; never more than 3 g⏎daily",
        "item 2: Or:",
        "item 2: - Othermade 5 mg",
        "heading 3: Adverse Effects",
        "item 1: Dizziness",
        "item 1: Nausea",
        "item 1: Tremors",
        "heading 3: Prevention",
        "paragraph: P. falciparum has nothing to do with it, as far as can be told from what was⏎written in⏎"
        "1993. Nobody knows.",
    ]
    assert reading.metadata.title == "MADEUP FEVER"
    assert reading.notes == ()


def test_words_stay_as_they_are() -> None:
    text = "Give ½ tablet (10⁹ cells, 5 µg ≥ 4 μg, ﬁrst ‘dose’ 1 000 mg)."
    assert read(text).text == text


def test_invisible_characters_and_line_ends_go() -> None:
    reading = READERS[".txt"]("\ufeffGive treat\u00adment\r\nnow\x00.\rThen rest.".encode(), "a.txt")
    assert reading.text == "Give treatment\nnow.\nThen rest."
    assert reading.notes == ("dropped 1 control character",)


def test_composed_characters() -> None:
    assert read("Me\u0301nie\u0300re’s disease needs rest.").text == "Ménière’s disease needs rest."


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "utf-32"])
def test_byte_order_mark_decides(encoding: str) -> None:
    data = "Gib 5 µg täglich.".encode(encoding)
    if encoding == "utf-16-le":
        data = b"\xff\xfe" + data
    assert READERS[".txt"](data, "a.txt").text == "Gib 5 µg täglich."


def test_windows_1252_is_read_and_said() -> None:
    reading = READERS[".txt"]("Give 5 µg – “slowly”.".encode("cp1252"), "a.txt")
    assert reading.text == "Give 5 µg – “slowly”."
    assert reading.notes == ("not UTF-8: read as Windows-1252",)


def test_form_feeds_count_pages() -> None:
    reading = read("The first page ends in the\fmiddle of a sentence.\n\fThird page.")
    assert outline(reading) == ["paragraph: The first page ends in the⏎middle of a sentence.", "paragraph: Third page."]
    assert [(page.number, reading.text[page.start :][:6]) for page in reading.pages] == [
        (1, "The fi"),
        (2, "middle"),
        (3, "Third "),
    ]


def test_page_numbers_at_the_foot() -> None:
    body = "\n\n".join(f"Advice number {n} says to drink water." for n in range(20))
    reading = read(f"Guide to water\n\n{body}\n\nPage 1 of 2\n{body}\nEnd of it all.\nPage 2 of 2\n")
    assert [page.number for page in reading.pages] == [1, 2]
    assert "Page 1 of 2" not in reading.text
    assert reading.text.count("Advice number 7 says") == 2


def test_stated_facts() -> None:
    reading = read(
        "Croup: guideline for adults (draft)\nVersion 3.2, 14 March 2022\nNext review: 2025-03-14\n\nGive water.\n"
    )
    metadata = reading.metadata
    assert metadata.title == "Croup: guideline for adults (draft)"
    assert (metadata.edition, metadata.effective_date) == ("Version 3.2, 14 March 2022", date(2022, 3, 14))
    assert metadata.review_date == date(2025, 3, 14)
    assert metadata.status is Status.DRAFT
    assert metadata.population == ("adult",)


def test_a_date_with_two_readings_is_no_date() -> None:
    assert read("Guide\nRevised: 03/04/2022\n\nGive water.").metadata.effective_date is None
    assert read("Guide\nRevised: 23/04/2022\n\nGive water.").metadata.effective_date == date(2022, 4, 23)


def test_table_drawn_with_lines() -> None:
    text = "Doses of it\n\n┌────┬────┐\n│ Age │ Dose │\n├────┼────┤\n│ 1 y │ 5 mg │\n│ 2 y │ 7 mg │\n└────┴────┘\nAfter it."
    assert outline(read(text))[-4:] == [
        "header #0: Age | Dose",
        "row #0: 1 y | 5 mg",
        "row #0: 2 y | 7 mg",
        "paragraph: After it.",
    ]


def test_pasted_markdown_table_with_its_title_and_a_stray_sign() -> None:
    table = "| Age | Dose |\n|---|---|\n| **1 year** | 5 mg |\n| 2 years | 7 mg |)\n"
    text = f"Doses\n\n# Table 3.1: Doses of madeupin\n\n{table}After it."
    assert outline(read(text)) == [
        "heading 1: Doses",
        "caption #0: Table 3.1: Doses of madeupin",
        "header #0: Age | Dose",
        "row #0: 1 year | 5 mg",
        "row #0: 2 years | 7 mg | )",
        "paragraph: After it.",
    ]


def test_decimal_numbers_are_headings_only_where_they_count() -> None:
    sections = "5.1 Liver\nIt may fail.\n\n5.2 Kidney\nIt may fail, too.\n\n"
    text = f"Guide to it\n\n{sections}Weights\n\n6.5 Pink\n8.5 Red\nare colours."
    assert [line for line in outline(read(text)) if line.startswith("heading")] == [
        "heading 1: Guide to it",
        "heading 3: 5.1 Liver",
        "heading 3: 5.2 Kidney",
    ]


def test_entries_of_a_list_without_bullets_are_no_headings() -> None:
    entries = "Active bleeding\nCurrent fluid management\nKnown pregnancy\nShock\n\n"
    text = f"Guide\n\nContraindications\n{entries}Next part of it follows."
    assert outline(read(text))[1:6] == [
        "heading 3: Contraindications",
        "item 1: Active bleeding",
        "item 1: Current fluid management",
        "item 1: Known pregnancy",
        "item 1: Shock",
    ]
