"""The page in a real browser, over the real service, launched from the tests' own EHR."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from cdss.api.app import create_app
from cdss.keys import Keys
from cdss.pipeline import Service
from cdss.settings import EhrSettings
from tests.cdss.conftest import lend
from tests.cdss.ehr.ehr_server import EhrServer, serving

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SCREENSHOTS = Path(os.environ.get("CDSS_SCREENSHOTS", ".artefacts/screenshots"))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: the page was not tried in a browser (apt-get install chromium)")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield opened
        opened.close()


@pytest.fixture
def site(service: Service, ehr: EhrServer, tmp_path: Path) -> Iterator[str]:
    """The base address of the service, open to a launch from ``ehr``."""
    settings = service.settings.model_copy(
        update={"ehr": EhrSettings(fhir_servers=(ehr.fhir,), smart_client_id="cdss"), "home": tmp_path / "home"}
    )
    lent = lend(service, settings=settings)
    with serving(create_app(lambda: lent, hosts=frozenset(), keys=Keys.of(settings.home))) as base:
        for _ in range(10_000):  # bounded by the start itself, which cannot hang
            if httpx.get(f"{base}/readyz").status_code == 200:
                break
        yield base


@dataclass
class Watched:
    """A page, with what went wrong in it and whatever it asked of other hosts."""

    page: Page
    site: str
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ("404", "ask/stream")

    def open(self, path: str = "/app/") -> Page:
        self.page.goto(f"{self.site}{path}")
        self.page.wait_for_selector("#examples li", state="attached")
        return self.page

    def ask(self, question: str) -> None:
        self.page.fill("#question", question)
        self.page.click("#ask button[type=submit]")
        self.page.wait_for_selector("#provenance:not(:empty)", timeout=60_000)


@pytest.fixture
def watch(browser: Browser, site: str, ehr: EhrServer) -> Iterator[Callable[..., Watched]]:
    """Opens a browser window; at the end nothing may have gone wrong or been loaded from elsewhere."""
    contexts: list[BrowserContext] = []
    windows: list[Watched] = []

    def open_one(width: int = 400, scheme: str = "light", **more: object) -> Watched:
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, **more)  # type: ignore[arg-type]
        contexts.append(context)
        watched = Watched(context.new_page(), site)
        windows.append(watched)
        ours = {urlsplit(site).netloc, urlsplit(ehr.base).netloc}
        watched.page.on("console", lambda said: watched.errors.append(said.text) if said.type == "error" else None)
        watched.page.on("pageerror", lambda error: watched.errors.append(str(error)))
        watched.page.on(
            "request", lambda one: None if urlsplit(one.url).netloc in ours else watched.elsewhere.append(one.url)
        )
        return watched

    yield open_one
    for context in contexts:
        context.close()
    for one in windows:
        wrong = [said for said in one.errors if not any(words in said for words in one.expected)]
        assert not wrong
        assert not one.elsewhere
