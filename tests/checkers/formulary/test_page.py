"""The page of what is known about drugs is written from the tables."""

from __future__ import annotations

from pathlib import Path

from checkers.formulary.knowledge import knowledge
from checkers.formulary.page import is_verified, markdown

PAGE = Path(__file__).parents[3] / "docs" / "formulary.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == markdown(), "write it again: python -m checkers.formulary > docs/formulary.md"


def test_no_row_is_without_a_source_or_a_warning() -> None:
    tables = knowledge()
    for medicine in tables.medicines.values():
        for row in medicine.rows():
            assert row.verified == (row.source in tables.sources and bool(row.section)), (medicine.name, row)


def test_enough_is_verified() -> None:
    assert sum(map(is_verified, knowledge().medicines.values())) >= 100
