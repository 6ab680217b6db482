"""Leaves a model alone that failed several times in a row, lest every question wait for a server that is down."""

from __future__ import annotations

import time
from collections.abc import Callable


class Breaker:
    """Closed: everybody passes. Open after ``failures`` in a row: nobody, for ``rest_s``. Then one passes, and decides."""

    def __init__(self, *, failures: int, rest_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._limit = failures
        self._rest_s = rest_s
        self._now = now
        self._failed = 0
        self._until = 0.0

    def passes(self) -> bool:
        """Whether the model may be asked now."""
        if self._failed < self._limit:
            return True
        if self._now() < self._until:
            return False
        self._until = self._now() + self._rest_s  # for whoever comes while this one tries
        return True

    def answered(self) -> None:
        """The model did what it was asked."""
        self._failed = 0

    def failed(self) -> None:
        """It did not."""
        self._failed += 1
        self._until = self._now() + self._rest_s
