"""Small runs of the benches over real sentences; ``make bench-quotes`` and ``make bench-drafts`` run the full ones."""

from __future__ import annotations

import pytest

from checkers.types import Verdict
from tests.bench.bad_restatements import BAD
from tests.bench.drafts import attempts
from tests.bench.honest_restatements import HONEST
from tests.bench.quotes import measure, wilson
from tests.bench.sentences import CORPUS, Sample, samples

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus does not stand beside the repository"),
]


@pytest.fixture(scope="module")
def drawn() -> list[Sample]:
    return samples(400, seed=20)


def test_honest_copies_are_accepted_and_dishonest_ones_seen(drawn: list[Sample]) -> None:
    for tally in measure(drawn[:120], seed=20, most=60, fuzzy=False):
        assert tally.interval[1] >= tally.bar, (tally.name, tally.share, tally.wrong[:3])


def test_no_bad_draft_is_released(drawn: list[Sample]) -> None:
    leaked = [attempt for attempt in attempts(drawn, BAD, 300, seed=20) if attempt.verdict is Verdict.RELEASE]
    assert leaked == []


def test_honest_drafts_are_released(drawn: list[Sample]) -> None:
    made = list(attempts(drawn, HONEST, 300, seed=20))
    held = [attempt for attempt in made if attempt.verdict is not Verdict.RELEASE]
    assert 1 - len(held) / len(made) >= 0.95, held


def test_the_wilson_interval_is_the_one_of_the_books() -> None:
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
