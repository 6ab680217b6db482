"""Passages that were read once are not read again while their generation is live."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from guidelines import recent
from guidelines.recent import Recent


class Reader:
    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, passage_ids: Collection[str]) -> dict[str, str]:
        self.asked.append(list(passage_ids))
        return {pid: pid.upper() for pid in passage_ids if pid != "unknown"}


def test_only_what_is_not_kept_is_read() -> None:
    read = Reader()
    kept = Recent(read)
    assert kept.get(["a", "b"]) == {"a": "A", "b": "B"}
    assert kept.get(["b", "c"]) == {"b": "B", "c": "C"}
    assert kept.get(["a", "c"]) == {"a": "A", "c": "C"}
    assert read.asked == [["a", "b"], ["c"]]


def test_what_is_not_known_is_left_out_and_asked_for_again() -> None:
    read = Reader()
    kept = Recent(read)
    assert kept.get(["unknown"]) == kept.get(["unknown"]) == {}
    assert read.asked == [["unknown"], ["unknown"]]


def test_those_used_longest_ago_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "MOST", 2)
    read = Reader()
    kept = Recent(read)
    kept.get(["a", "b"])
    kept.get(["a"])
    kept.get(["c"])
    kept.get(["a", "c"])
    assert read.asked == [["a", "b"], ["c"]]
    kept.get(["b"])
    assert read.asked[-1] == ["b"]
