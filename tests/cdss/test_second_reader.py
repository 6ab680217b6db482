"""The second reader over real HTTP: it can only tighten, and whatever it does to the connection loosens nothing."""

from __future__ import annotations

import logging
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cdss import second_reader as module
from cdss.addresses import is_loopback, trusted
from cdss.second_reader import SecondReader, open_reader
from cdss.server import open_service
from cdss.settings import SecondReaderSettings, Settings
from checkers.rules import RULES
from checkers.run import run
from checkers.second_reader import second_reader
from checkers.types import Claim, Draft, Quote, Rule, Verdict
from tests.cdss.chat_server import Answer, Handler, Server, completion, drips, drips_headers, hangs, says, serving

GOOD = Claim(id="good", text="Give 5 mg.", quotes=(Quote(quote="Give 5 mg.", source="Give 5 mg."),))
CUT = Claim(id="cut", text="Give 5 mg.", quotes=(Quote(quote="Give 5 mg", source="Give 5 mg unless asleep."),))
BAD = Claim(id="bad", text="Give 6 mg.", quotes=(Quote(quote="Give 5 mg.", source="Give 5 mg."),))
BARE = Claim(id="bare", text="Give 6 mg.")
DRAFT = Draft(claims=(GOOD, CUT, BAD, BARE))
ORDER = [Verdict.RELEASE, Verdict.REVIEW, Verdict.WITHHOLD]


def reader(server: Server, **given: object) -> Rule:
    fields = {"base_url": server.url, "model": "medgemma-4b", "timeout_s": 5} | given
    rule = open_reader(SecondReaderSettings.model_validate(fields))
    assert rule is not None
    return rule


def verdicts(*more: Rule) -> list[Verdict]:
    return [claim.verdict for claim in run(DRAFT, as_of=date(2024, 1, 1), rules=(*RULES, *more)).claims]


WITHOUT = verdicts()


def test_what_the_rules_say_alone() -> None:
    assert WITHOUT == [Verdict.RELEASE, Verdict.REVIEW, Verdict.WITHHOLD, Verdict.RELEASE]


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (says("yes"), Verdict.RELEASE),
        (completion('<unused94>thought\nIs it? "no"<unused95>{"opinion": "yes"}'), Verdict.RELEASE),
        (says("unsure"), Verdict.REVIEW),
        (says("no"), Verdict.WITHHOLD),
        (says("Yes"), Verdict.REVIEW),
        (says("silent"), Verdict.REVIEW),
        (says(["yes"]), Verdict.REVIEW),
        (says(None), Verdict.REVIEW),
        (completion("yes"), Verdict.REVIEW),
        (completion(""), Verdict.REVIEW),
        (completion(None), Verdict.REVIEW),
        (completion('{"opinion": "yes"} {"opinion": "no"}'), Verdict.REVIEW),
        (completion("[" * 100_000), Verdict.REVIEW),
        (lambda handler: handler.send(b"{}"), Verdict.REVIEW),
        (lambda handler: handler.send(b"[]"), Verdict.REVIEW),
        (lambda handler: handler.send(b"\xff\x00garbage"), Verdict.REVIEW),
        (lambda handler: handler.send(b""), Verdict.REVIEW),
        (lambda handler: handler.send(b" " * (module.MAX_ANSWER_BYTES + 10)), Verdict.REVIEW),
        (lambda handler: handler.send(b'{"choices": []}'), Verdict.REVIEW),
        (lambda handler: handler.send(b"out of memory", 500), Verdict.REVIEW),
        (lambda handler: handler.send(b"who are you", 401), Verdict.REVIEW),
        (lambda handler: handler.wfile.write(b"no HTTP at all\r\n\r\n"), Verdict.REVIEW),
        (lambda handler: handler.connection.close(), Verdict.REVIEW),
    ],
)
def test_its_opinion_and_its_failures(answer: Answer, verdict: Verdict) -> None:
    with serving(answer) as server:
        got = verdicts(reader(server))
    assert got == [max(mine, verdict, key=ORDER.index) for mine in WITHOUT[:3]] + [Verdict.RELEASE]


@pytest.mark.parametrize("answer", [hangs, drips, drips_headers])
def test_it_is_waited_for_no_longer_than_stated(answer: Answer) -> None:
    with serving(answer) as server:
        began = time.monotonic()
        assert verdicts(reader(server, timeout_s=0.3)) == [
            Verdict.REVIEW,
            Verdict.REVIEW,
            Verdict.WITHHOLD,
            Verdict.RELEASE,
        ]
        assert time.monotonic() - began < 3
        assert len(server.asked) == 1  # one that is down is not asked again for every claim


