"""A door before the model: so many inside at once, so many waiting, and no more."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cdss.errors import Busy

RETRY_AFTER_S = 5
"""What a caller who finds the queue full is told to wait."""


class Gate:
    """First come, first served. Of one event loop at a time; whoever is cancelled gives up the place."""

    def __init__(self, *, at_once: int, queue: int) -> None:
        self._free = at_once
        self._queue = queue
        self._waiting: deque[asyncio.Future[None]] = deque()

    @property
    def inside(self) -> tuple[int, int]:
        """Places that are free, and how many wait for one."""
        return self._free, len(self._waiting)

    def check(self) -> None:
        """Raise ``Busy`` when one more could not even wait."""
        if self._free <= 0 and len(self._waiting) >= self._queue:
            raise Busy("The model has more questions than it can take. Ask again later.", retry_after_s=RETRY_AFTER_S)

    @asynccontextmanager
    async def enter(self) -> AsyncIterator[None]:
        """Wait for a place and hold it until the end of the block. Raises ``Busy`` at once when the queue is full."""
        self.check()
        if self._free > 0:
            self._free -= 1
        else:
            await self._wait()
        try:
            yield
        finally:
            self._leave()

    async def _wait(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()  # the place was given in the moment in which it was no longer wanted
            elif turn in self._waiting:
                self._waiting.remove(turn)
            raise

    def _leave(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
