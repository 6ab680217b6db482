"""From question to recorded answer, over the bundled guidelines."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from cdss.audit import Record
from cdss.errors import NotRecorded
from cdss.llm.backend import AtOnce
from cdss.notices import ABSTAINED, DOSE_NOT_CHECKED, EMPTY_LIBRARY
from cdss.pipeline import Service, ask
from cdss.retrieve import Retrieval
from cdss.types import Answer, AnswerStatus, Filters, Question
from checkers.types import Claim, Draft, Quote, Verdict

TODAY = date(2026, 11, 22)
OTITIS = "What dose of amoxicillin for a 3-year-old child weighing 14 kg with acute otitis media?"


def answer(question: str, service: Service, **more: object) -> Answer:
    asked = Question.model_validate({"question": question, **more})
    return Answer.model_validate_json(ask(asked, service, actor="tests", today=TODAY))


def test_a_dosing_question_is_answered_in_sentences_of_the_guideline(service: Service) -> None:
    got = answer(OTITIS, service)
    assert got.status is AnswerStatus.ANSWERED
    assert 1 <= len(got.claims) <= 5
    said = " ".join(claim.text or "" for claim in got.claims)
    assert "80 to 90 mg/kg/day" in said
    assert "560 to 630 mg" in said
    assert any("otitis media" in quote.title.lower() for quote in got.claims[0].quotes)
    assert DOSE_NOT_CHECKED not in got.notices


def test_every_quote_is_a_slice_of_its_stored_passage_and_of_its_document(service: Service) -> None:
    for question in (OTITIS, "adrenaline dose in anaphylaxis", "potassium above 6.5, what first?"):
        for claim in answer(question, service).claims:
            assert claim.quotes
            for quote in claim.quotes:
                passage = service.library.passages([quote.passage_id])[quote.passage_id]
                assert passage.text[quote.start : quote.end] == quote.quote
                document = service.library.document(quote.document)
                assert document.text[passage.start + quote.start : passage.start + quote.end] == quote.quote


@pytest.mark.parametrize(
    "question", ["How do I bake sourdough bread?", "will it rain tomorrow", "offside rule in football"]
)
def test_out_of_scope_abstains_and_shows_what_is_nearest(question: str, service: Service) -> None:
    got = answer(question, service)
    assert got.status is AnswerStatus.ABSTAINED
    assert got.claims == ()
    assert got.nearest
    assert ABSTAINED in got.notices


def test_an_emergency_begins_with_the_call_for_help(service: Service) -> None:
    got = answer("Adult in anaphylaxis, what dose of adrenaline?", service)
    assert "call for help" in got.notices[0]
    assert answer(OTITIS, service).notices[0] != got.notices[0]


def test_an_empty_library_abstains_and_says_how_to_fill_it(empty_service: Service) -> None:
    got = answer(OTITIS, empty_service)
    assert got.status is AnswerStatus.ABSTAINED
    assert got.generation is None
    assert EMPTY_LIBRARY in got.notices


def test_the_superseded_edition_is_marked_and_was_in_force_before(service: Service) -> None:
    question = "opioid dosage at which to reassess, chronic pain"
    only = {"status": ["superseded"]}
    now = answer(question, service, filters=only)
    assert now.claims
    assert all(claim.verdict is Verdict.REVIEW for claim in now.claims)
    assert {finding.rule for claim in now.claims for finding in claim.findings} == {"in-force"}
    then = answer(question, service, filters=only, as_of="2019-06-01")
    assert all(claim.verdict is Verdict.RELEASE for claim in then.claims)


def test_filters_limit_what_is_looked_at(service: Service) -> None:
    got = answer("first-line antibiotic for pneumonia", service, filters={"population": "child"})
    assert {quote.title for claim in got.claims for quote in claim.quotes} <= {
        head.title
        for head in service.library.live().heads.values()
        if "child" in head.metadata.population  # type: ignore[union-attr]
    }
    assert Filters.model_validate({"population": "child"}).population == ("child",)


def test_identifiers_do_not_reach_the_record(recording: Callable[..., Service]) -> None:
    own = recording()
    got = answer("Mrs Adeyemi, MRN 00482913: " + OTITIS, own)
    assert got.status is AnswerStatus.ANSWERED
    database = own.record.location
    files = list(database.parent.glob(f"{database.name}*"))
    assert files
    assert all(b"Adeyemi" not in file.read_bytes() for file in files)
    with create_engine(f"sqlite:///{database}").connect() as connection:
        (stored,) = connection.execute(text("select question from answers")).one()
    assert "Adeyemi" not in stored
    assert "00482913" not in stored


class Fabricating(AtOnce):
    """A backend that invents: one claim with a changed figure, one with words that stand nowhere, one honest."""

    name = "fabricating"
    model = "test"

    def draft(self, question: str, retrieval: Retrieval) -> Draft:
        source = next(s for s in retrieval.sources(retrieval.found[0]) if any(c.isdigit() for c in s.text()))
        honest = Claim(id="c1", text=source.text(), quotes=source.quotes())
        wrong = Claim(id="c2", text="Give 900000 mg once.", quotes=source.quotes())
        (*_, last) = source.quotes()
        invented = Quote(quote="Give it all.", source=last.source, citation=last.citation)
        return Draft(claims=(honest, wrong, Claim(id="c3", text="Give it all.", quotes=(invented,))), backend=self.name)


def test_what_fails_is_withheld_with_reasons_and_without_its_words(recording: Callable[..., Service]) -> None:
    own = recording(backend=Fabricating())
    got = answer(OTITIS, own)
    assert got.status is AnswerStatus.PARTLY_WITHHELD
    honest, wrong, invented = got.claims
    assert honest.verdict is Verdict.RELEASE
    for claim in (wrong, invented):
        assert claim.verdict is Verdict.WITHHOLD
        assert claim.text is None
        assert claim.quotes == ()
        assert claim.findings
        assert "claim" not in {key for finding in claim.findings for key in finding.evidence}


def test_the_record_gives_an_answer_back_to_the_byte(recording: Callable[..., Service]) -> None:
    own = recording()
    given = ask(Question(question=OTITIS), own, actor="tests", today=TODAY)
    assert own.record.read(json.loads(given)["id"]) == given


def test_an_answer_that_cannot_be_recorded_is_not_given(recording: Callable[..., Service]) -> None:
    own = recording()
    with create_engine(f"sqlite:///{own.record.location}").begin() as connection:
        connection.execute(text("drop table answers"))
    with pytest.raises(NotRecorded, match="could not be recorded"):
        ask(Question(question=OTITIS), own, actor="tests", today=TODAY)


def test_a_record_in_a_place_that_cannot_hold_one(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    with pytest.raises(NotRecorded, match="cannot be opened"):
        Record.open(blocked, tenant="default")


def test_it_can_be_asked_where_an_event_loop_runs(service: Service) -> None:
    async def in_a_notebook() -> str:
        return ask(Question(question=OTITIS), service, actor="tests", today=TODAY)

    assert json.loads(asyncio.run(in_a_notebook()))["status"] == "answered"
