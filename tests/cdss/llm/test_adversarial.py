"""Drafts that are wrong by construction, through the whole service: a small number of what ``make bench-model`` asks."""

from __future__ import annotations

from cdss.service import Service
from tests.bench.adversarial import run


def test_nothing_wrong_is_released_and_nothing_breaks(service: Service) -> None:
    counted = run(service, 80, seed=7, budget_s=120)
    assert counted.drafts >= 20
    assert counted.withheld > 10
    assert counted.is_clean, (counted.leaked, counted.reviewed, counted.strange_figures, counted.crashes)
