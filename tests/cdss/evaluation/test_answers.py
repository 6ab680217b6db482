"""Cases asked of a real library on disk, and the report of them in each of its three forms."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cdss.evaluation.answers_run import run
from cdss.evaluation.cli import evaluate
from cdss.evaluation.page import html
from cdss.evaluation.places import fingerprint
from cdss.evaluation.report import AnswerReport
from cdss.settings import Settings

QUESTION = "Patiromer for a high potassium, how much a day?"
BINDER = """For an adult with hyperkalaemia who needs a slower-acting binder, patiromer 8.4 g by mouth once daily
is an option."""
CROUP = """For a child with severe croup, give dexamethasone 0.6 mg/kg by mouth or intramuscularly as a single dose; the maximum
is 16 mg."""
SOURDOUGH = """
[[case]]
id = "bread"
specialty = "baking"
question = "How long does <script> sourdough & rye prove?"
refuse = "not medicine"
"""


def case(
    question: str,
    *,
    words: str = BINDER,
    file: str = "hyperkalaemia-adults.md",
    section: str = "Remove potassium",
    figure: str = "8.4 g",
    about: str = "patiromer",
) -> str:
    count, digest = fingerprint(words)
    return (
        f'[[case]]\nid = "case-{len(question)}-{len(words)}"\nspecialty = "nephrology"\nquestion = "{question}"\n'
        f'gold = [{{ file = "{file}", section = "{section}", words = {count}, hash = "{digest}" }}]\n'
        f'figures = ["{figure}"]\nabout = ["{about}"]\npatient = {{ age_years = 52 }}\n'
    )


@pytest.fixture
def files(tmp_path: Path) -> Path:
    path = tmp_path / "cases.toml"
    parts = ('name = "small"\nas_of = 2026-01-01\n', case(QUESTION), SOURDOUGH)
    path.write_text("\n".join(parts))
    return path


@pytest.fixture
def report(files: Path, bundled_home: Path) -> AnswerReport:
    return run([files], Settings(), home=bundled_home)


def test_a_right_answer_and_a_right_refusal(report: AnswerReport) -> None:
    (asked,) = report.sets
    answered, refused = asked.judged
    assert answered.first
    assert not answered.missing
    assert not answered.unfaithful
    assert answered.shown
    assert refused.refused
    assert report.complaints == []


def test_nothing_is_written_to_the_library_that_is_asked(files: Path, bundled_home: Path) -> None:
    before = {path: path.stat().st_size for path in bundled_home.rglob("record*")}
    run([files], Settings(), home=bundled_home)
    assert {path: path.stat().st_size for path in bundled_home.rglob("record*")} == before


def test_cases_that_do_not_fit_their_document_are_set_apart(files: Path, bundled_home: Path) -> None:
    text = files.read_text()
    text += case("Changed?", words=BINDER.replace("8.4", "8.5")) + case("Absent?", file="none.md")
    files.write_text(text + case("Wrong figure?", figure="7 g"))
    report = run([files], Settings(), home=bundled_home)
    (asked,) = report.sets
    assert len(asked.judged) == 2
    assert len(asked.absent) == 1
    assert sorted(why for _, why in asked.unfit) == [
        "the figure '7 g' does not stand in the words that answer it",
        "the words that answer it are no longer in hyperkalaemia-adults.md",
    ]
    assert all(words in report.complaints[n] for n, words in enumerate(["small: look at case", "small: look at case"]))


class _Page(HTMLParser):
    """Notes open tags, ids and everything that would be fetched."""

    VOID = frozenset({"meta", "br", "img"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        given = dict(attrs)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value or "" for name, value in given.items() if name in ("href", "src")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_needs_nothing_else_and_names_every_plot(report: AnswerReport) -> None:
    text = html(report)
    page = _Page()
    page.feed(text)
    assert page.open == []
    assert not {"script", "link", "img", "iframe", "object"} & set(page.seen)
    assert len(page.ids) == len(set(page.ids))
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    assert not re.search(r"url\(|@import|https?:", text)
    svgs = re.findall(r"<svg.*?</svg>", text)
    assert len(svgs) == 4
    for svg in svgs:
        title, description = re.search(r'aria-labelledby="(\S+) (\S+)"', svg).groups()  # type: ignore[union-attr]
        assert f'<title id="{title}">' in svg
        assert f'<desc id="{description}">' in svg
    assert text.count("The same as a table") == 4
    assert "prefers-color-scheme: dark" in text


def test_what_a_question_holds_is_shown_and_not_run(report: AnswerReport) -> None:
    assert "How long does &lt;script&gt; sourdough &amp; rye prove?" in html(report)


def test_a_failing_case_shows_what_was_expected_and_what_was_cited(files: Path, bundled_home: Path) -> None:
    croup = {"words": CROUP, "file": "croup-children.md", "section": "Severe croup", "about": "dexamethasone"}
    files.write_text(files.read_text() + case("Mild croup steroid dose?", figure="0.6 mg/kg", **croup))
    report = run([files], Settings(), home=bundled_home)
    text = html(report)
    wrong = [one for one in report.judged if one.failures]
    assert wrong
    for one in wrong:
        card = text[text.index(f'id="small-{one.case.id}"') :]
        card = card[: card.index("</article>")]
        assert "croup-children.md" in card
        assert "0.6 mg/kg" in card
        assert "2 years" in card
        assert all(what in card for what in one.failures)


def cdss_eval(*arguments: object) -> Result:
    return CliRunner().invoke(evaluate, [str(each) for each in arguments])


def test_one_json_document_without_the_words_of_a_guideline(files: Path, bundled_home: Path, tmp_path: Path) -> None:
    done = cdss_eval("answers", files, "--home", bundled_home, "--json", "--html", tmp_path / "report.html")
    assert done.exit_code == 0, done.stderr
    figures = json.loads(done.stdout)["sets"]["small"]
    assert figures["passage_first"]["rate"] == 1.0
    assert figures["right_refusal"] == {
        "rate": 1.0,
        "hits": 1,
        "of": 1,
        "low": pytest.approx(0.2065, abs=1e-3),
        "high": 1.0,
    }
    assert set(figures["specialties"]) == {"baking", "nephrology"}
    assert "slower-acting" not in done.stdout
    assert (tmp_path / "report.html").read_text().startswith("<!doctype html>")


def test_a_table_for_people_and_a_broken_bound(files: Path, bundled_home: Path, tmp_path: Path) -> None:
    bounds = tmp_path / "bounds.toml"
    bounds.write_text("[small]\npassage_first = { least = 1.0 }\nright_refusal = { most = 0.5 }\n")
    done = cdss_eval("answers", files, "--home", bundled_home, "--thresholds", bounds)
    assert done.exit_code == 1
    assert "nephrology" in done.stdout
    assert "1 of 2 thresholds hold" in done.stdout
    assert done.stderr.endswith("cdss: small: right_refusal is 1.000, and has to be at most 0.5\n")


def test_mistakes_in_usage(files: Path, bundled_home: Path, tmp_path: Path) -> None:
    assert "holds no library" in cdss_eval("answers", files, "--home", tmp_path).stderr
    files.write_text('name = "x"\ndocuments = ["nowhere"]\n' + SOURDOUGH)
    done = cdss_eval("answers", files)
    assert done.exit_code == 2
    assert "nowhere, which the cases are about, is not there" in done.stderr
    assert cdss_eval("answers", files, files, "--home", bundled_home).exit_code == 2
    assert cdss_eval("answers").exit_code == 2


def test_the_place_of_a_sentence_is_printed_as_a_case_names_it(bundled_home: Path) -> None:
    done = cdss_eval("place", "dexamethasone 0.6 mg/kg by mouth", "--home", bundled_home)
    count, digest = fingerprint(CROUP)
    line = f'{{ file = "croup-children.md", section = "Severe croup", words = {count}, hash = "{digest}" }},\n'
    assert done.stdout == line
    elsewhere = cdss_eval("place", "dexamethasone 0.6 mg/kg by mouth", "--home", bundled_home, "--file", "malaria.md")
    assert elsewhere.exit_code == 1
    assert "no sentence of the library holds these words" in elsewhere.stderr
