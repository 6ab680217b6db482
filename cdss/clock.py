"""What day it is, and how long each stage of a question took."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime


def today() -> date:
    """The day by which answers are judged, where this machine stands."""
    return datetime.now().astimezone().date()


class Clock:
    """Milliseconds of each stage, summed where a stage comes again, and of all together."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the block to ``name``."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.add(name, time.perf_counter() - began)

    def add(self, name: str, seconds: float) -> None:
        """Count ``seconds`` to ``name``."""
        self._stages[name] = self._stages.get(name, 0.0) + seconds

    def mark(self, name: str) -> None:
        """Note when ``name`` happened first, from the beginning."""
        self._stages.setdefault(name, time.perf_counter() - self._began)

    @property
    def timings_ms(self) -> dict[str, float]:
        """By stage; ``total`` is from the beginning until now."""
        seconds = {**self._stages, "total": time.perf_counter() - self._began}
        return {name: round(value * 1000, 2) for name, value in seconds.items()}
