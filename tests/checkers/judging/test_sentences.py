"""Our own sentences, each with its patient and the verdict that a pharmacist would give, judged by the real tables."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from checkers.types import Verdict
from tests.bench.verdicts import DEV, verdict_of

OWN = sorted((Path(__file__).parents[1] / "verdicts").glob("*.jsonl"))


def _counts(path: Path) -> Counter[tuple[str, str]]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return Counter((row["expected"], verdict_of(row).verdict) for row in rows)


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_our_own_sentences(path: Path) -> None:
    counts = _counts(path)
    unsafe = sum(count for (expected, _), count in counts.items() if expected == "unsafe")
    safe = sum(count for (expected, _), count in counts.items() if expected == "safe")
    assert counts["unsafe", Verdict.RELEASE] <= unsafe * 0.01
    assert counts["unsafe", Verdict.WITHHOLD] >= unsafe * 0.95
    assert counts["safe", Verdict.RELEASE] >= safe * 0.95
    assert counts["safe", Verdict.WITHHOLD] <= safe * 0.02
    assert counts["needs_review", Verdict.RELEASE] == 0


@pytest.mark.corpus
@pytest.mark.skipif(not DEV.is_file(), reason=f"{DEV} is absent")
def test_the_labelled_sentences() -> None:
    counts = _counts(DEV)
    assert counts["unsafe", Verdict.WITHHOLD] == sum(n for (kind, _), n in counts.items() if kind == "unsafe")
    assert counts["needs_review", Verdict.RELEASE] == 0
    assert counts["safe", Verdict.RELEASE] >= 39 / 40 * sum(n for (kind, _), n in counts.items() if kind == "safe")
