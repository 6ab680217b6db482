"""What must hold for every text: no changed digit passes, the same text gives the same report, no text breaks a rule."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from checkers.fold import fold
from checkers.rules import FAITHFUL, RULES
from checkers.rules import quote as quote_rule
from checkers.run import run
from checkers.types import Claim, Draft, Finding, Quote, Rule, Severity, Subject, Verdict

DAY = date(2024, 1, 1)

DRUGS = st.sampled_from(["amoxicillin", "gentamicin", "paracetamol", "beta-lactams", "oral iron", "co-trimoxazole"])
FIGURES = st.sampled_from(
    [
        "{} mg/kg",
        "{}.5 mg",
        "0.{} g",
        "{} to {} mL",
        "{}–{} mg",
        "≥ {} °C",
        "up to {} g/day",
        "{} × 10⁹/L",
        "1,{}00 units",
        "{} %",
    ]
)
NUMBERS = st.integers(1, 999).map(str)
ENDINGS = st.sampled_from(
    [".", " unless jaundiced.", " if the temperature rises.", ", not at night.", "; stop after {} days."]
)


@st.composite
def sentences(draw: st.DrawFn) -> str:
    """A treatment sentence with one to three figures."""
    parts = [f"Give {draw(DRUGS)}"]
    for _ in range(draw(st.integers(1, 2))):
        parts.append(re.sub(r"\{\}", lambda _: draw(NUMBERS), draw(FIGURES)))
    return " and ".join(parts) + re.sub(r"\{\}", lambda _: draw(NUMBERS), draw(ENDINGS))


@st.composite
def noises(draw: st.DrawFn, text: str) -> str:
    """``text`` as another PDF might set it."""
    text = text.replace(" ", draw(st.sampled_from([" ", "\n", "\u00a0", "  ", " \n "])), draw(st.integers(0, 5)))
    text = text.replace("–", draw(st.sampled_from(["–", "-", "−"])))
    return text.replace("fi", draw(st.sampled_from(["fi", "ﬁ"])))


def accepted(quote: str, source: str) -> bool:
    subject = Subject(claim=Claim(id="c", text="-", quotes=(Quote(quote=quote, source=source),)))
    return not list(quote_rule.check(subject))


@settings(deadline=None)
@given(st.lists(sentences(), min_size=1, max_size=5), st.data())
def test_a_sentence_passes_however_it_is_set(lines: list[str], data: st.DataObject) -> None:
    source = data.draw(noises(" ".join(lines)))
    assert accepted(data.draw(noises(data.draw(st.sampled_from(lines)))), source)


@settings(deadline=None, max_examples=500)
@given(st.lists(sentences(), min_size=1, max_size=5), st.data())
def test_no_quote_with_a_changed_digit_passes(lines: list[str], data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(lines))
    at = data.draw(st.sampled_from([match.start() for match in re.finditer(r"\d", line)]))
    made = data.draw(
        st.sampled_from(
            ["0", "1", "5", "9", "", "00", line[at] * 2, line[at] + ".", "." + line[at], line[at] + "\u200b0", "⁵", "٣"]
        )
    )
    assume(made != line[at])
    changed = line[:at] + made + line[at + 1 :]
    source = " ".join(lines)
    assume(fold(changed).text not in fold(source).text)
    assert not accepted(data.draw(noises(changed)), source)


@settings(deadline=None, max_examples=300)
@given(st.lists(sentences(), min_size=1, max_size=3), st.data())
def test_no_claim_with_a_figure_of_its_own_is_released(lines: list[str], data: st.DataObject) -> None:
    source = " ".join(lines)
    number = data.draw(st.integers(1000, 9999).map(str))
    assume(number not in source)
    unit = data.draw(st.sampled_from(["mg", "mL", "mg/kg", "days", "%", "tablets", "°C", ""]))
    claim = data.draw(st.sampled_from(lines)).rstrip(".") + f", {number} {unit}."
    report = run(Draft(claims=(Claim(id="c", text=claim, quotes=(Quote(quote=source, source=source),)),)), as_of=DAY)
    assert report.claims[0].verdict is Verdict.WITHHOLD


@settings(deadline=None)
@given(st.lists(sentences(), min_size=1, max_size=3))
def test_a_claim_that_is_its_quote_is_released(lines: list[str]) -> None:
    source = " ".join(lines)
    claim = Claim(id="c", text=source, quotes=(Quote(quote=source, source=source),))
    report = run(Draft(claims=(claim,)), as_of=DAY, rules=FAITHFUL)
    assert report.claims[0].findings == ()


TOKENS = st.sampled_from(
    """
    5 10 1.5 1,500 ½ 1/2 120/80 2-3 10⁹ Q3D q4-6H BID b.i.d. od /D /M /KG mg MG mcg µg mL ML L l G g h H D d S s IU U mU MU
    % °C C F per every each a daily weekly twice once times x X × to or and between at least up to max. < > ≥ over under not do
    without no unless if Give aspirin Oral IV PO IN children adult must may ; : , . … | ( ) [3] - – −
    """.split()
)
SHORTHAND = st.lists(st.tuples(TOKENS, st.sampled_from(["", " "])).map("".join), max_size=30).map("".join)
TEXTS = st.one_of(
    SHORTHAND,
    st.text(max_size=200),
    sentences(),
    st.text(alphabet="0123456789.,/-–−×x^⁹½ mgkL°C%<>≥≤\n\r\u00ad\u200b|…\"'", max_size=120),
)


@settings(deadline=None, max_examples=400)
@given(TEXTS, TEXTS, TEXTS, st.one_of(st.none(), TEXTS))
def test_no_text_breaks_a_rule_and_every_span_is_in_the_text(
    claim: str, quote: str, source: str, question: str | None
) -> None:
    draft = Draft(claims=(Claim(id="c", text=claim, quotes=(Quote(quote=quote, source=source), Quote(quote=source))),))
    report = run(draft, as_of=DAY, question=question)
    for finding in report.claims[0].findings:
        assert "could not be checked" not in finding.message
        assert finding.span is None or 0 <= finding.span[0] < finding.span[1] <= len(claim)
    fold.forget()
    assert run(draft, as_of=DAY, question=question) == report


ERRORS = st.sampled_from(
    [
        ValueError,
        KeyError,
        TypeError,
        RecursionError,
        MemoryError,
        UnicodeError,
        ZeroDivisionError,
        AssertionError,
        StopIteration,
    ]
)


@settings(deadline=None)
@given(st.integers(0, len(RULES)), ERRORS, st.booleans())
def test_the_runner_blocks_wherever_a_rule_fails(at: int, error: type[Exception], late: bool) -> None:
    def broken(subject: Subject) -> list[Finding]:
        raise error(subject.claim.text)

    def broken_late(subject: Subject) -> object:
        yield Finding(rule="broken", severity=Severity.INFO, message="so far")
        raise error(subject.claim.text)

    rule = Rule(id="broken", version=1, harm="h", source="s", example="e", check=broken_late if late else broken)  # type: ignore[arg-type]
    report = run(Draft(claims=(Claim(id="c", text="Give 5 mg."),)), as_of=DAY, rules=[*RULES[:at], rule, *RULES[at:]])
    assert report.claims[0].verdict is Verdict.WITHHOLD


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_nothing_where_nothing_was_given(rule: Rule) -> None:
    assert list(rule.check(Subject(claim=Claim(id="c", text="Do not give 5 g IV to children; must be aspirin.")))) == []
