"""The cases hold together, and the answers to them are as good as the thresholds say.

The bundled cases run wherever the tests do. The others need the corpus beside the repository, and are skipped without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cdss.evaluation.answers_run import run
from cdss.evaluation.cases import CaseFile, read_cases
from cdss.evaluation.report import AnswerReport
from cdss.evaluation.thresholds import read_thresholds
from cdss.settings import Settings
from tests.eval.test_questions import CORPUS, DEV_SETS, SETS, load, needs_corpus, words

HERE = Path(__file__).parent
BUNDLED, ON_CORPUS = HERE / "answers_bundled.toml", HERE / "answers_corpus.toml"
THRESHOLDS = HERE / "thresholds.toml"


def both() -> Iterator[CaseFile]:
    yield from map(read_cases, (BUNDLED, ON_CORPUS))


def test_enough_cases_in_enough_specialties_of_every_kind() -> None:
    bundled, corpus = both()
    cases = [*bundled.case, *corpus.case]
    assert len(cases) >= 80
    assert len(bundled.case) >= 35
    assert len({case.specialty for case in cases}) >= 10
    assert len({case.specialty for case in bundled.case}) >= 10
    assert sum(case.refuse is not None for case in cases) >= 15
    assert sum(case.patient is not None for case in cases) >= 25
    assert sum(bool(case.figures) for case in cases) >= 80
    assert all(len(words(gold.section)) <= 10 for case in cases for gold in case.gold)


def test_no_case_is_a_question_of_another_set() -> None:
    cases = [case for cases in both() for case in cases.case]
    assert len({case.id for case in cases}) == len({case.question for case in cases}) == len(cases)
    others = [question for name in (*SETS, *DEV_SETS, "questions_out_of_scope.toml") for question in load(name)]
    assert not {" ".join(words(case.question)) for case in cases} & {" ".join(words(q["text"])) for q in others}


def test_every_file_of_cases_has_bounds_and_every_bound_is_on_the_side_of_what_was_measured() -> None:
    bounds = read_thresholds(THRESHOLDS).root
    assert set(bounds) == {cases.name for cases in both()}
    for of_set in bounds.values():
        assert of_set["fidelity"].least == 1.0
        for name, bound in of_set.items():
            assert bound.measured is not None, name
            slack = bound.measured - bound.least if bound.least is not None else (bound.most or 0) - bound.measured
            assert 0 <= slack <= (0.13 if not name.endswith("_ms") else 3000), name


def test_every_gold_document_is_in_the_library_that_is_built() -> None:
    for path, cases in zip((BUNDLED, ON_CORPUS), both(), strict=True):
        if path == ON_CORPUS and not CORPUS.is_dir():
            continue
        named = [path.parent / each for each in cases.documents]
        files = {file.name for each in named for file in ([each] if each.is_file() else each.iterdir())}
        assert {gold.file for case in cases.case for gold in case.gold} <= files


def measured(path: Path) -> AnswerReport:
    return run([path], Settings(), home=None, thresholds=read_thresholds(THRESHOLDS))


def assert_holds(report: AnswerReport) -> None:
    (asked,) = report.sets
    assert not asked.absent
    assert not report.complaints, "\n".join(
        [*report.complaints, *(f"{one.case.id}: {'; '.join(one.failures)}" for one in asked.judged if one.failures)]
    )


@pytest.mark.slow
def test_answers_on_the_bundled_guidelines() -> None:
    assert_holds(measured(BUNDLED))


@pytest.mark.slow
@pytest.mark.corpus
@needs_corpus
def test_answers_on_the_corpus() -> None:
    assert_holds(measured(ON_CORPUS))
