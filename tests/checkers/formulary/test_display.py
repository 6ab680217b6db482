"""What ``cdss rules show`` shows."""

from __future__ import annotations

from checkers.formulary.display import known, lines, named_like
from checkers.formulary.knowledge import knowledge
from tests.checkers.rule_cases import TABLES

FEW = knowledge(TABLES / "formulary", TABLES / "pairs")


def test_any_name_of_a_drug_will_do() -> None:
    told = known("Tylenol", FEW)
    assert told is not None
    assert told["drug"] == "acetaminophen"
    assert told["medicines"]["acetaminophen"]["maximum"][0]["daily"] == 4000


def test_every_row_says_where_it_is_from_or_that_nobody_looked() -> None:
    told = known("ketorolac", FEW)
    assert told is not None
    shown = "\n".join(lines(told))
    assert "A leaflet, Nobody, 1, 2024-01-01; 10" in shown
    assert "UNVERIFIED" in shown
    assert "Two NSAIDs" in shown


def test_a_drug_of_no_table_is_not_known() -> None:
    assert known("zorbatrix", FEW) is None
    assert named_like("amlodipin", FEW) == ["amlodipine"]