def test_one_that_is_not_there_and_one_that_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(says("yes")) as server:
        url = server.url
    fields = {"base_url": url, "model": "m", "timeout_s": 1}
    asked = SecondReader(SecondReaderSettings.model_validate(fields))
    assert asked.supports("Give 5 mg.", ("Give 5 mg.",)) == "silent"
    monkeypatch.setattr(module, "REST_S", 0.0)
    with serving(says("yes")) as server:
        back = SecondReader(SecondReaderSettings.model_validate(fields | {"base_url": server.url}))
        assert back.supports("Give 5 mg.", ("Give 5 mg.",)) == "yes"


def test_no_redirect_is_followed() -> None:
    with serving(says("yes")) as elsewhere:

        def redirects(handler: Handler) -> None:
            handler.send(b"", 307, location=f"{elsewhere.url}/chat/completions")

        with serving(redirects) as server:
            assert verdicts(reader(server))[0] is Verdict.REVIEW
        assert elsewhere.asked == []


def test_what_is_asked(caplog: pytest.LogCaptureFixture) -> None:
    with serving(says("no")) as server, caplog.at_level(logging.DEBUG):
        verdicts(reader(server, api_key="s3cret"))
        path, headers, body = server.asked[0]
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer s3cret"
    assert body["model"] == "medgemma-4b"
    assert body["temperature"] == 0
    assert [message["role"] for message in body["messages"]] == ["user"]
    assert "Give 5 mg." in body["messages"][0]["content"]
    assert body["response_format"]["json_schema"]["schema"]["properties"]["opinion"]["enum"] == ["yes", "no", "unsure"]
    assert "s3cret" not in caplog.text


def test_braces_in_a_claim_are_only_braces_and_what_is_too_long_is_not_asked() -> None:
    with serving(says("yes")) as server:
        settings_ = SecondReaderSettings.model_validate({"base_url": server.url, "model": "m"})
        asked = SecondReader(settings_)
        assert asked.supports("Give {claim} {0} {quotes!r}.", ("{}",)) == "yes"
        assert asked.supports("x" * module.MAX_ASKED_CHARS, ("y",)) == "silent"
        assert len(server.asked) == 1


def test_another_model_is_another_version() -> None:
    def version(model: str) -> int:
        return SecondReader(SecondReaderSettings(base_url="http://127.0.0.1:1/v1", model=model)).version

    assert version("a") == version("a") != version("b")


@settings(deadline=None)
@given(st.one_of(st.sampled_from(["yes", "no", "unsure", "silent"]), st.text(max_size=8), st.none(), st.booleans()))
def test_whatever_it_says_no_verdict_gets_better(opinion: object) -> None:
    got = verdicts(second_reader(lambda _claim, _quotes: opinion))  # type: ignore[arg-type, return-value]
    assert all(ORDER.index(after) >= ORDER.index(before) for before, after in zip(WITHOUT, got, strict=True))
    assert got[0] is not Verdict.RELEASE or opinion == "yes"


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True), ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("10.0.0.1", False), ("0.0.0.0", False),
        ("example.org", False), ("localhost.example.org", False), ("127.0.0.1.example.org", False), ("2130706433", False),
    ],
)  # fmt: skip
def test_which_addresses_stay_on_this_machine(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.7:8000/v1",
        "https://api.example.org/v1",
        "http://127.0.0.1@example.org/v1",
        "http://localhost.example.org/v1",
        "http://[2001:db8::1]/v1",
        "127.0.0.1:8000",
        "file:///etc/passwd",
        "",
    ],
)
def test_an_address_beyond_this_machine_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"may receive them with CDSS_X=true|begins with http|no name"):
        trusted(url, may_receive_patient_data=False, setting="CDSS_X")
    with pytest.raises(ValidationError):
        SecondReaderSettings(base_url=url, model="m")


def test_unless_the_operator_states_that_it_may_receive_patient_data() -> None:
    given_ = SecondReaderSettings(base_url="https://llm.hospital.example/v1", model="m", may_receive_patient_data=True)
    assert open_reader(given_) is not None
    assert trusted("http://[::1]:8001/v1/", may_receive_patient_data=False, setting="X") == "http://[::1]:8001/v1"


def test_off_unless_configured_and_not_without_a_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = open_service(Settings(home=tmp_path))
    assert opened.rules == RULES
    opened.close()
    with pytest.raises(ValidationError, match="CDSS_SECOND_READER__MODEL"):
        SecondReaderSettings(base_url="http://127.0.0.1:1/v1")
    monkeypatch.setenv("CDSS_SECOND_READER__BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("CDSS_SECOND_READER__MODEL", "medgemma-4b")
    opened = open_service(Settings(home=tmp_path))
    assert [rule.id for rule in opened.rules] == [*(rule.id for rule in RULES), "second-reader"]
    opened.close()
    monkeypatch.setenv("CDSS_SECOND_READER__BASE_URL", "http://192.0.2.1/v1")
    with pytest.raises(ValidationError, match="another machine"):
        Settings(home=tmp_path)
