"""A model drafts, well and badly: what reaches the reader, what is said about it, and what is on record."""

from __future__ import annotations

import asyncio
import json

from cdss import notices
from cdss.events import Passages, Released, Stage, Told, Whole
from cdss.llm.prompts import prompt
from cdss.types import AnswerStatus
from checkers.types import Verdict
from tests.cdss.llm.conftest import OTITIS, Asking, ask, happens
from tests.cdss.llm.scripted_server import Exchange, claim, honest, reply, saying


def the_dose(exchange: Exchange) -> tuple[str, str]:
    """Id and text of the sentence that answers ``OTITIS``."""
    return next((n, t) for n, t in exchange.sentences.items() if "80 to 90 mg/kg/day" in t)


def test_an_honest_draft_is_released_claim_by_claim_with_quotes_from_the_store(asking: Asking) -> None:
    service, server = asking(saying(honest))
    events, answer = happens(OTITIS, service)
    assert answer.status is AnswerStatus.ANSWERED
    assert (answer.backend, answer.model) == ("openai", "google/medgemma-27b-text-it")
    assert answer.drafting.prompts == {"draft": prompt("draft").hash}
    assert answer.drafting.fallback is None
    assert notices.EXTRACTIVE not in answer.notices
    released = [event.claim for event in events if isinstance(event, Released)]
    assert tuple(released) == answer.claims
    for shown in released:
        assert shown.text
        for quote in shown.quotes:
            passage = service.library.passages([quote.passage_id])[quote.passage_id]
            assert passage.text[quote.start : quote.end] == quote.quote
    kinds = [type(event) for event in events]
    assert kinds.index(Passages) < kinds.index(Released) < kinds.index(Whole) == len(kinds) - 1
    (asked,) = server.exchanges
    assert asked.body["temperature"] == 0
    assert {message["role"] for message in asked.body["messages"]} == {"user"}
    ids = asked.body["response_format"]["json_schema"]["schema"]["anyOf"][0]["properties"]["evidence"]["items"]
    assert ids["properties"]["id"]["enum"] == list(asked.sentences)


def test_each_claim_is_on_record_before_its_event_and_the_whole_at_the_end(asking: Asking) -> None:
    service, _ = asking(saying(honest))

    async def watch() -> None:
        from cdss.stream import stream
        from cdss.types import Question
        from tests.cdss.llm.conftest import TODAY

        seen, opened = 0, ""
        async for event in stream(Question(question=OTITIS), service, actor="tests", today=TODAY):
            if isinstance(event, Stage):
                opened = event.id
            steps = service.record.steps(opened)
            assert steps[0][0] == "opened"
            if isinstance(event, Released):
                seen += 1
                claims = [json.loads(body) for kind, body in steps if kind == "claim"]
                assert [one["id"] for one in claims][seen - 1] == event.claim.id
            if isinstance(event, Whole):
                assert service.record.read(opened) == event.text
        assert seen >= 2

    asyncio.run(watch())


def altered(exchange: Exchange) -> str:
    """One sentence word by word, one with another figure, one that points to a sentence of its own making."""
    name, text = the_dose(exchange)
    wrong = text.replace("80 to 90", "800 to 900")
    return reply(claim(text, name), claim(wrong, name), claim("Give water.", "s999"))


def test_what_the_rules_hold_back_is_repaired_once_and_then_withheld(asking: Asking) -> None:
    def twice(exchange: Exchange) -> str:
        if not exchange.is_repair:
            return altered(exchange)
        name, text = the_dose(exchange)
        again = text.replace("80 to 90", "8000")
        return reply(claim(again, name, repairs="c2"), claim(again, name, repairs="c3"))

    service, server = asking(saying(twice))
    events, answer = happens(OTITIS, service)
    assert answer.status is AnswerStatus.PARTLY_WITHHELD
    assert [shown.verdict for shown in answer.claims][:3] == [Verdict.RELEASE, Verdict.WITHHOLD, Verdict.WITHHOLD]
    assert all(shown.text is None and shown.quotes == () for shown in answer.claims[1:])
    assert len(server.exchanges) == 2
    told = server.exchanges[1].prompt
    assert "stands in no quote" in told
    assert "not shown" in told
    assert {event.finding.rule for event in events if isinstance(event, Told)} >= {"model-evidence", "grounding-number"}
    assert sum(isinstance(event, Released) for event in events) == 1


