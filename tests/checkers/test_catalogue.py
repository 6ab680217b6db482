"""The catalogue is written from the code, and the page in the docs is that catalogue."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkers.catalogue import markdown
from checkers.rules import RULES
from checkers.tables import DATA, table

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == markdown(), "write it again: cdss rules --markdown > docs/rules.md"


def test_every_rule_is_in_it_with_its_cases() -> None:
    page = markdown()
    for rule in RULES:
        section = page.split(f"\n## {rule.id}\n")[1].split("\n## ")[0]
        assert all(words in section for words in (rule.harm, "Lets through:", "Finds:", "Says nothing:"))


def test_an_installation_without_cases_has_a_catalogue_too(tmp_path: Path) -> None:
    page = markdown(cases=tmp_path)
    assert "## quote\n" in page
    assert "Finds:" not in page


@pytest.mark.parametrize("name", sorted(path.stem for path in DATA.glob("*.toml")))
def test_every_table_says_where_its_facts_are_from(name: str) -> None:
    assert {"source", "edition", "date"} <= table(name).keys()
