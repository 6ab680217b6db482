"""The whole path with a real vLLM and a small real model that writes fluent nonsense: nothing of it gets through unchecked."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import aclosing
from datetime import date

import httpx
import pytest

from cdss.errors import Busy
from cdss.events import Event, Released, Whole
from cdss.llm.backend import ModelFailed
from cdss.llm.chat import Chat, Turn
from cdss.llm.reply import Reader, schema
from cdss.service import Service
from cdss.stream import stream
from cdss.types import Answer, AnswerStatus, Question
from checkers.types import Verdict
from tests.vllm.server import Server, serving

pytestmark = pytest.mark.vllm

TODAY = date(2026, 11, 28)
OTITIS = "What dose of amoxicillin for a child with acute otitis media?"
QUESTIONS = (
    OTITIS,
    "First drug for anaphylaxis in an adult?",
    "Potassium above 6.5, what first?",
    "Paracetamol dose for an adult?",
    "How do I bake sourdough bread?",
)
Asked = Callable[..., Service]


async def happens(service: Service, question: str) -> tuple[list[Event], Answer]:
    asked = Question(question=question)
    events = [event async for event in stream(asked, service, actor="tests", today=TODAY)]
    last = events[-1]
    assert isinstance(last, Whole)
    return events, Answer.model_validate_json(last.text)


async def at_work(url: str, wanted: int) -> bool:
    """Whether vLLM comes to have ``wanted`` requests on its hands, by its own count."""
    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        for _ in range(900):
            page = (await client.get(f"{url.removesuffix('/v1')}/metrics")).text
            lines = [
                line
                for line in page.splitlines()
                if line.startswith(("vllm:num_requests_running", "vllm:num_requests_waiting{"))
            ]
            if lines and sum(float(line.rsplit(" ", 1)[1]) for line in lines) == wanted:
                return True
            await asyncio.sleep(0.1)
    return False


def test_the_model_obeys_the_schema_and_is_read_while_it_speaks(vllm: Server, asked_of: Asked) -> None:
    chat: Chat = asked_of(vllm.url).backend.chat  # type: ignore[attr-defined]
    turn = Turn(
        "user", 's1 "Give amoxicillin 500 mg."\ns2 "Drink water."\nWhich sentence names a drug? Answer in JSON.'
    )

    pieces: list[str] = []

    async def talk() -> tuple[tuple[int, int] | None, bool]:
        async with chat.conversation() as conversation:
            counted = await conversation.count_tokens([turn])
            words = conversation.said([turn], schema=schema(["s1", "s2"]), name="draft", most_tokens=400)
            try:
                async with aclosing(words) as said:
                    async for piece in said:
                        pieces.append(piece)
            except ModelFailed as error:
                if error.why != "cut short":  # a small model may talk on and on; what it said so far obeys the schema
                    raise
                return counted, False
            return counted, True

    counted, ended = asyncio.run(talk())
    assert counted is not None
    assert counted[0] > 20
    assert counted[1] == 4096
    assert len(pieces) > 3
    reader = Reader()
    claims = [said for piece in pieces for said in reader.feed(piece)]
    head = reader.close() if ended else reader.head
    used = {use.id for use in head.evidence} if head else set()
    assert {name for said in claims for name in said.evidence} | used <= {"s1", "s2"}


def test_five_questions_each_end_in_checked_claims_or_an_honest_fall_back(vllm: Server, asked_of: Asked) -> None:
    service = asked_of(vllm.url)

    async def all_of_them() -> list[tuple[list[Event], Answer]]:
        return await asyncio.gather(*(happens(service, question) for question in QUESTIONS))

    outcomes = asyncio.run(all_of_them())
    for events, answer in outcomes:
        assert [event.claim for event in events if isinstance(event, Released)] == [c for c in answer.claims if c.text]
        for shown in answer.claims:
            assert (shown.verdict is Verdict.WITHHOLD) == (shown.text is None)
            assert shown.quotes or shown.text is None
            for quote in shown.quotes:
                passage = service.library.passages([quote.passage_id])[quote.passage_id]
                assert passage.text[quote.start : quote.end] == quote.quote
        replies = [json.loads(body) for kind, body in service.record.steps(answer.id) if kind == "reply"]
        assert bool(replies) == bool(answer.drafting.prompts)
    assert any(answer.drafting.prompts for _, answer in outcomes)
    assert outcomes[-1][1].status is AnswerStatus.ABSTAINED


def test_a_question_that_is_given_up_is_given_up_by_the_server_too(vllm: Server, asked_of: Asked) -> None:
    service = asked_of(vllm.url, draft_tokens=1024)

    async def give_up() -> None:
        asked = asyncio.create_task(happens(service, OTITIS))
        assert await at_work(vllm.url, 1)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert await at_work(vllm.url, 0)

    asyncio.run(give_up())
    assert service.backend.chat.gate.inside == (16, 0)  # type: ignore[attr-defined]


def test_too_many_questions_wait_or_are_sent_away_and_the_server_sees_no_more_than_agreed(
    vllm: Server, asked_of: Asked
) -> None:
    service = asked_of(vllm.url, at_once=2, queue=2, draft_tokens=128, total_s=60, first_token_s=30)

    async def crowd() -> list[object]:
        asked = [asyncio.create_task(happens(service, OTITIS)) for _ in range(6)]
        return await asyncio.gather(*asked, return_exceptions=True)

    outcomes = asyncio.run(crowd())
    sent_away = [outcome for outcome in outcomes if isinstance(outcome, Busy)]
    assert len(sent_away) == 2
    for outcome in outcomes:
        if outcome not in sent_away:
            assert isinstance(outcome, tuple), outcome


def test_a_server_that_is_killed_in_mid_stream_leaves_a_whole_answer_in_time(asked_of: Asked) -> None:
    with serving(context=4096) as server:
        service = asked_of(server.url, draft_tokens=1024, total_s=100)

        async def kill() -> tuple[Answer, float]:
            asked = asyncio.create_task(happens(service, OTITIS))
            assert await at_work(server.url, 1)
            server.kill()
            began = time.monotonic()
            return (await asked)[1], time.monotonic() - began

        answer, waited = asyncio.run(kill())
        assert waited < 30
        assert answer.drafting.fallback in ("down", "cut short", "slow")
        assert answer.status is AnswerStatus.ANSWERED
        assert any("sentences of the guidelines" in notice for notice in answer.notices)
        again, _ = asyncio.run(_twice(service))
        assert again.drafting.fallback in ("down", "resting")


async def _twice(service: Service) -> tuple[Answer, Answer]:
    return (await happens(service, OTITIS))[1], (await happens(service, OTITIS))[1]
