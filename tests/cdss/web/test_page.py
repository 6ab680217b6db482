"""The page as a clinician uses it, in Chromium: from the launch to the decision, by keyboard, in both schemes and widths."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from cdss.keys import Keys
from checkers.types import Verdict
from tests.cdss.ehr.conftest import ehr  # noqa: F401
from tests.cdss.ehr.ehr_server import EhrServer
from tests.cdss.fhir.builders import allergy, condition, measured, patient
from tests.cdss.web.answers import answer, as_json, as_stream, claim
from tests.cdss.web.conftest import SCREENSHOTS, Watched

Watch = Callable[..., Watched]
TODAY = date.today().isoformat()  # noqa: DTZ011
OTITIS = "What dose of amoxicillin for a child with acute otitis media?"


def fill(server: EhrServer) -> None:
    three = f"{date.today().year - 3}-01-01"  # noqa: DTZ011
    server.resources += [
        patient(birth=three, gender="male"),
        measured("29463-7", 14, "kg", TODAY),
        measured("2160-0", 0.4, "mg/dL", "2020-01-01"),
        condition("<img src=x onerror=document.title='owned'>"),
        allergy("No known allergies"),
    ]
    server.launches["l1"] = {"patient": "p1", "appContext": '{"question": "amoxicillin dose"}'}


def answered_with(page: Page, body: str, *, stream: bool = False) -> None:
    """The service answers every question with ``body``."""
    if stream:
        page.route("**/v1/ask/stream", lambda route: route.fulfill(body=body, content_type="text/event-stream"))
    else:
        page.route("**/v1/ask/stream", lambda route: route.fulfill(status=404, body="{}"))
        page.route("**/v1/ask", lambda route: route.fulfill(body=body, content_type="application/json"))


def no_violations(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_from_the_launch_to_the_decision(watch: Watch, ehr: EhrServer, site: str) -> None:  # noqa: F811
    fill(ehr)
    window = watch()
    page = window.open(f"/app/launch?iss={ehr.fhir}&launch=l1")
    expect(page.locator("#patient-line")).to_contain_text("3 y · male · 14 kg · kidney function unknown · no allergies")
    expect(page.locator("#gaps")).to_contain_text("2020-01-01 is stale")
    expect(page.locator("#question")).to_have_value("amoxicillin dose")
    window.ask(OTITIS)
    expect(page.locator(".claim .dose").first).to_contain_text("14 kg")
    assert page.title() == "cdss: clinical decision support"
    page.locator("summary", has_text="Facts").click()
    page.fill("[name=weight_kg]", "20")
    expect(page.locator("#stage")).to_contain_text("A fact has changed")
    window.ask(OTITIS)
    expect(page.locator(".claim .dose").first).to_contain_text("20 kg")
    page.get_by_role("button", name="Show in the document").first.click()
    mark = page.locator("dialog mark")
    expect(mark).to_contain_text("amoxicillin")
    expect(mark).to_be_in_viewport()
    page.keyboard.press("Escape")
    page.get_by_label("Reject").check()
    page.get_by_role("button", name="Save the decision").click()
    expect(page.locator("#review-said")).to_be_empty()
    page.fill("#review-reason", "other local policy")
    page.get_by_role("button", name="Save the decision").click()
    expect(page.locator("#review-said")).to_contain_text("Saved: reject")
    name = (page.locator("#provenance").text_content() or "").split()[1]
    (kept,) = httpx.get(f"{site}/v1/answers/{name}/reviews").json()
    assert (kept["decision"], kept["reason"]) == ("reject", "other local policy")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_violates_wcag_and_it_looks_as_it_should(watch: Watch, ehr: EhrServer, width: int, scheme: str) -> None:  # noqa: F811
    fill(ehr)
    window = watch(width, scheme)
    page = window.open(f"/app/launch?iss={ehr.fhir}&launch=l1")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)

    def look(name: str, **how: Any) -> None:
        no_violations(page)
        page.screenshot(path=SCREENSHOTS / f"{name}-{width}-{scheme}.png", **how)
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    look("launched", full_page=True)
    window.ask(OTITIS)
    look("answered", full_page=True)
    page.get_by_role("button", name="Show in the document").first.click()
    page.wait_for_selector("mark")
    look("passage")
    page.keyboard.press("Escape")
    mixed = answer(
        claim(1), claim(2, Verdict.REVIEW), claim(3, Verdict.WITHHOLD, None), notices=("call for help first",)
    )
    answered_with(page, as_json(mixed))
    window.ask("anything")
    page.get_by_label("Edit").check()
    look("mixed", full_page=True)


def test_by_keyboard_alone(watch: Watch) -> None:
    window = watch()
    page = window.open()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type(OTITIS)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#provenance:not(:empty)", timeout=60_000)
    expect(page.locator("#answer-heading")).to_be_focused()
    page.keyboard.press("Tab")
    show = page.get_by_role("button", name="Show in the document").first
    expect(show).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("dialog mark")).to_be_visible()
    page.keyboard.press("Escape")
    expect(show).to_be_focused()


def test_what_is_withheld_is_shown_as_withheld_without_its_text(watch: Watch) -> None:
    window = watch()
    page = window.open()
    answered_with(page, as_json(answer(claim(1), claim(2, Verdict.REVIEW), claim(3, Verdict.WITHHOLD, None))))
    window.ask("anything")
    held = page.locator(".claim.withhold")
    expect(held).to_contain_text("Withheld")
    expect(held).to_contain_text("with an allergy to penicillin")
    expect(held.locator(".text")).to_have_count(0)
    expect(page.locator(".claim.review")).to_contain_text("For your review")
    expect(page.locator(".conflict .sides > *")).to_have_count(2)
    expect(page.locator("cite").first).to_contain_text("Ear <b>infection</b> · Treatment · edition 2024 · page 3")
    page.get_by_role("button", name="Fill in").click()
    expect(page.locator("[name=weight_kg]")).to_be_focused()


def test_an_emergency_is_answered_first_with_the_call_for_help(watch: Watch) -> None:
    page = watch().open()
    page.route("**/v1/ask*", lambda _route: None)
    page.route("**/v1/ask/stream", lambda _route: None)
    page.fill("#question", "A child has stopped breathing")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("call for help first")
    expect(page.locator("#claims li")).to_have_count(0)


def test_a_stream_is_shown_as_it_comes(watch: Watch) -> None:
    window = watch()
    page = window.open()
    answered_with(page, as_stream(answer(claim(1), claim(2))), stream=True)
    window.ask("anything")
    expect(page.locator(".claim")).to_have_count(2)
    page.unroute_all()
    answered_with(page, as_stream(answer(claim(1), claim(2)), cut=True), stream=True)
    page.click("#ask button[type=submit]")
    expect(page.locator("#stage")).to_contain_text("cut off")
    expect(page.locator("#review")).to_be_hidden()


def test_copy_has_the_citations_and_nothing_withheld(watch: Watch) -> None:
    window = watch(permissions=["clipboard-read", "clipboard-write"])
    page = window.open()
    answered_with(page, as_json(answer(claim(1), claim(2, Verdict.WITHHOLD, None))))
    window.ask("How long?")
    page.get_by_role("button", name="Copy with citations").click()
    expect(page.locator("#stage")).to_contain_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "1. Give amoxicillin for 7 days.\n   Ear <b>infection</b> · Treatment · edition 2024 · page 3" in copied
    assert "2. [withheld]" in copied


def test_print_shows_the_answer_and_no_controls(watch: Watch) -> None:
    window = watch()
    page = window.open()
    answered_with(page, as_json(answer(claim(1))))
    window.ask("How long?")
    page.emulate_media(media="print")
    expect(page.locator(".claim .text")).to_be_visible()
    for hidden in ("#ask", "#review", "#after", ".claim button"):
        expect(page.locator(hidden).first).to_be_hidden()


def test_a_refusal_is_said_and_a_fact_that_is_no_number_is_named(watch: Watch) -> None:
    window = watch()
    page = window.open()
    page.locator("summary", has_text="Facts").click()
    page.fill("[name=weight_kg]", "about 14")
    page.fill("#question", OTITIS)
    page.click("#ask button[type=submit]")
    expect(page.locator("#stage")).to_contain_text("weight_kg")
    window.errors.clear()


def test_the_policy_lets_nothing_else_run_or_load(site: str) -> None:
    got = httpx.get(f"{site}/app/")
    policy = got.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert "<script>" not in got.text
    assert "style=" not in got.text
    assert got.headers["x-content-type-options"] == "nosniff"
    assert httpx.get(f"{site}/app/../pyproject.toml").status_code == 404
    assert httpx.get(f"{site}/", follow_redirects=False).headers["location"] == "/app/"


def test_a_service_with_keys_asks_for_one_and_the_page_forgets_it(watch: Watch, tmp_path: Path) -> None:
    key = Keys.of(tmp_path / "home").add("ward", ("ask", "read", "review"))
    window = watch()
    window.expected += ("401",)
    page = window.open()
    assert page.locator("#key").is_hidden()
    page.fill("#question", OTITIS)
    page.keyboard.press("Control+Enter")
    field = page.locator("#key-field")
    expect(field).to_be_focused()
    expect(page.locator("#stage")).to_contain_text("give your API key above")
    no_violations(page)
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.locator("#key")).to_be_visible()  # it was hidden when the wrong key was taken
    expect(field).to_be_focused()
    page.keyboard.type(key)
    page.keyboard.press("Enter")
    page.wait_for_selector("#provenance:not(:empty)", timeout=60_000)
    assert page.locator("#key").is_hidden()
    expect(page.locator(".claim").first).to_contain_text("amoxicillin")
    assert page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])") == '[{},{},""]'
