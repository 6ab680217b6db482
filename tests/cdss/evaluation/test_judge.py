"""What is said of one answer, on answers that are made up so that exactly one thing is wrong."""

from __future__ import annotations

from datetime import date

import pytest

from cdss.evaluation.cases import Case
from cdss.evaluation.judge import Judged, judge, unfaithful
from cdss.types import Answer, AnswerStatus, ShownClaim, ShownQuote
from checkers.for_patient import READER
from checkers.types import Claim, Dose, Subject, Verdict
from guidelines.types import Passage, Sentence, Status

TEXTS = {
    "gold": "Give adrenaline 500 micrograms intramuscularly unless the pulse is absent.",
    "child": "For a child give adrenaline 300 micrograms intramuscularly.",
    "noise": "Keep the ward quiet at night.",
}
CASE = Case.model_validate(
    {
        "id": "adrenaline",
        "specialty": "emergency medicine",
        "question": "How much adrenaline?",
        "gold": [{"file": "a.md", "section": "Adrenaline", "words": 10, "hash": "0123456789ab"}],
        "figures": ["0.5 mg"],
        "about": ["adrenaline"],
    }
)
REFUSE = Case.model_validate(
    {"id": "horse", "specialty": "surgery", "question": "How much for a horse?", "refuse": "veterinary medicine"}
)


def passage(name: str) -> Passage:
    text = TEXTS[name]
    whole = Sentence(start=0, end=len(text))
    return Passage(
        id=name, document_id="doc", section=("Adrenaline",), start=0, end=len(text), text=text, sentences=(whole,)
    )


STORED = {name: passage(name) for name in TEXTS}


def claim(name: str, verdict: Verdict = Verdict.RELEASE, **changed: object) -> ShownClaim:
    text = TEXTS[name]
    quote = {
        "quote": text,
        "passage_id": name,
        "document": "doc",
        "title": "T",
        "section": "Adrenaline",
        "page": None,
        "edition": None,
        "status": Status.ACTIVE,
        "start": 0,
        "end": len(text),
    }
    quotes = () if verdict is Verdict.WITHHOLD else (ShownQuote.model_validate(quote | changed),)
    outcomes = READER.check(Subject(claim=Claim(id=name, text=text)))
    return ShownClaim(
        id=name,
        text=None if verdict is Verdict.WITHHOLD else text,
        verdict=verdict,
        quotes=quotes,
        doses=tuple(each for each in outcomes if isinstance(each, Dose)),
    )


def judged(*claims: ShownClaim, case: Case = CASE) -> Judged:
    answer = Answer(
        schema=1,
        id="1",
        status=AnswerStatus.ANSWERED if claims else AnswerStatus.ABSTAINED,
        backend="extractive",
        model=None,
        generation="1",
        as_of=date(2026, 1, 1),
        claims=claims,
        timings_ms={"total": 1.0},
    )
    places = [STORED["gold"]] if case is CASE else []
    return judge(case, answer, places=places, gold_text=TEXTS["gold"], stored=STORED)


def test_as_expected() -> None:
    one = judged(claim("gold"), claim("noise"))
    assert one.first
    assert one.in_top
    assert one.failures == ()


def test_the_passage_is_counted_by_the_claims_that_are_shown() -> None:
    hidden = claim("child", Verdict.WITHHOLD)
    assert judged(hidden, claim("noise"), claim("gold")).rank == 2
    late = judged(claim("noise"), claim("noise"), claim("noise"), claim("gold"))
    assert late.failures == ("right passage not among the first 3",)
    assert judged(claim("noise")).failures == ("figure missing", "right passage not cited")


def test_a_figure_in_a_claim_that_is_only_marked_is_not_released() -> None:
    assert judged(claim("gold", Verdict.REVIEW)).failures == ("figure missing",)
    assert judged(claim("gold", Verdict.WITHHOLD)).failures == ("refused, and should have been answered",)


def test_a_contradicting_figure_is_graver_before_the_right_one() -> None:
    assert judged(claim("child"), claim("gold")).failures == ("a contradicting figure comes first",)
    after = judged(claim("gold"), claim("child", Verdict.REVIEW))
    assert after.failures == ("a contradicting figure further down",)
    assert after.unsafe
    assert not after.misleading
    assert after.contradicting[0].figures == ("300 micrograms",)


def test_a_question_to_refuse() -> None:
    assert judged(case=REFUSE).failures == ()
    assert judged(claim("gold", Verdict.WITHHOLD), case=REFUSE).failures == ()
    assert judged(claim("noise"), case=REFUSE).failures == ("answered, and should not have been",)


def test_a_whole_sentence_is_true_to_its_source() -> None:
    assert unfaithful(claim("gold"), STORED) is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"end": 10}, "cites other words than stand there"),
        ({"document": "another"}, "cites other words than stand there"),
        ({"quote": TEXTS["gold"].replace("500", "50")}, "cites other words than stand there"),
        ({"section": "Elsewhere"}, "names another section or page"),
        ({"page": 3}, "names another section or page"),
        ({"passage_id": "gone"}, "cites a passage that is not stored"),
        ({"quote": TEXTS["gold"][:46], "end": 46}, "“unless” is left out"),
    ],
)
def test_every_quote_has_to_be_a_slice_that_passes_the_rules(changed: dict[str, object], why: str) -> None:
    found = unfaithful(claim("gold", **changed), STORED)
    assert found is not None
    assert why.strip("“”").replace("“", '"').replace("”", '"') in found


def test_a_claim_without_a_quote_is_not_true_to_any() -> None:
    bare = claim("gold").model_copy(update={"quotes": ()})
    assert unfaithful(bare, STORED) == "claim gold has no quote"
    assert judged(bare).failures[0] == "quote not true to its source"
