"""A drug of which nothing is known for a kind of patient goes to review, and is passed once the tables say it needs nothing."""

from __future__ import annotations

import pytest

from checkers.formulary.knowledge import knowledge
from checkers.formulary.rows import Medicine
from checkers.judging.considered import known_guards
from checkers.tables import table
from checkers.types import Severity

KINDS = ("pregnancy", "lactation", "renal", "hepatic")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_known_is_a_review(kind: str) -> None:
    (guard,) = known_guards(kind, "an invented drug", Medicine(name="an invented drug"))
    assert guard.severity is Severity.REVIEW
    assert not guard.asks


@pytest.mark.parametrize("kind", KINDS)
def test_a_drug_that_needs_nothing_has_no_guard(kind: str) -> None:
    medicines = knowledge().medicines
    bare = [drug for drug in table("considered")[kind] if drug in medicines and not medicines[drug].guards(kind)]
    assert bare
    assert all(known_guards(kind, drug, medicines[drug]) == () for drug in bare)


@pytest.mark.parametrize("kind", KINDS)
def test_the_list_names_drugs_once_and_none_that_nobody_knows(kind: str) -> None:
    listed = table("considered")[kind]
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(knowledge().medicines)


def test_other_kinds_are_as_the_tables_have_them() -> None:
    assert known_guards("geriatric", "an invented drug", Medicine(name="an invented drug")) == ()
