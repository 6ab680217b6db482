"""Candidates that were read once are not read again while their generation is live."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pytest

from guidelines import candidates
from guidelines.candidates import Candidate, RecentCandidates
from guidelines.embedding import PassageVectors


def candidate(passage_id: str) -> Candidate:
    vectors = PassageVectors(np.zeros(2, np.float32), np.zeros((1, 2), np.int8))
    return Candidate(passage_id, "d", (), passage_id, vectors)


class Reader:
    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, passage_ids: Collection[str]) -> dict[str, Candidate]:
        self.asked.append(list(passage_ids))
        return {pid: candidate(pid) for pid in passage_ids if pid != "unknown"}


def test_only_what_is_not_kept_is_read() -> None:
    recent, read = RecentCandidates("1"), Reader()
    assert set(recent.get(["a", "b"], read)) == {"a", "b"}
    assert set(recent.get(["b", "c"], read)) == {"b", "c"}
    assert set(recent.get(["a", "c"], read)) == {"a", "c"}
    assert read.asked == [["a", "b"], ["c"]]


def test_what_is_not_known_is_left_out_and_asked_for_again() -> None:
    recent, read = RecentCandidates("1"), Reader()
    assert recent.get(["unknown"], read) == recent.get(["unknown"], read) == {}
    assert read.asked == [["unknown"], ["unknown"]]


def test_those_used_longest_ago_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(candidates, "RECENT", 2)
    recent, read = RecentCandidates("1"), Reader()
    recent.get(["a", "b"], read)
    recent.get(["a"], read)
    recent.get(["c"], read)
    recent.get(["a", "c"], read)
    assert read.asked == [["a", "b"], ["c"]]
    recent.get(["b"], read)
    assert read.asked[-1] == ["b"]
