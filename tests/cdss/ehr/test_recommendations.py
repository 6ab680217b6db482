"""The quoted recommendation of a drug: looked up once for a generation of the library, however many calls ask for it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient

from cdss.ehr import recommend
from cdss.ehr.order_cards import _is_on_topic
from cdss.ehr.recommend import Recommendations, Recommended
from cdss.pipeline import Service
from checkers.types import Finding, Severity
from guidelines.errors import LibraryError
from tests.cdss.ehr.calls import call, chart, draft
from tests.cdss.fhir.builders import dosage, patient

TODAY = date.today()  # noqa: DTZ011
TOO_MUCH = draft("Metformin", dosage(9, "g"))


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The questions that the library was asked."""
    asked: list[str] = []
    look: Callable[..., Any] = recommend.retrieve

    def counted(question: str, **how: Any) -> Any:
        asked.append(question)
        return look(question, **how)

    monkeypatch.setattr(recommend, "retrieve", counted)
    return asked


def test_many_calls_at_once_look_up_a_drug_once(with_ehr: Callable[..., TestClient], looked_up: list[str]) -> None:
    client = with_ehr()

    def detail(year: int) -> str:
        prefetch = chart(TODAY.isoformat(), patient=patient(birth=f"{year}-01-01"))
        body = call("cdss-order-sign", TOO_MUCH, prefetch=prefetch)
        (card,) = client.post("/cds-services/cdss-order-sign", json=body).json()["cards"]
        return str(card["detail"])

    with ThreadPoolExecutor(8) as pool:
        details = list(pool.map(detail, range(1970, 1990)))
    assert all("\n> " in one for one in details), "each card has its quote"
    assert len(looked_up) == 1, looked_up


def library(generation: str) -> Service:
    live = SimpleNamespace(generation=SimpleNamespace(id=generation))
    return cast(Service, SimpleNamespace(library=SimpleNamespace(live=lambda: live)))


def about(_one: Recommended) -> bool:
    return True


def test_a_new_generation_and_a_new_drug_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(recommend, "_look_up", lambda _service, question, _as_of: asked.append(question) or ())
    found = Recommendations()
    for generation in ("one", "one", "two", "two"):
        for question in ("warfarin dose", "ibuprofen dose"):
            found.find(library(generation), question, as_of=TODAY, about=about)
    assert asked == ["warfarin dose", "ibuprofen dose"] * 2


def test_what_could_not_be_looked_up_is_looked_up_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object) -> tuple[Recommended, ...]:
        raise LibraryError("gone")

    found, told = Recommendations(), Recommended("Give it.", cast(Any, None))
    monkeypatch.setattr(recommend, "_look_up", broken)
    assert found.find(library("one"), "warfarin dose", as_of=TODAY, about=about) == ()
    monkeypatch.setattr(recommend, "_look_up", lambda *_given: (told,))
    assert found.find(library("one"), "warfarin dose", as_of=TODAY, about=about) == (told,)


@pytest.mark.parametrize(
    ("text", "is_about"),
    [
        ("For an adult with pneumonia, give doxycycline 100 mg twice daily as an alternative to amoxicillin.", False),
        ("For an adult with pneumonia, give amoxicillin 1 g by mouth three times daily.", True),
        ("For an adult with pneumonia, give amoxicillin.", False),
    ],
)
def test_a_dose_is_quoted_only_of_the_very_drug(text: str, is_about: bool) -> None:
    finding = Finding(rule="dose-maximum-daily", severity=Severity.BLOCK, message="Too much.")
    told = Recommended(text, cast(Any, None))
    assert _is_on_topic(told, drug="amoxicillin", finding=finding) is is_about
