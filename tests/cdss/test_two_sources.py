"""Answers from guidelines that disagree, and from a section that limits what it recommends: through the whole service."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient
from rich.console import Console

from cdss.api.app import create_app
from cdss.complete import MOST_CHARS, complete
from cdss.pipeline import Service, ask
from cdss.retrieve import Retrieval, retrieve
from cdss.server import open_service
from cdss.settings import Settings
from cdss.terminal import show
from cdss.types import Answer, Question
from checkers.run import run
from checkers.types import Draft, Verdict
from guidelines.index import Filters
from guidelines.library import open_library
from ingest.pipeline import add
from tests.cdss.conftest import lend, wait_until_ready

DAY = date(2026, 6, 1)
PNEUMONIA = "How much amoxicillin by mouth, and for how many days, for an adult with pneumonia?"
SEPSIS = "Dose of gentamicin for an adult with sepsis?"

DOCUMENTS = {
    "north.md": "# Pneumonia\n\n## Treatment in adults\n\n"
    "For an adult with pneumonia, give amoxicillin 500 mg by mouth three times a day for 5 days.\n",
    "south.md": "# Pneumonia\n\n## Treatment in adults\n\n"
    "For an adult with pneumonia, give amoxicillin 1 g by mouth three times a day for 7 days.\n",
    "old.md": "# Cellulitis\n\n## Treatment in adults\n\n"
    "For an adult with cellulitis, give flucloxacillin 500 mg by mouth for 7 days.\n",
    "new.md": "# Cellulitis\n\n## Treatment in adults\n\n"
    "For an adult with cellulitis, give flucloxacillin 1 g by mouth for 5 days.\n",
    "sepsis.md": "# Sepsis\n\n## Antibiotics in adults\n\n"
    "For an adult with sepsis, give gentamicin 5 mg/kg into a vein once a day. The hospital kitchen closes at eight. Do not "
    "give gentamicin in myasthenia gravis. The maximum of gentamicin is 400 mg a day.\n",
}
MANIFEST = """
[defaults]
status = "active"
population = ["adult"]
[[document]]
file = "north.md"
title = "Pneumonia, northern board"
edition = "2024"
effective_date = 2024-02-01
[[document]]
file = "south.md"
title = "Pneumonia, southern board"
edition = "2022"
effective_date = 2022-05-01
[[document]]
file = "old.md"
title = "Cellulitis"
work = "cellulitis"
edition = "2019"
effective_date = 2019-01-01
[[document]]
file = "new.md"
title = "Cellulitis"
work = "cellulitis"
edition = "2025"
effective_date = 2025-01-01
supersedes = ["2019"]
[[document]]
file = "sepsis.md"
title = "Sepsis"
edition = "2025"
effective_date = 2025-01-01
"""


@pytest.fixture(scope="module")
def disagreeing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder, home = tmp_path_factory.mktemp("documents"), tmp_path_factory.mktemp("home")
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "manifest.toml").write_text(MANIFEST, "utf-8")
    with open_library(Settings(home=home)) as library:
        assert add(library, [folder], actor="tests").published
    service = open_service(Settings(home=home))
    service.warm_up()
    yield service
    service.close()


def answer(question: str, service: Service) -> Answer:
    return Answer.model_validate_json(ask(Question(question=question), service, actor="tests", today=DAY))


def retrieved(question: str, service: Service) -> Retrieval:
    settings = service.settings.retrieval
    return retrieve(question, library=service.library, settings=settings, filters=Filters(), as_of=DAY)


def test_both_sides_are_given_side_by_side_with_edition_date_and_population(disagreeing: Service) -> None:
    got = answer(PNEUMONIA, disagreeing)
    by_parameter = {conflict.parameter: conflict for conflict in got.conflicts}
    assert set(by_parameter) == {"dose", "duration"}
    dose = by_parameter["dose"]
    assert dose.kind == "sources"
    assert dose.drug == "amoxicillin"
    assert {(side.figure, side.edition, side.effective_date) for side in dose.statements} == {
        ("500 mg", "2024", date(2024, 2, 1)),
        ("1 g", "2022", date(2022, 5, 1)),
    }
    for side in dose.statements:
        passage = disagreeing.library.passages([side.passage_id])[side.passage_id]
        assert passage.text[side.start : side.end] == side.text
        assert side.figure in side.text
        assert side.population == ("adult",)
        assert side.status.value == "active"


def test_no_side_is_released_in_silence(disagreeing: Service) -> None:
    got = answer(PNEUMONIA, disagreeing)
    told = [claim for claim in got.claims if claim.text and "amoxicillin" in claim.text]
    assert told
    for claim in told:
        assert claim.verdict is Verdict.REVIEW
        assert any(finding.rule == "conflict" for finding in claim.findings)
        assert any(claim.id in conflict.claims for conflict in got.conflicts)


def test_a_superseded_edition_that_says_otherwise_is_a_change_and_is_said(disagreeing: Service) -> None:
    got = answer("How long flucloxacillin by mouth, which dose, for an adult with cellulitis?", disagreeing)
    assert got.conflicts
    assert {conflict.kind for conflict in got.conflicts} == {"editions"}
    statuses = {side.edition: side.status.value for conflict in got.conflicts for side in conflict.statements}
    assert statuses == {"2019": "superseded", "2025": "active"}
    current = next(claim for claim in got.claims if claim.text and "1 g" in claim.text)
    assert current.verdict is Verdict.RELEASE
    assert any("Another edition" in finding.message for finding in current.findings)
    assert all(claim.verdict is Verdict.REVIEW for claim in got.claims if "500 mg" in (claim.text or ""))


def test_the_terminal_shows_both_sides(disagreeing: Service) -> None:
    console = Console(file=io.StringIO(), width=110)
    show(answer(PNEUMONIA, disagreeing), PNEUMONIA, console)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "Sources disagree: amoxicillin, dose" in shown
    assert any(line.split() in (["500", "mg", "1", "g"], ["1", "g", "500", "mg"]) for line in shown.splitlines())
    assert all(words in shown for words in ("2024-02-01", "2022-05-01", "northern board", "southern board"))


def test_http_gives_the_same(disagreeing: Service) -> None:
    app = create_app(lambda: lend(disagreeing))
    with TestClient(app) as client:
        wait_until_ready(client)
        body = client.post("/v1/ask", json={"question": PNEUMONIA, "as_of": "2026-06-01"}).json()
        page = client.get("/openapi.json").json()
    assert [len(conflict["statements"]) for conflict in body["conflicts"]] == [2, 2]
    assert {
        "text",
        "figure",
        "document",
        "title",
        "section",
        "page",
        "edition",
        "effective_date",
        "population",
        "status",
    } <= set(body["conflicts"][0]["statements"][0])
    assert {"Conflict", "Statement"} <= set(page["components"]["schemas"])


def test_a_claim_is_completed_with_what_its_section_limits(disagreeing: Service) -> None:
    got = answer(SEPSIS, disagreeing)
    told = next(claim for claim in got.claims if claim.text and "5 mg/kg" in claim.text)
    assert "myasthenia gravis" in (told.text or "")
    assert "400 mg a day" in (told.text or "")
    assert "kitchen" not in (told.text or "")
    assert told.verdict is Verdict.RELEASE
    for quote in told.quotes:
        passage = disagreeing.library.passages([quote.passage_id])[quote.passage_id]
        assert passage.text[quote.start : quote.end] == quote.quote
    assert any("myasthenia" in quote.quote for quote in told.quotes)


def test_completing_twice_adds_nothing_and_every_prefix_is_safe(disagreeing: Service) -> None:
    found = retrieved(SEPSIS, disagreeing)
    draft = disagreeing.backend.draft(SEPSIS, found)
    done = complete(draft, found)
    assert done != draft
    assert complete(done, found) == done
    for count in range(1, len(done.claims) + 1):
        prefix = Draft(claims=done.claims[:count])
        report = run(prefix, as_of=DAY, question=SEPSIS, passages=found.passages)
        assert all(finding.rule != "omission" for claim in report.claims for finding in claim.findings)


def test_what_is_not_completed_is_marked(disagreeing: Service) -> None:
    found = retrieved(SEPSIS, disagreeing)
    draft = disagreeing.backend.draft(SEPSIS, found)
    first = draft.claims[0].model_copy(update={"text": "Give gentamicin 5 mg/kg into a vein once a day."})
    assert "myasthenia" not in first.text
    report = run(Draft(claims=(first,)), as_of=DAY, question=SEPSIS, passages=found.passages)
    assert report.claims[0].verdict is not Verdict.RELEASE


def test_completing_is_bounded(disagreeing: Service) -> None:
    found = retrieved(SEPSIS, disagreeing)
    for before, after in zip(
        disagreeing.backend.draft(SEPSIS, found).claims,
        complete(disagreeing.backend.draft(SEPSIS, found), found).claims,
        strict=True,
    ):
        assert after.text.startswith(before.text)
        assert len(after.text) - len(before.text) <= MOST_CHARS
