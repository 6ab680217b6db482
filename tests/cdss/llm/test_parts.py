"""The parts of the client: the gate, the breaker, the reader of a reply, the settings."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cdss.errors import Busy
from cdss.llm.breaker import Breaker
from cdss.llm.gate import Gate
from cdss.llm.reply import Nonsense, Reader, Said, Thoughts, schema, without_thoughts
from cdss.settings import LlmSettings, Settings
from tests.cdss.llm.scripted_server import claim, reply


def test_the_gate_lets_so_many_in_and_forgets_whoever_leaves() -> None:
    async def crowd() -> None:
        gate = Gate(at_once=2, queue=2)
        order: list[int] = []
        leave = asyncio.Event()

        async def one(number: int) -> None:
            async with gate.enter():
                order.append(number)
                await leave.wait()

        tasks = [asyncio.create_task(one(number)) for number in range(4)]
        await asyncio.sleep(0)
        assert gate.inside == (0, 2)
        with pytest.raises(Busy):
            gate.check()
        tasks[2].cancel()
        tasks[0].cancel()
        await asyncio.gather(tasks[0], tasks[2], return_exceptions=True)
        await asyncio.sleep(0)
        assert order == [0, 1, 3]
        assert gate.inside == (0, 0)
        leave.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert gate.inside == (2, 0)

    asyncio.run(crowd())


def test_a_place_given_to_one_who_just_left_goes_on_to_the_next() -> None:
    async def race() -> None:
        gate = Gate(at_once=1, queue=5)
        first = gate.enter()
        await first.__aenter__()
        waiting = asyncio.create_task(gate.enter().__aenter__())
        await asyncio.sleep(0)
        await first.__aexit__(None, None, None)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert gate.inside == (1, 0)

    asyncio.run(race())


def test_the_breaker_opens_rests_and_lets_one_try() -> None:
    now = [0.0]
    breaker = Breaker(failures=2, rest_s=10, now=lambda: now[0])
    breaker.failed()
    assert breaker.passes()
    breaker.failed()
    assert not breaker.passes()
    now[0] = 10.1
    assert [breaker.passes(), breaker.passes()] == [True, False]
    breaker.failed()
    now[0] = 15
    assert not breaker.passes()
    now[0] = 20.2
    assert breaker.passes()
    breaker.answered()
    assert breaker.passes()


WHOLE = reply(claim("Give 5 mg, é “so”.", "s1"), claim("Wait.", "s2", quantities=[{"text": "5 mg", "id": "s1"}]))


def read(text: str, cuts: list[int]) -> list[Said]:
    reader, said, at = Reader(), [], 0
    for cut in [*sorted(min(cut, len(text)) for cut in cuts), len(text)]:
        said += list(reader.feed(text[at:cut]))
        at = cut
    reader.close()
    return said


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, 400), max_size=12),
    st.sampled_from(["", "<unused94>thought\n{}<unused95>", " <think>x</think>\n"]),
)
def test_a_reply_is_read_the_same_however_it_is_cut(cuts: list[int], before: str) -> None:
    assert read(before + WHOLE, cuts) == read(WHOLE, [])


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=60), st.integers(0, 300))
def test_no_text_breaks_the_reader(noise: str, at: int) -> None:
    for text in (noise, WHOLE[:at] + noise, WHOLE[:at] + noise + WHOLE[at:]):
        try:
            for said in read(text, [at]):
                assert said.text
        except Nonsense:
            continue


def test_a_claim_is_read_as_soon_as_it_is_closed() -> None:
    reader = Reader()
    end = WHOLE.index("}, {", WHOLE.index("claims")) + 1
    assert [one.text for one in reader.feed(WHOLE[:end])] == ["Give 5 mg, é “so”."]
    with pytest.raises(Nonsense):
        reader.close()


def test_thoughts_are_cut_only_before_the_answer() -> None:
    assert without_thoughts("<unused94>thought a<unused95>b") == "b"
    assert without_thoughts("<unused94>thought a") == ""
    assert without_thoughts("b <think>c</think>") == "b <think>c</think>"
    thoughts = Thoughts()
    assert [thoughts.feed(piece) for piece in ("<unu", "sed9", "4>x<unused", "95> y", "z")] == ["", "", "", "y", "z"]


def test_the_schema_offers_these_ids_and_no_others_and_counts_no_characters() -> None:
    text = json.dumps(schema(["s1", "s2"], ["c3"]))
    assert '"enum": ["s1", "s2"]' in text
    assert '"enum": ["c3"]' in text
    assert not {"maxLength", "minLength", "uniqueItems", "contains", "pattern"} & set(
        json.loads(text.replace(":", ": "))
    )
    for key in ("maxLength", "minLength", "uniqueItems", "contains", "multipleOf", "patternProperties"):
        assert key not in text


def test_settings_refuse_what_cannot_be_and_read_secrets_from_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ValidationError, match="CDSS_LLM__MAY_RECEIVE_PATIENT_DATA"):
        LlmSettings(base_url="https://models.example.org/v1")
    with pytest.raises(ValidationError, match="CDSS_LLM__BASE_URL"):
        Settings(home=tmp_path, backend="openai")
    (tmp_path / "llm__api_key").write_text("s3cret\n")
    monkeypatch.setenv("CDSS_SECRETS", str(tmp_path))
    got = Settings(home=tmp_path, llm={"base_url": "http://127.0.0.1:1/v1"})  # type: ignore[arg-type]
    assert got.llm.model == "google/medgemma-27b-text-it"
    read_ = Settings(home=tmp_path)
    assert read_.llm.api_key is not None
    assert read_.llm.api_key.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(read_)
    monkeypatch.setenv("CDSS_SECRETS", str(tmp_path / "nowhere"))
    with pytest.raises(Exception, match="does not exist"):
        Settings(home=tmp_path)
