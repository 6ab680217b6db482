"""A model drafts, well and badly: what reaches the reader, what is said about it, and what is on record."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from cdss import notices
from cdss.events import Passages, Released, Stage, Told, Whole
from cdss.llm.prompts import prompt
from cdss.types import AnswerStatus
from checkers.types import Verdict
from tests.cdss.llm.conftest import OTITIS, ask, happens
from tests.cdss.llm.scripted_server import Exchange, claim, honest, reply, saying

Asking = Callable[..., Any]


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
    name, text = next((n, t) for n, t in exchange.sentences.items() if "80 to 90 mg/kg/day" in t)
    wrong = text.replace("80 to 90", "800 to 900")
    return reply(claim(text, name), claim(wrong, name), claim("Give water.", "s999"))


def test_what_the_rules_hold_back_is_repaired_once_and_then_withheld(asking: Asking) -> None:
    def twice(exchange: Exchange) -> str:
        if not exchange.is_repair:
            return altered(exchange)
        name, text = next((n, t) for n, t in exchange.sentences.items() if "80 to 90 mg/kg/day" in t)
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
        name, text = next((n, t) for n, t in exchange.sentences.items() if "80 to 90 mg/kg/day" in t)
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
        name, text = next((n, t) for n, t in exchange.sentences.items() if "80 to 90 mg/kg/day" in t)
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


async def nothing(exchange: Exchange) -> None:
    await exchange.wait()


async def slow_head(exchange: Exchange) -> None:
    await exchange.begin()
    await exchange.wait()


async def pings(exchange: Exchange) -> None:
    """Alive, and says nothing."""
    await exchange.begin()
    while not exchange.gone.is_set():
        await exchange.raw(b": ping\n\n")
        await asyncio.sleep(0.05)


async def drips(exchange: Exchange) -> None:
    """A word now and then, without end."""
    await exchange.begin()
    await exchange.piece('{"answerable": "yes", "evidence": [')
    while not exchange.gone.is_set():
        await exchange.piece(" ")
        await asyncio.sleep(0.1)


async def floods(exchange: Exchange) -> None:
    await exchange.begin()
    while not exchange.gone.is_set():
        await exchange.raw(b"data: " + b"x" * 100_000)


async def cut(exchange: Exchange) -> None:
    await exchange.begin()
    await exchange.piece(honest(exchange)[:80])
    exchange.cut()


def status(code: int, **headers: str) -> Callable[[Exchange], Any]:
    async def script(exchange: Exchange) -> None:
        await exchange.status(code, b'{"error": {"message": "Give 5 g."}}', **headers)

    return script


def raw(data: bytes) -> Callable[[Exchange], Any]:
    async def script(exchange: Exchange) -> None:
        await exchange.begin()
        await exchange.raw(data)

    return script


FAULTS: dict[str, tuple[Any, set[str]]] = {
    "500": (status(500), {"down"}),
    "429": (status(429), {"down"}),
    "429, come back in an hour": (status(429, retry_after="3600"), {"down", "slow"}),
    "401": (status(401), {"down"}),
    "404": (status(404), {"down"}),
    "400": (status(400), {"nonsense"}),
    "redirect": (status(307, location="http://127.0.0.1:1/v1/chat/completions"), {"nonsense", "down"}),
    "no answer": (nothing, {"slow"}),
    "no first word": (slow_head, {"slow"}),
    "signs of life only": (pings, {"slow"}),
    "one word at a time": (drips, {"slow"}),
    "a line without end": (floods, {"nonsense", "cut short", "slow", "down"}),
    "cut in the middle": (cut, {"cut short", "down"}),
    "no stream": (status(200), {"cut short", "nonsense"}),
    "no JSON in the stream": (raw(b"data: {nonsense\n\n"), {"nonsense"}),
    "no chunk": (raw(b'data: {"choices": [{"delta": "x"}]}\n\n'), {"nonsense", "cut short"}),
    "a number for a chunk": (raw(b"data: 7\n\ndata: [1]\n\ndata: null\n\n"), {"nonsense", "cut short"}),
    "content that is no text": (raw(b'data: {"choices": [{"delta": {"content": {"a": 1}}}]}\n\n'), {"nonsense"}),
    "an error in the stream": (raw(b'data: {"error": {"message": "out of memory"}}\n\n'), {"nonsense", "down"}),
    "an empty stream": (raw(b"data: [DONE]\n\n"), {"cut short"}),
    "prose": (saying("Give amoxicillin 5 g at once."), {"nonsense"}),
    "half a reply": (saying(lambda e: honest(e)[:-30]), {"nonsense"}),
    "the length ran out": (saying(lambda e: honest(e)[:-30], finish="length"), {"cut short"}),
    "nesting without end": (saying("[" * 50_000, size=5000), {"nonsense"}),
    "white space without end": (saying(" " * 200_000, size=5000), {"nonsense", "cut short"}),
    "a thought without end": (saying("<unused94>" + "x" * 39_000, size=1000), {"nonsense", "cut short"}),
    "a wrong head": (saying('{"answerable": "perhaps", "claims": []}'), {"nonsense"}),
    "no claims": (saying(reply()), {"nonsense"}),
    "claims, and no answer": (saying(lambda e: honest(e).replace('"yes"', '"none"')), {"nonsense"}),
    "words after the end": (saying(lambda e: honest(e) + " Give 5 g."), {"nonsense"}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_whatever_the_server_does_there_is_an_answer_in_time_that_says_so(asking: Asking, fault: str) -> None:
    script, whys = FAULTS[fault]
    service, server = asking(script, first_token_s=0.5, total_s=2, draft_tokens=1024)
    began = time.perf_counter()
    events, answer = happens(OTITIS, service)
    assert time.perf_counter() - began < 2 + 2
    assert answer.drafting.fallback in whys
    assert answer.status in (AnswerStatus.ANSWERED, AnswerStatus.PARTLY_WITHHELD)
    assert any(notice.startswith(notices.FALLBACK[answer.drafting.fallback]) for notice in answer.notices)
    assert "5 g" not in answer.model_dump_json()
    kept = [event.claim for event in events if isinstance(event, Released)]
    assert [shown for shown in answer.claims if shown.text is not None] == kept
    if all(shown.id.startswith("e") for shown in kept):
        assert (answer.backend, answer.model) == ("extractive", None)
    assert server.exchanges


def test_a_fall_back_keeps_what_was_released_and_does_not_say_it_again(asking: Asking) -> None:
    async def half(exchange: Exchange) -> None:
        text = honest(exchange)
        await exchange.begin()
        await exchange.piece(text[: text.index("}, {", text.index("claims")) + 1])
        await asyncio.sleep(0.3)
        exchange.cut()

    service, _ = asking(half)
    events, answer = happens(OTITIS, service)
    released = [event.claim for event in events if isinstance(event, Released)]
    assert released[0].id == "c1"
    assert [shown.id for shown in released[1:]] == [shown.id for shown in answer.claims[1:]]
    assert all(shown.id.startswith("e") for shown in released[1:])
    assert answer.backend == "openai"
    assert any("The first 1 of the claims are the model's" in notice for notice in answer.notices)
    texts = [shown.text for shown in answer.claims]
    assert len(set(texts)) == len(texts)


def test_an_error_that_passes_is_tried_again(asking: Asking) -> None:
    async def second_time(exchange: Exchange) -> None:
        if exchange.number == 0:
            await exchange.status(503)
        else:
            await saying(honest)(exchange)

    service, server = asking(second_time, retries=2)
    assert ask(OTITIS, service).drafting.fallback is None
    assert len(server.exchanges) == 2


def test_a_model_that_keeps_failing_is_left_alone_and_then_tried_again(asking: Asking) -> None:
    scripts = [status(500), status(500), saying(honest)]

    async def one_after_the_other(exchange: Exchange) -> None:
        await scripts[exchange.number](exchange)

    service, server = asking(one_after_the_other, failures=2, rest_s=4)
    whys = [ask(OTITIS, service).drafting.fallback for _ in range(3)]
    assert whys == ["down", "down", "resting"]
    assert len(server.exchanges) == 2
    time.sleep(4)
    assert ask(OTITIS, service).drafting.fallback is None


def test_a_server_that_is_not_there(asking: Asking) -> None:
    service, server = asking(saying(honest))
    server.stop()
    assert ask(OTITIS, service).drafting.fallback == "down"
    server.stop = lambda: None  # type: ignore[method-assign]


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
