"""A file of cases is refused with the name of the case and what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdss.errors import InvalidInput
from cdss.evaluation.cases import read_cases

HEAD = 'name = "Ours"\n'
GOOD = """
[[case]]
id = "one"
specialty = "surgery"
question = "How much?"
patient = { age_years = 4 }
gold = [{ file = "a.md", section = "B", words = 3, hash = "0123456789ab" }]
figures = ["5 mg"]
about = ["drug"]
"""


def read(tmp_path: Path, text: str) -> object:
    path = tmp_path / "cases.toml"
    path.write_text(text)
    return read_cases(path)


def test_a_case_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "cases.toml").write_text(HEAD + GOOD)
    (case,) = read_cases(tmp_path / "cases.toml").case
    assert case.patient is not None
    assert case.patient.age_years == 4
    assert case.gold[0].words == 3


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('hash = "0123456789ab"', 'hash = "xyz"'), "case one, gold.0.hash"),
        (('["5 mg"]', '["some"]'), "case one: Value error, a figure is one number or range with its unit"),
        (('id = "one"', 'id = "One!"'), "case One!, id"),
        (('about = ["drug"]', 'colour = "red"'), "case one, colour: Extra inputs"),
        (("age_years = 4", "age = 4"), "case one, patient.age"),
        (('about = ["drug"]', 'refuse = "none"'), "either gold places or a reason to refuse"),
        (("gold = ", "golden = "), "case one"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        read(tmp_path, HEAD + GOOD.replace(*change))
    assert says in str(raised.value)
    assert str(raised.value).startswith("cases.toml")


def test_a_case_to_refuse_has_no_figures(tmp_path: Path) -> None:
    text = GOOD.replace(GOOD[GOOD.index("gold") : GOOD.index("figures")], 'refuse = "not medicine"\n')
    with pytest.raises(InvalidInput, match="to be refused has no figures"):
        read(tmp_path, HEAD + text)


def test_ids_and_questions_stand_once(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="the id 'one' stands there more than once"):
        read(tmp_path, HEAD + GOOD + GOOD)
    with pytest.raises(InvalidInput, match="the question 'How much"):
        read(tmp_path, HEAD + GOOD + GOOD.replace('"one"', '"two"'))


@pytest.mark.parametrize("text", ["", "name = ", HEAD, "case = 3\n" + HEAD])
def test_files_without_cases(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput, match=r"cases\.toml"):
        read(tmp_path, text)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_cases(tmp_path / "none.toml")
