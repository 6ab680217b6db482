"""Scores are joined as the documentation says, and order what is found."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdss.pipeline import Service
from cdss.retrieve import fuse, retrieve
from cdss.terms import coverage, terms
from guidelines.index import Filters

TODAY = date(2026, 11, 22)


def test_a_convex_sum_of_normalised_scores() -> None:
    got = fuse({"a": 0.9, "b": 0.5, "c": 0.1}, {"b": 12.0, "d": 2.0}, dense_weight=0.7)
    assert got == {"a": 0.7, "b": pytest.approx(0.35 + 0.3), "c": 0.0, "d": 0.0}


scored = st.dictionaries(st.sampled_from("abcdef"), st.floats(-1, 50), max_size=6)


@given(scored, scored, st.floats(0, 1))
def test_fused_scores_stay_between_0_and_1_and_lose_nobody(
    dense: dict[str, float], bm25: dict[str, float], w: float
) -> None:
    got = fuse(dense, bm25, dense_weight=w)
    assert got.keys() == dense.keys() | bm25.keys()
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in got.values())


def test_terms_drop_function_words_and_endings() -> None:
    assert terms("What doses of the antibiotics should I give?") == ["dose", "antibiot"]
    assert coverage(terms("amoxicillin dose"), set(terms("Doses of amoxicillin are given."))) == 1.0
    assert coverage([], {"a"}) == 0.0


def test_found_passages_are_ordered_and_bring_the_passages_their_leads_stand_in(service: Service) -> None:
    got = retrieve(
        "amoxicillin dose for otitis media, child of 14 kg",
        library=service.library,
        settings=service.settings.retrieval,
        filters=Filters(),
        as_of=TODAY,
    )
    scores = [found.score for found in got.found]
    assert scores == sorted(scores, reverse=True)
    assert len(got.found) == service.settings.retrieval.passages
    assert "otitis" in got.found[0].head.title.lower()
    for found in got.found:
        assert len(found.sentences) == len(found.passage.sentences)
        for sentence in found.passage.sentences:
            assert all(lead.passage_id is None or lead.passage_id in got.passages for lead in sentence.leads)


def test_an_edition_out_of_force_comes_after_the_one_in_force(service: Service) -> None:
    got = retrieve(
        "When to reassess benefits and risks at higher opioid dosages in chronic pain?",
        library=service.library,
        settings=service.settings.retrieval,
        filters=Filters(),
        as_of=TODAY,
    )
    editions = [found.head.metadata.edition for found in got.found if found.head.work == "cdc-opioid-prescribing"]
    assert editions[0] == "2022"


def test_filters_keep_everything_else_out(service: Service) -> None:
    got = retrieve(
        "antibiotic for pneumonia",
        library=service.library,
        settings=service.settings.retrieval,
        filters=Filters(population=("child",)),
        as_of=TODAY,
    )
    assert got.found
    assert all("child" in found.head.metadata.population for found in got.found)
