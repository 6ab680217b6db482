"""What a quote may leave out of its sentence, and the dress that a copy may wear."""

from __future__ import annotations

import pytest

from checkers.rules import quote as rule
from checkers.types import Claim, Quote, Severity, Subject
from guidelines.types import Citation, Passage, Sentence


def found(quote: str, source: str) -> dict[str, Severity]:
    claim = Claim(id="c", text="-", quotes=(Quote(quote=quote, source=source),))
    return {finding.rule: finding.severity for finding in rule.check(Subject(claim=claim))}


@pytest.mark.parametrize(
    ("quoted", "left_out"),
    [
        ("Give prednisolone 40 mg", " once daily."),
        ("Give paracetamol 1 g", " every 6 hours."),
        ("Give salbutamol 100 micrograms", " as needed."),
        ("Titrate the dose", " as tolerated."),
        ("Start a beta-blocker", " in the presence of atrial fibrillation."),
        ("Start a beta-blocker", " in the absence of heart block."),
        ("Give the first dose of antibiotic", " within one hour."),
        ("Give furosemide 40 mg", " during the transfusion."),
        ("Admit children", " with severe pneumonia."),
        ("Screen adults", " aged 65 and over."),
        ("Refer women", " taking valproate."),
        ("Metformin suits people", " who have no renal impairment."),
        ("Vaccinate patients", ", whose spleen was removed, yearly."),
        ("Take the tablets", " with food."),
        ("Infuse heparin", " upon arrival."),
    ],
)
def test_a_quote_that_stops_before_whom_when_or_how_often_goes_to_review(quoted: str, left_out: str) -> None:
    assert found(quoted, quoted + left_out) == {"quote-cut": Severity.REVIEW}
    assert found(quoted + left_out, quoted + left_out) == {}


@pytest.mark.parametrize("sentence", ['"', "'", '""', "o", "*", '* "', "…'", "-"])
def test_a_sentence_that_is_all_dress_is_judged_and_not_released(sentence: str) -> None:
    """A document may hold one, and the library then says that it is a whole sentence of its own."""
    text = f"{sentence} Give iron daily."
    passage = Passage(
        id="p", document_id="d", section=(), start=0, end=len(text), text=text, sentences=(Sentence(0, len(sentence)),)
    )
    citation = Citation(passage_id="p", document="d", title="D", section="", start=0, end=len(sentence))
    quote = Quote(quote=sentence, source="Give iron daily.", citation=citation)
    claim = Claim(id="c", text="-", quotes=(quote,))
    findings = list(rule.check(Subject(claim=claim, passages={"p": passage})))
    assert [finding.severity is not Severity.INFO for finding in findings] == [True]


@pytest.mark.parametrize(
    "left_out",
    [
        "Once the fever has settled, ",
        "Upon discharge, ",
        "Depending on the weight, ",
        "Under specialist care, ",
        "During labour, ",
    ],
)
def test_a_quote_that_begins_behind_its_condition_goes_to_review(left_out: str) -> None:
    quote = "give ampicillin by slow injection."
    assert found(quote, left_out + quote) == {"quote-cut": Severity.REVIEW}


@pytest.mark.parametrize(
    ("quote", "swallowed"),
    [
        ("Use artesunate for … malaria.", "severe"),
        ("Do not give codeine to … mothers.", "breastfeeding"),
        ("Isoniazid is safe in … women.", "pregnant"),
        ("Give ondansetron … for vomiting.", "intravenously"),
        ("Weigh the child … at home.", "weekly"),
    ],
)
def test_an_ellipsis_may_not_swallow_whom_how_severe_or_by_which_route(quote: str, swallowed: str) -> None:
    assert found(quote, quote.replace("…", swallowed)) == {"quote-spliced": Severity.BLOCK}


@pytest.mark.parametrize(
    ("quote", "source"),
    [
        ("Keppra reduces seizures.", "Keppra® reduces seizures."),
        ("Keppra® reduces seizures.", "Keppra reduces seizures."),
        ("Give Keppra, then wait.", "Give Keppra ™, then wait."),
        ("* Weigh the child at home.", "Weigh the child at home."),
        ("o Weigh the child at home.", "Weigh the child at home."),
        ("- Weigh the child at home.", "Weigh the child at home."),
        ("“Weigh the child at home.", "Weigh the child at home."),
        ("Weigh the child at home.”", "Weigh the child at home."),
        ("Weigh the child (at home).", "Weigh the child (at home)"),
        ("The rate was 5 %.", "The rate was 5 %"),
        ("The child should be weighed at home.", "The child should be\nPage | 12\nweighed at home."),
        ("The child should be weighed at home.", "The child should be\n12 | Page\nweighed at home."),
        ("The child should be weighed at home.", "The child should be\n\n12 of 310\n\nweighed at home."),
    ],
)
def test_the_dress_of_a_copy_changes_nothing(quote: str, source: str) -> None:
    assert found(quote, source) == {}


@pytest.mark.parametrize(
    ("quote", "source"),
    [
        ("The trial treated patients.", "The trial treated\n12 of 310\npatients."),
        ("- 5 mg was given.", "5 mg was given."),
        ("* 5 mg was given.", "5 mg was given."),
        ("Give 50 mg of it.", "Give 5®0 mg of it."),
        ("Give 5\ue0010 mg of it.", "Give 50 mg of it."),
        ("A needle of 5 is used", 'A needle of 5" is used'),
        ("Avoid heparin.", "Avoid\nEnoxaparin and heparin."),
    ],
)
def test_what_looks_like_dress_and_is_not_is_kept(quote: str, source: str) -> None:
    assert found(quote, source) != {}
