"""``checkers.lines``: one answer a line, in order, whatever the lines are."""

from __future__ import annotations

import io
import json
import time
from datetime import date
from typing import Any

import pytest

from checkers import lines as module
from checkers.lines import LineError, LineReport, bounded, check_lines

DAY = date(2024, 1, 1)


def run(*raw: Any) -> tuple[list[dict[str, Any]], list[str]]:
    warnings: list[str] = []
    made = [line if isinstance(line, (str, bytes)) else json.dumps(line) for line in raw]
    answers = [json.loads(answer.model_dump_json()) for answer in check_lines(made, as_of=DAY, warn=warnings.append)]
    return answers, warnings


def test_the_answer_has_the_keys_of_the_contract_and_keeps_the_order() -> None:
    source = "Give 5 mg at night unless drowsy."
    answers, warnings = run(
        {"id": "a", "text": "Anything.", "other": [1]},
        {"id": 7, "text": "Give 5 mg.", "quotes": [{"quote": "Give 5 mg at night", "source": source, "page": 3}]},
        {"id": "c", "text": "Give 6 mg.", "quotes": [{"quote": "Give 6 mg at night", "source": source}]},
    )
    assert [answer["id"] for answer in answers] == ["a", 7, "c"]
    assert all(list(answer) == ["id", "verdict", "findings", "not_checked", "doses"] for answer in answers)
    assert [answer["verdict"] for answer in answers] == ["release", "review", "withhold"]
    assert {finding["rule"] for finding in answers[1]["findings"]} == {"quote-cut"}
    assert warnings == []


def test_a_finding_has_the_keys_of_the_contract_and_a_span_in_the_text() -> None:
    text = "Take ﬁve: 6 mg."
    answers, _ = run({"id": 1, "text": text, "quotes": [{"quote": "Take five: 5 mg.", "source": "Take five: 5 mg."}]})
    finding = next(finding for finding in answers[0]["findings"] if finding["rule"] == "grounding-number")
    assert list(finding) == ["rule", "severity", "message", "span", "evidence"]
    start, end = finding["span"]
    assert text[start:end] == "6 mg"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ("null", "not a JSON object"),
        ('{"id": 1}', "text"),
        ('{"id": 1, "text": 5}', "text"),
        ('{"id": 1, "text": null}', "text"),
        ('{"id": {}, "text": "x"}', "id"),
        ('{"id": 1, "text": "x", "quotes": "no"}', "quotes"),
        ('{"id": 1, "text": "x", "quotes": [{"source": "s"}]}', "quotes.0.quote"),
        ('{"id": 1, "text": "x", "patient": 3}', "patient"),
        ('{"id": 1, "text": "x", "patient": {"age_years": "Jane"}}', "age_years"),
        ('{"id": 1, "text": "x", "patient": {"age_years": 400}}', "age_years"),
        ('{"id": 1, "text": "x", "patient": {"weight_kg": NaN}}', "not JSON"),
        ('{"id": 1, "text": "\\ud800"}', "text"),
        ("[" * 100_000, "not JSON"),
        ('{"id": 1, "text": ' + "9" * 10_000 + "}", ""),
        (b"\xff\xfe{", "UTF-8"),
        (json.dumps({"id": 1, "text": "x" * (module.MAX_TEXT_CHARS + 1)}), "text"),
    ],
)
def test_a_bad_line_gives_an_error_in_its_place_and_repeats_nothing(line: str | bytes, words: str) -> None:
    answers, _ = run({"id": "before", "text": "x"}, line, {"id": "behind", "text": "x"})
    assert [answer["id"] for answer in answers] == ["before", None, "behind"]
    assert answers[1]["line"] == 2
    assert words in answers[1]["error"]
    assert "Jane" not in answers[1]["error"]
    assert set(answers[1]) == {"id", "line", "error"}


def test_unknown_patient_keys_are_ignored_with_a_warning() -> None:
    answers, warnings = run({"id": 1, "text": "x", "patient": {"age_years": 4, "shoe_size": 40, "mood": "good"}})
    assert answers[0]["verdict"] == "release"
    assert warnings == ["line 1: ignored unknown patient keys: mood, shoe_size"]


def test_blank_lines_and_a_byte_order_mark_are_no_lines() -> None:
    answers, _ = run(
        "",
        "   \n",
        b"\xef\xbb\xbf" + json.dumps({"id": 1, "text": "x"}).encode(),
        "\ufeff" + json.dumps({"id": 2, "text": "x"}),
    )
    assert [answer["id"] for answer in answers] == [1, 2]


def test_an_empty_list_of_quotes_says_no_more_than_none() -> None:
    answers, _ = run(
        {"id": 1, "text": "Give 5 g.", "quotes": []},
        {"id": 2, "text": "Give 5 g."},
        {"id": 3, "text": "Give 5 g.", "quotes": None},
    )
    assert [answer["findings"] for answer in answers] == [[], [], []]


def test_answers_come_while_lines_are_still_being_written() -> None:
    def endless() -> Any:
        yield json.dumps({"id": 1, "text": "x"})
        raise AssertionError("asked for a second line before the first was answered")

    first = next(iter(check_lines(endless(), as_of=DAY, warn=print)))
    assert isinstance(first, LineReport)


def test_a_line_without_end_is_refused_without_being_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LINE_BYTES", 100)
    stream = io.BytesIO(b'{"id": 1, "text": "a"}\n' + b"x" * 1000 + b"\n" + b'{"id": 2, "text": "b"}')
    pieces = list(bounded(stream))
    assert max(map(len, pieces)) == 101
    answers = list(check_lines(pieces, as_of=DAY, warn=print))
    assert [answer.id for answer in answers] == [1, None, 2]
    assert isinstance(answers[1], LineError)
    assert [answer.released for answer in answers] == [True, False, True]


def test_a_source_of_a_megabyte_fits_on_a_line() -> None:
    source = "Nothing to see here. " * 50_000 + "Give 5 mg at night."
    answers, _ = run(
        {"id": 1, "text": "Give 5 mg at night.", "quotes": [{"quote": "Give 5 mg at night.", "source": source}]}
    )
    assert answers[0]["verdict"] == "release"


ENDLESS = (
    "not ", "5 mg ", "1,", "0", "1/", "5-", "10^", "every 5 ", "unless ", "twice a ", "( ", "a | b | ", "aspirin ", "1 1/2 ",
    "Do not give aspirin to children unless 5 mg IV daily. ", "5–6 mg to 7 mg or ", "½", "a-\n", "…", "'",
)  # fmt: skip


@pytest.mark.parametrize("piece", ENDLESS)
@pytest.mark.parametrize("claimed", [True, False])
def test_no_text_keeps_a_line_waiting(piece: str, claimed: bool) -> None:
    text = (piece * module.MAX_TEXT_CHARS)[: module.MAX_TEXT_CHARS // 6]
    quote = text if claimed else "Give 5 mg of aspirin twice daily."
    began = time.process_time()
    run({"id": 1, "text": text, "quotes": [{"quote": quote, "source": quote}]})
    assert time.process_time() - began < 5


def test_five_thousand_words_are_one_text() -> None:
    text = "For an adult with pain give 5 mg of morphine by mouth every 4 hours. " * 400
    assert len(text.split()) > 5000
    answers, _ = run({"id": 1, "text": text, "quotes": [{"quote": text, "source": text}]})
    assert answers[0]["verdict"] == "release"
