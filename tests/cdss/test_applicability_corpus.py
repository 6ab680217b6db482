"""Paired protocols for adults and children, as they come from real files, with a label beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from cdss.retrieve import Retrieval, retrieve
from cdss.settings import RetrievalSettings, Settings
from checkers.types import Patient
from guidelines.index import Filters
from guidelines.library import open_library
from ingest.pipeline import add
from tests.eval.test_questions import CORPUS, needs_corpus

pytestmark = [needs_corpus, pytest.mark.corpus]
FILES = (
    "la-county-ems/1040399_1219Allergy2018-05-30.md",
    "la-county-ems/1040515_1219-PAllergy.md",
    "fda-labels-openfda/NDA020717.json",
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, Patient | None], Retrieval]]:
    """What is found for a question and a patient."""
    with open_library(Settings(home=tmp_path_factory.mktemp("paired"))) as library:
        add(library, [CORPUS / file for file in FILES if (CORPUS / file).is_file()], actor="tests")
        yield lambda question, patient: retrieve(
            question,
            library=library,
            settings=RetrievalSettings(),
            filters=Filters(),
            as_of=date(2026, 11, 24),
            patient=patient,
        )


@pytest.mark.parametrize(("age", "ours", "theirs"), [(5, "1219-P", "1219"), (50, "1219", "1219-P")])
def test_a_protocol_for_the_patient_comes_first_and_its_twin_is_left_out(
    found: Callable[[str, Patient | None], Retrieval], age: int, ours: str, theirs: str
) -> None:
    got = found("epinephrine IM dose in anaphylaxis", Patient(age_years=age))
    assert got.found[0].head.metadata.reference == f"Ref. No. {ours}"
    assert all(item.head.metadata.reference != f"Ref. No. {theirs}" for item in got.found)
    assert any(
        item.head.metadata.reference == f"Ref. No. {theirs}" and item.fit.excluded and item.fit.reason
        for item in got.aside
    )


def test_without_a_patient_both_protocols_are_found(found: Callable[[str, Patient | None], Retrieval]) -> None:
    got = found("epinephrine IM dose in anaphylaxis", None)
    assert {item.head.metadata.reference for item in got.found} >= {"Ref. No. 1219", "Ref. No. 1219-P"}
    assert not got.aside
