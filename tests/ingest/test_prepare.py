"""How a document is named, and that its passages rebuild it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guidelines.types import Status
from ingest.metadata import Stated
from ingest.prepare import Prepared, Task, prepare, reading_key, slug
from ingest.types import NotAGuidelineError

TEXT = "# Fever in children\n\nGive paracetamol. Not more than four times a day.\n"


def task(
    text: str = TEXT, name: str = "fever.md", stated: Stated | None = None, work_before: str | None = None
) -> Task:
    return Task(
        data=text.encode(),
        name=name,
        content_hash="c" * 64,
        stated=stated or {},
        work_before=work_before,
        tenant="default",
    )


def made(*args: object, **kwargs: object) -> Prepared:
    return prepare(task(*args, **kwargs))  # type: ignore[arg-type]


def test_a_document_and_its_passages() -> None:
    prepared = made()
    document = prepared.document
    assert (document.title, document.work, document.source) == ("Fever in children", "fever-in-children", "fever.md")
    assert document.id.startswith("fever-in-children-")
    assert len(document.id) == len("fever-in-children-") + 10
    for passage in prepared.passages:
        assert passage.document_id == document.id
        assert passage.text == document.text[passage.start : passage.end]


def test_the_title_falls_back_on_the_name() -> None:
    assert made("Give zinc. Daily.", "Zinc & salt.txt").document.title in ("Zinc & salt", "Give zinc. Daily.")


def test_what_is_stated_names_the_document() -> None:
    document = made(stated={"title": "Fever", "publisher": "NICE", "status": Status.DRAFT}).document
    assert (document.title, document.work, document.metadata.status) == ("Fever", "nice-fever", Status.DRAFT)
    assert made(stated={"work": "ng143"}).document.id.startswith("ng143-")


def test_new_bytes_under_an_old_name_are_an_edition_of_the_same_work() -> None:
    assert made(work_before="fever-in-childhood").document.work == "fever-in-childhood"
    assert made(work_before="fever-in-childhood", stated={"work": "ng143"}).document.work == "ng143"


def test_the_same_file_read_the_same_way_is_the_same_document() -> None:
    assert made().document.id == made().document.id
    assert made(stated={"edition": "2021"}).document.id != made().document.id
    assert reading_key(task()) == reading_key(task())
    different = [
        task(name="other.md"),
        task(stated={"edition": "2021"}),
        # Stating that the status is unknown overrules a file that claims one.
        task(stated={"status": Status.UNKNOWN}),
    ]
    assert len({reading_key(each) for each in (task(), *different)}) == 4


@pytest.mark.parametrize("text", ["", " \n\t\n", "# A heading and nothing under it\n"])
def test_nothing_to_quote(text: str) -> None:
    with pytest.raises(NotAGuidelineError):
        made(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fever in Children: NG143", "fever-in-children-ng143"),
        ("Fièvre chez l'enfant", "fievre-chez-l-enfant"),
        ("nice-ng143", "nice-ng143"),
    ],
)
def test_slugs(text: str, expected: str) -> None:
    assert slug(text) == expected


def test_slugs_that_lose_something_stay_apart() -> None:
    long = "clinical practice guideline for the management of pain and of everything else that hurts in "
    pairs = [("小児の発熱", "成人の発熱"), (long + "adults", long + "children"), ("Vitamin Δ", "Vitamin Σ")]
    for one, other in pairs:
        assert slug(one) != slug(other)


@given(st.text(max_size=300))
def test_a_slug_is_always_a_plain_short_name(text: str) -> None:
    assert set(slug(text)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert 1 <= len(slug(text)) <= 87
