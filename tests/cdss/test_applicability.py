"""What is for others is left out or moved down, and never silently."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest

from cdss.applicability import asked, fit, meant_for, twins
from cdss.audit import Record
from cdss.llm import BACKENDS
from cdss.people import GROWN, MINORS, Band, People
from cdss.pipeline import Service, ask
from cdss.settings import Settings, SiteSettings
from cdss.types import Answer, AnswerStatus, Question
from checkers.types import Patient
from guidelines.library import open_library
from guidelines.types import Passage
from ingest.pipeline import add
from tests.guidelines.test_index import head

TODAY = date(2026, 11, 24)

ADULTS = "# Wheeze in adults\n\n## Treatment\n\nGive zefirol 400 mg by mouth every 8 hours for wheeze in an adult.\n"
CHILDREN = (
    "# Wheeze in children\n\n## Treatment\n\nGive zefirol 5 mg/kg by mouth every 8 hours for wheeze in a child.\n"
)
MIXED = """\
# Relapsing fever in the tropics

## Dose in adults

Give zefirol 700 mg by mouth once daily for relapsing fever.

## Dose in children

Give zefirol 9 mg/kg by mouth once daily for relapsing fever.

## Pregnancy

Do not give zefirol for relapsing fever in pregnancy.
"""
ADULT_ONLY = (
    "# Gallstones in adults\n\n## Treatment\n\nGive marandol 50 mg by mouth every 6 hours for gallstone pain.\n"
)
HERE = "# Burns\n\n## Cooling\n\nCool a fresh burn with running water for 20 minutes.\n"
THERE = "# Burns\n\n## First aid\n\nHold the burn under cool tap water, at least 10 minutes, when it is fresh.\n"
MANIFEST = """\
[[document]]
file = "adults.md"
population = ["adult"]
[[document]]
file = "children.md"
population = ["child"]
[[document]]
file = "gallstones.md"
population = ["adult"]
[[document]]
file = "here.md"
jurisdiction = "NG"
setting = ["primary"]
[[document]]
file = "there.md"
jurisdiction = "US"
setting = ["prehospital"]
"""


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Answer]]:
    """Asks a library of small made-up documents."""
    folder = tmp_path_factory.mktemp("applicability")
    texts = {
        "adults.md": ADULTS, "children.md": CHILDREN, "fever.md": MIXED, "gallstones.md": ADULT_ONLY,
        "here.md": HERE, "there.md": THERE, "manifest.toml": MANIFEST,
    }  # fmt: skip
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    settings = Settings(home=folder / "home")
    with open_library(settings) as library:
        add(library, [folder / name for name in texts if name.endswith(".md")], actor="tests")
        record = Record.open(folder / "home", tenant="default")

        def answered(question: str, site: SiteSettings | None = None, **more: object) -> Answer:
            own = settings.model_copy(update={"site": site or SiteSettings()})
            service = Service(settings=own, library=library, record=record, backend=BACKENDS["extractive"](own))
            put = Question.model_validate({"question": question, **more})
            return Answer.model_validate_json(ask(put, service, actor="tests", today=TODAY))

        yield answered
        record.close()


def said(got: Answer) -> str:
    return " ".join(claim.text or "" for claim in got.claims)


@pytest.mark.parametrize("more", [{"patient": {"age_years": 4}}, {}])
def test_a_child_does_not_get_the_dose_of_an_adult(answer: Callable[..., Answer], more: dict[str, object]) -> None:
    got = answer("zefirol dose for wheeze" + ("" if more else " in a 4-year-old"), **more)
    assert "5 mg/kg" in (got.claims[0].text or "")
    assert "400 mg" not in said(got)
    (left,) = [each for each in got.left_out if each.title == "Wheeze in adults"]
    assert left.effect == "left out"
    assert "for adults" in left.reason
    assert "children" in left.reason


def test_an_adult_does_not_get_the_dose_of_a_child(answer: Callable[..., Answer]) -> None:
    got = answer("zefirol dose for wheeze", patient={"age_years": 40})
    assert "400 mg" in (got.claims[0].text or "")
    assert "5 mg/kg" not in said(got)
    assert "Wheeze in children" in {left.title for left in got.left_out}


def test_nothing_is_left_out_where_nobody_is_spoken_of(answer: Callable[..., Answer]) -> None:
    got = answer("zefirol dose for wheeze")
    assert got.left_out == ()
    assert "400 mg" in said(got)
    assert "5 mg/kg" in said(got)


@pytest.mark.parametrize(("age", "dose", "other"), [(7, "9 mg/kg", "700 mg"), (44, "700 mg", "9 mg/kg")])
def test_headings_say_whom_a_section_is_for(answer: Callable[..., Answer], age: int, dose: str, other: str) -> None:
    got = answer("zefirol dose in relapsing fever", patient={"age_years": age})
    assert dose in (got.claims[0].text or "")
    assert other not in said(got)


def test_what_is_said_of_pregnancy_reaches_a_pregnant_patient(answer: Callable[..., Answer]) -> None:
    got = answer("zefirol in relapsing fever", patient={"age_years": 29, "pregnant": True})
    assert "Do not give zefirol" in said(got)
    man = answer("zefirol in relapsing fever", patient={"age_years": 29, "sex": "male"})
    assert any("pregnancy" in left.reason and left.effect == "moved down" for left in man.left_out)


def test_the_only_answer_is_not_hidden_silently(answer: Callable[..., Answer]) -> None:
    got = answer("marandol dose for gallstone pain", patient={"age_years": 5})
    assert got.status is AnswerStatus.ABSTAINED
    (left,) = [each for each in got.left_out if each.title == "Gallstones in adults"]
    assert left.reason == "for adults; the question is about children"
    assert answer("marandol dose for gallstone pain", patient={"age_years": 50}).status is AnswerStatus.ANSWERED


def test_a_filter_of_the_user_is_obeyed(answer: Callable[..., Answer]) -> None:
    got = answer("zefirol dose for wheeze", patient={"age_years": 4}, filters={"population": "adult"})
    assert "400 mg" in said(got)
    assert "5 mg/kg" not in said(got)
    assert got.left_out == ()


def test_question_and_patient_that_disagree_leave_nothing_out(answer: Callable[..., Answer]) -> None:
    got = answer("zefirol dose for wheeze in a child", patient={"age_years": 40})
    assert not [left for left in got.left_out if left.effect == "left out"]
    assert any("Whom this is about is not clear" in notice for notice in got.notices)


@pytest.mark.parametrize("site", [SiteSettings(jurisdiction="NG"), SiteSettings.model_validate({"setting": "primary"})])
def test_what_is_from_elsewhere_comes_later_and_is_not_hidden(
    answer: Callable[..., Answer], site: SiteSettings
) -> None:
    got = answer("how long to cool a fresh burn with water", site)
    assert "20 minutes" in (got.claims[0].text or "")
    assert "10 minutes" in said(got)
    (left,) = got.left_out
    assert left.effect == "moved down"
    assert "this site" in left.reason


def test_paired_protocols_tell_whom_they_are_for() -> None:
    grown, child = (
        head(name, publisher="County", reference=f"Ref. No. {number}")
        for name, number in (("a", "1219"), ("b", "1219-P"))
    )
    alone = head("c", publisher="County", reference="Ref. No. 1300")
    pairs = twins([grown, child, alone])
    assert meant_for(grown, (), pairs).bands == GROWN
    assert meant_for(child, (), pairs).bands == MINORS
    assert meant_for(alone, (), pairs) == People()
    assert meant_for(grown, ("Pediatric dose",), pairs).bands == MINORS


def test_metadata_that_a_person_states_overrule_the_title() -> None:
    both = replace(head("a", population=("adult", "child")), title="Asthma in children")
    assert meant_for(both, ("Asthma in children", "Treatment"), {}).bands == MINORS | GROWN


def test_neighbouring_ages_are_moved_down_only() -> None:
    passage = Passage(id="p", document_id="a", section=("Newborns",), start=0, end=4, text="Give", sentences=())
    got = fit(People(frozenset({Band.CHILD})), passage.section, head("a"), {}, SiteSettings())
    assert not got.excluded
    assert got.factor < 1
    assert got.reason == "for newborns; the question is about children"


def test_what_the_patient_adds_is_told_to_the_search_once() -> None:
    assert asked("amoxicillin dose", Patient(age_years=3)).told == "child"
    assert asked("amoxicillin dose for a 3-year-old", Patient(age_years=3)).told == ""
    assert asked("may I give lisinopril", Patient(age_years=30, pregnant=True)).told == "adult, in pregnancy"
    assert asked("lisinopril in pregnancy", Patient(pregnant=True)).told == ""
