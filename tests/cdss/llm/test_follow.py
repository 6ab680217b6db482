"""A question that goes on from earlier ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from cdss.errors import NotFound
from cdss.follow import MAX_TURNS
from cdss.service import Service
from cdss.types import AnswerStatus
from tests.cdss.llm.conftest import ask
from tests.cdss.llm.scripted_server import Exchange, claim, honest, reply, saying

OTITIS = "What dose of amoxicillin for a child with acute otitis media?"
GO_ON = "And for how many days?"
WHOLE = "For how many days should a child with acute otitis media take amoxicillin?"


def talker(standalone: str, draft: Callable[[Exchange], str] = honest) -> Callable[[Exchange], str]:
    """A model that makes every follow-up into ``standalone``."""

    def say(exchange: Exchange) -> str:
        name = exchange.body["response_format"]["json_schema"]["name"]
        return json.dumps({"question": standalone}) if name == "standalone" else draft(exchange)

    return say


def test_a_follow_up_is_made_standalone_by_the_model_and_stored_with_the_answer(asking: Callable[..., Any]) -> None:
    service, server = asking(saying(talker(WHOLE)))
    first = ask(f"Mrs Adeyemi asks: {OTITIS}", service)
    second = ask(GO_ON, service, follows=first.id)
    follow_up = second.drafting.follow_up
    assert follow_up is not None
    assert (follow_up.follows, follow_up.question, follow_up.by) == (first.id, WHOLE, "model")
    assert set(second.drafting.prompts) == {"standalone", "draft"}
    assert second.status is AnswerStatus.ANSWERED
    asked = server.exchanges[1].prompt
    assert "Adeyemi" not in asked
    assert all(json.dumps((one.text or "")[:40])[1:-1] in asked for one in first.claims if one.text)
    assert json.loads(server.exchanges[2].prompt.rsplit("Question:\n", 1)[1]) == WHOLE


def test_only_released_text_is_fed_back(asking: Callable[..., Any]) -> None:
    def wrong(exchange: Exchange) -> str:
        name, text = next((n, t) for n, t in exchange.sentences.items() if "80 to 90 mg/kg/day" in t)
        return reply(claim(text, name), claim("Give amoxicillin 7777 mg.", name))

    service, server = asking(saying(talker(WHOLE, wrong)))
    first = ask(OTITIS, service)
    ask(GO_ON, service, follows=first.id)
    (told,) = [e.prompt for e in server.exchanges if e.body["response_format"]["json_schema"]["name"] == "standalone"]
    assert "80 to 90 mg/kg/day" in told
    assert "7777" not in told


@pytest.mark.parametrize(
    "made",
    [
        "What dose of gentamicin for a child with acute otitis media?",
        "How long for amoxicillin 500 mg in a child with acute otitis media?",
        "",
        "x" * 3000,
    ],
)
def test_what_the_model_adds_is_not_believed(asking: Callable[..., Any], made: str) -> None:
    service, _ = asking(saying(talker(made)))
    first = ask(OTITIS, service)
    follow_up = ask(GO_ON, service, follows=first.id).drafting.follow_up
    assert follow_up is not None
    assert (follow_up.by, follow_up.question) == ("words", f"{OTITIS}\n{GO_ON}")


def test_without_a_model_the_questions_stand_side_by_side(recording: Callable[..., Service]) -> None:
    service = recording()
    first = ask(OTITIS, service)
    second = ask(GO_ON, service, follows=first.id)
    third = ask("And if allergic to penicillin?", service, follows=second.id)
    assert third.drafting.follow_up is not None
    assert third.drafting.follow_up.question == f"{OTITIS}\n{GO_ON}\nAnd if allergic to penicillin?"
    assert "otitis" in " ".join(quote.title for one in second.claims for quote in one.quotes)


def test_a_long_conversation_stays_bounded(recording: Callable[..., Service]) -> None:
    service = recording()
    at = ask(OTITIS, service)
    for number in range(MAX_TURNS + 3):
        at = ask(f"And in ward {number}, " + "again " * 200 + "?", service, follows=at.id)
    assert at.drafting.follow_up is not None
    assert len(at.drafting.follow_up.question) <= 2000


def test_nobody_goes_on_from_an_answer_that_was_given_to_somebody_else(recording: Callable[..., Service]) -> None:
    import asyncio

    from cdss.pipeline import answer
    from cdss.types import Question
    from tests.cdss.llm.conftest import TODAY

    service = recording()
    first = ask(OTITIS, service)
    with pytest.raises(NotFound):
        asyncio.run(answer(Question(question=GO_ON, follows=first.id), service, actor="somebody else", today=TODAY))
