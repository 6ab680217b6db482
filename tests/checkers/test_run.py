"""The runner fails closed, keeps order, and judges a claim together with what went out before it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from checkers.run import run
from checkers.types import Claim, Draft, Finding, Missing, Quote, Rule, Severity, Subject, Verdict

DAY = date(2024, 1, 1)
DRAFT = Draft(
    claims=(Claim(id="1", text="Give 5 mg to Jane Doe."), Claim(id="2", text="Give 6 mg."), Claim(id="3", text="Stop."))
)


def rule(name: str, check: Any) -> Rule:
    return Rule(id=name, version=1, harm="h", source="s", example="e", check=check)


def quiet(subject: Subject) -> Iterator[Finding]:
    yield from ()


def raises_at_once(subject: Subject) -> list[Finding]:
    raise ValueError(subject.claim.text)


def raises_late(subject: Subject) -> Iterator[Finding]:
    yield Finding(rule="late", severity=Severity.INFO, message="seen")
    raise KeyError(subject.claim.text)


def recurses(subject: Subject) -> list[Finding]:
    return recurses(subject)


@pytest.mark.parametrize(
    "check",
    [
        raises_at_once,
        raises_late,
        recurses,
        lambda _: None,
        lambda _: 7,
        lambda _: ["fine"],
        lambda _: [None],
        lambda _: True,
        lambda: [],
        None,
    ],
)
def test_a_rule_that_cannot_answer_blocks(check: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        report = run(DRAFT, as_of=DAY, rules=[rule("broken", check), rule("fine", quiet)])
    for claim in report.claims:
        assert claim.verdict is Verdict.WITHHOLD
        assert claim.findings[-1].severity is Severity.BLOCK
        assert claim.findings[-1].rule == "broken"
    assert "Jane" not in report.model_dump_json()
    assert "Jane" not in caplog.text
    assert "broken" in caplog.text


def test_what_a_rule_saw_before_it_failed_is_kept() -> None:
    report = run(DRAFT, as_of=DAY, rules=[rule("late", raises_late)])
    assert report.claims[0].findings[0].message == "seen"


def test_the_worst_finding_decides() -> None:
    def finds(*severities: Severity) -> Any:
        return lambda _: [Finding(rule="x", severity=severity, message="m") for severity in severities]

    def verdict(*severities: Severity) -> Verdict:
        return run(DRAFT, as_of=DAY, rules=[rule("x", finds(*severities))]).claims[0].verdict

    assert verdict() is Verdict.RELEASE
    assert verdict(Severity.INFO) is Verdict.RELEASE
    assert verdict(Severity.INFO, Severity.REVIEW) is Verdict.REVIEW
    assert verdict(Severity.BLOCK, Severity.INFO, Severity.REVIEW) is Verdict.WITHHOLD


def test_order_is_that_of_the_rules_and_of_the_claims() -> None:
    def named(name: str) -> Rule:
        return rule(name, lambda subject: [Finding(rule=name, severity=Severity.INFO, message=subject.claim.id)])

    report = run(DRAFT, as_of=DAY, rules=[named("b"), named("a")])
    assert [claim.claim_id for claim in report.claims] == ["1", "2", "3"]
    assert [finding.rule for finding in report.claims[1].findings] == ["b", "a"]
    assert report.rules == {"b": 1, "a": 1}
    assert report == run(DRAFT, as_of=DAY, rules=[named("b"), named("a")])


def test_a_claim_is_judged_with_what_was_released_before_it_and_not_with_what_was_withheld() -> None:
    seen: dict[str, list[str]] = {}

    def check(subject: Subject) -> Iterator[Finding]:
        seen[subject.claim.id] = [claim.id for claim in subject.released]
        if subject.claim.id == "1":
            yield Finding(rule="x", severity=Severity.BLOCK, message="no")
        if subject.claim.id == "2":
            yield Finding(rule="x", severity=Severity.REVIEW, message="marked, but shown")

    run(DRAFT, as_of=DAY, rules=[rule("x", check)], released=[Claim(id="0", text="Earlier.")])
    assert seen == {"1": ["0"], "2": ["0"], "3": ["0", "2"]}


def test_missing_facts_are_listed_once_and_change_nothing() -> None:
    missing = Missing(fact="weight_kg", question="What does the patient weigh?")
    report = run(DRAFT, as_of=DAY, rules=[rule("a", lambda _: [missing]), rule("b", lambda _: (missing,))])
    assert report.claims[0].not_checked == (missing,)
    assert report.claims[0].verdict is Verdict.RELEASE


def test_a_broken_rule_is_the_only_one_that_is_silenced() -> None:
    def check(subject: Subject) -> Iterator[Finding]:
        yield Finding(rule="second", severity=Severity.REVIEW, message="still asked")

    report = run(DRAFT, as_of=DAY, rules=[rule("first", raises_at_once), rule("second", check)])
    assert [finding.rule for finding in report.claims[0].findings] == ["first", "second"]


def test_the_real_rules_release_a_faithful_claim_and_nothing_is_said_about_what_was_not_given() -> None:
    source = "Give 5 mg at night. Avoid in pregnancy."
    quoted = Claim(id="q", text="Give 5 mg at night.", quotes=(Quote(quote="Give 5 mg at night.", source=source),))
    bare = Claim(id="b", text="Give 500 g every minute.")
    report = run(Draft(claims=(quoted, bare)), as_of=DAY)
    assert [claim.verdict for claim in report.claims] == [Verdict.RELEASE, Verdict.REVIEW]
    assert [finding.rule for finding in report.claims[1].findings] == ["dose-unknown-drug"]