def test_a_repair_that_passes_takes_the_place_of_what_was_withheld(asking: Asking) -> None:
    def twice(exchange: Exchange) -> str:
        name, text = the_dose(exchange)
        if exchange.is_repair:
            return reply(claim(text, name, repairs="c1"))
        return reply(claim(text.replace("80 to 90", "70 to 95"), name))

    service, _ = asking(saying(twice))
    answer = ask(OTITIS, service)
    assert answer.status is AnswerStatus.ANSWERED
    assert [shown.id for shown in answer.claims] == ["c1-repaired"]
    assert answer.drafting.repaired == 1
    assert set(answer.drafting.prompts) == {"draft", "repair"}


def test_no_answer_is_an_abstention_and_what_the_model_asks_for_is_asked(asking: Asking) -> None:
    service, _ = asking(saying(reply(answerable="none", ask=["weight_kg", "weight_kg", "pregnant"])))
    answer = ask(OTITIS, service, patient={"weight_kg": 14})
    assert answer.status is AnswerStatus.ABSTAINED
    assert notices.NONE_FOUND in answer.notices
    assert [missing.fact for missing in answer.not_checked] == ["pregnant"]


def test_a_contradiction_that_the_model_sees_marks_the_claim(asking: Asking) -> None:
    def clash(exchange: Exchange) -> str:
        (one, text), (other, _) = [item for item in exchange.sentences.items() if "mg/kg/day" in item[1]][:2]
        return reply(claim(text, one), conflicts=[{"ids": [one, other]}])

    service, _ = asking(saying(clash))
    (shown,) = ask(OTITIS, service).claims
    assert shown.verdict is Verdict.REVIEW
    assert "model-conflict" in {finding.rule for finding in shown.findings}


def test_a_figure_that_is_not_where_the_model_says_is_withheld(asking: Asking) -> None:
    def untied(exchange: Exchange) -> str:
        name, text = the_dose(exchange)
        other = next(n for n, t in exchange.sentences.items() if "90" not in t)
        return reply(claim(text, name, quantities=[{"text": "80 to 90 mg/kg/day", "id": other}]))

    service, _ = asking(saying(untied))
    first, *_ = ask(OTITIS, service).claims
    assert first.verdict is Verdict.WITHHOLD
    assert "model-quantity" in {finding.rule for finding in first.findings}


def test_thinking_aloud_is_cut(asking: Asking) -> None:
    service, _ = asking(saying(lambda exchange: f"<unused94>thought\nGive 5 g.\n<unused95>{honest(exchange)}"))
    answer = ask(OTITIS, service)
    assert answer.status is AnswerStatus.ANSWERED
    assert "5 g" not in answer.model_dump_json()


def test_passages_without_room_are_dropped_from_the_bottom_and_said_so(asking: Asking) -> None:
    service, server = asking(saying(honest), context_tokens=1100, draft_tokens=128)
    answer = ask(OTITIS, service)
    assert answer.drafting.dropped > 0
    assert any(notice.startswith(notices.DROPPED) for notice in answer.notices)
    assert len(server.exchanges[0].prompt) // 4 <= 1100 - 128
    best = next(iter(server.exchanges[0].sentences.values()))
    assert "otitis media" in best


def test_a_server_that_does_not_count_is_counted_for_on_the_safe_side(asking: Asking) -> None:
    service, server = asking(saying(honest), counts=False, context_tokens=3000, draft_tokens=256)
    answer = ask(OTITIS, service)
    assert answer.drafting.fallback is None
    assert len(server.exchanges[0].prompt.encode()) // 2 <= 3000


def test_the_same_claim_twice_is_one_claim(asking: Asking) -> None:
    def twice(exchange: Exchange) -> str:
        name, text = next(iter(exchange.sentences.items()))
        return reply(claim(text, name), claim(text, name), claim(text.upper(), name))

    service, _ = asking(saying(twice))
    answer = ask(OTITIS, service)
    assert len(answer.claims) == 1
    assert answer.drafting.repeated == 2
