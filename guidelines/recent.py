"""What was read last of one generation, so that the same passages are not read again for every question."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from typing import Generic, TypeVar

T = TypeVar("T")

MOST = 4096
"""Passages that are kept, at about six kilobytes each: the questions of one ward meet the same ones again and again."""


class Recent(Generic[T]):
    """What ``read`` says of passages, by id. Safe to share between threads."""

    def __init__(self, read: Callable[[Collection[str]], Mapping[str, T]]) -> None:
        self._read = read
        self._kept: OrderedDict[str, T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, passage_ids: Collection[str]) -> dict[str, T]:
        """By passage id; those that ``read`` does not know are left out."""
        with self._lock:
            found = {pid: self._kept[pid] for pid in passage_ids if pid in self._kept}
        missing = [pid for pid in passage_ids if pid not in found]
        fresh = dict(self._read(missing)) if missing else {}
        with self._lock:
            for pid in found.keys() & self._kept.keys():
                self._kept.move_to_end(pid)
            self._kept |= fresh
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return found | fresh
