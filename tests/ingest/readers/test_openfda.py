from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from ingest.readers import READERS
from ingest.types import NotAGuidelineError, Reading, UnreadableError
from tests.ingest.readers.outline import faults, outline


def read(label: object) -> Reading:
    reading = READERS[".json"](json.dumps(label).encode(), "label.json")
    assert faults(reading) == []
    return reading


PREGNANCY = (
    "8.1 Pregnancy Risk Summary Nobody who was pregnant has ever taken madeupin, so that nothing is known of it."
)
LABEL: dict[str, Any] = {
    "set_id": "1234-abcd",
    "version": "7",
    "effective_time": "20230605",
    "openfda": {
        "application_number": ["NDA012345"],
        "brand_name": ["Madeup XL"],
        "generic_name": ["MADEUPIN HYDROCHLORIDE"],
        "manufacturer_name": ["Made Up, Inc."],
    },
    "spl_product_data_elements": ["madeupin madeupin cellulose"],
    "dosage_and_administration": [
        "2 DOSAGE AND ADMINISTRATION Take it daily ( 2.1 , 2.2 ). 2.1 Dosing in Fever Adults The dose is 5 mg. Adolescents The "
        "dose is 3 mg [see Warnings (5.1) and 2.3 ]. 2.2 Renal Impairment Weight Dose < 50 kg 5 mg ≥ 50 kg 10 mg Do not exceed "
        "2.5 mg/kg. 2.3 Missed Dose Avoid Doubling it. Advise: • take it late • leave it out. Nothing else helps."
    ],
    "dosage_and_administration_table": [
        "<table><thead><tr><th>Weight</th><th>Dose</th></tr></thead><tbody><tr><td>&lt; 50 kg</td><td>5 mg</td></tr>"
        "<tr><td>≥ 50 kg</td><td>10 mg</td></tr></tbody></table>"
    ],
    "contraindications": ["Do not use in people who do not exist."],
    "use_in_specific_populations": [
        f"8 USE IN SPECIFIC POPULATIONS {PREGNANCY} 8.4 Pediatric Use MADEUP has not been given."
    ],
    "pregnancy": [PREGNANCY],
}


def test_golden() -> None:
    reading = read(LABEL)
    assert outline(reading) == [
        "heading 1: 2 DOSAGE AND ADMINISTRATION",
        "paragraph: Take it daily ( 2.1 , 2.2 ).",
        "heading 2: 2.1 Dosing in Fever",
        "paragraph: Adults The dose is 5 mg. Adolescents The dose is 3 mg [see Warnings (5.1) and 2.3 ].",
        "heading 2: 2.2 Renal Impairment",
        "header #0: Weight | Dose",
        "row #0: < 50 kg | 5 mg",
        "row #0: ≥ 50 kg | 10 mg",
        "paragraph: Do not exceed 2.5 mg/kg.",
        "heading 2: 2.3",
        "paragraph: Missed Dose Avoid Doubling it. Advise:",
        "item 1: • take it late",
        "item 1: • leave it out.",
        "paragraph: Nothing else helps.",
        "heading 1: Contraindications",
        "paragraph: Do not use in people who do not exist.",
        "heading 1: 8 USE IN SPECIFIC POPULATIONS",
        "heading 2: 8.1 Pregnancy",
        "paragraph: Risk Summary Nobody who was pregnant has ever taken madeupin, so that nothing is known of it.",
        "heading 2: 8.4 Pediatric Use",
        "paragraph: MADEUP has not been given.",
    ]
    metadata = reading.metadata
    assert metadata.title == "Madeup XL (madeupin hydrochloride): FDA label"
    assert (metadata.work, metadata.reference) == ("drug-label-1234-abcd", "set id 1234-abcd")
    assert (metadata.edition, metadata.effective_date) == ("version 7, 2023-06-05", date(2023, 6, 5))
    assert (metadata.publisher, metadata.jurisdiction) == ("Made Up, Inc.", "US")
    assert reading.notes == (
        "left out: spl_product_data_elements",
        "repeated within another section, kept there only: pregnancy",
    )


def test_no_word_of_a_section_is_lost() -> None:
    said = "".join(read(LABEL).text.split()).replace("|", "")
    for key in ("dosage_and_administration", "contraindications", "use_in_specific_populations"):
        assert all(word.replace("|", "") in said for word in "".join(LABEL[key]).split())


def test_table_that_is_not_in_the_text_stands_before_the_first_subsection() -> None:
    label = LABEL | {
        "dosage_and_administration_table": ["<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>"]
    }
    assert outline(read(label))[1:4] == ["paragraph: Take it daily ( 2.1 , 2.2 ).", "header #0: A | B", "row #0: 1 | 2"]


def test_result_of_a_query_with_one_label() -> None:
    assert outline(read({"meta": {}, "results": [LABEL]})) == outline(read(LABEL))


def test_several_labels_are_refused() -> None:
    with pytest.raises(NotAGuidelineError, match="holds 2 drug labels; save each in a file of its own"):
        read({"results": [LABEL, LABEL]})


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        1,
        None,
        "text",
        {"results": []},
        {"results": {"a": 1}},
        {"indications_and_usage": [1, None]},
        [LABEL],
        float("nan"),
    ],
)
def test_other_json(value: object) -> None:
    with pytest.raises(NotAGuidelineError, match="no openFDA drug label"):
        read(value)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{", "not valid JSON"),
        (b"[" * 200_000, "nested too deep"),
        (b"1" * 10_000, "not valid JSON"),
        (b"\xff\xfe", "empty|UTF"),
    ],
)
def test_broken_json(data: bytes, reason: str) -> None:
    with pytest.raises((UnreadableError, NotAGuidelineError), match=reason):
        READERS[".json"](data, "x.json")


def test_wrong_types_everywhere() -> None:
    label = LABEL | {
        "openfda": [1],
        "version": {"a": 1},
        "effective_time": 20230605.5,
        "set_id": None,
        "pregnancy": {"x": [1]},
    }
    metadata = read(label).metadata
    assert (metadata.title, metadata.work, metadata.edition, metadata.jurisdiction) == (None, None, None, None)
