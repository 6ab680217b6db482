"""A slice of a raw file is found again in the canonical text, where it stands and nowhere else."""

from __future__ import annotations

from cdss.evaluation.places import Places, fingerprint
from guidelines.types import Document, Metadata, Passage

PARTS = (
    "Give adrenaline 0.01 mg/kg into the thigh. Repeat after five minutes if there is no improvement.",
    "Children over six years: salbutamol 5 mg by nebuliser, every twenty minutes for one hour.",
    "Adults: salbutamol 5 mg by nebuliser, every thirty minutes for two hours.",
    "Call for help.",
)


def places(*parts: str) -> Places:
    text = "\n\n".join(parts)
    document = Document(
        id="d",
        work="w",
        title="T",
        source="s",
        media_type="text/plain",
        content_hash="0",
        metadata=Metadata(),
        text=text,
    )
    passages = []
    for number, part in enumerate(parts):
        start = sum(len(before) + 2 for before in parts[:number])
        passages.append(
            Passage(
                id=str(number),
                document_id="d",
                section=(),
                start=start,
                end=start + len(part),
                text=part,
                sentences=(),
            )
        )
    return Places(document, passages)


def gold(slice_text: str, *parts: str) -> list[str]:
    return [passage.id for passage in places(*parts or PARTS).gold(slice_text)]


def test_a_slice_inside_a_passage() -> None:
    assert gold("Repeat after five minutes") == ["0"]


def test_line_numbers_breaks_and_case_do_not_matter() -> None:
    raw = "17 GIVE ADRENALINE 0.01 mg/kg into\r\n18 the thigh. Repeat after\r\n19 five minutes if there is no improvement."
    assert gold(raw) == ["0"]


def test_what_says_nearly_the_same_elsewhere_is_not_the_place() -> None:
    assert gold("Adults: salbutamol 5 mg by nebuliser, every thirty minutes for two hours.") == ["2"]


def test_what_says_the_same_twice_has_two_places() -> None:
    assert gold(PARTS[0], PARTS[0], PARTS[1], PARTS[0]) == ["0", "2"]


def test_a_slice_over_three_passages_leaves_out_one_that_it_only_touches() -> None:
    slice_text = "no improvement. " + PARTS[1] + " Adults: salbutamol 5 mg by nebuliser, every thirty"
    assert gold(slice_text) == ["1", "2"]


def test_a_short_slice_is_found_by_all_its_words() -> None:
    assert gold("for help") == ["3"]


def test_what_is_not_there_is_not_found() -> None:
    assert gold("Take two tablets of paracetamol and rest for a day") == []
    assert gold("salbutamol") == ["1", "2"]
    assert gold("…") == []


def exact(words: str) -> list[str]:
    found = places(*PARTS)
    return [passage.id for passage in found.around(found.exact(*fingerprint(words)))]


def test_words_are_found_by_their_hash_whatever_stands_between_them() -> None:
    assert exact("REPEAT after\n  five minutes, if there") == ["0"]
    assert exact("salbutamol 5 mg by nebuliser") == ["1", "2"]


def test_a_changed_figure_is_another_place() -> None:
    assert exact("Repeat after ten minutes") == []
    assert exact("adrenaline 0.1 mg/kg") == []
