"""Remembers what a function said of a short text: rules ask the same of the same few sentences, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar

R = TypeVar("R")


class Remembered(Generic[R]):
    """A function of a text, with what it said last. The results must not be changed by anybody."""

    def __init__(self, function: Callable[[str], R], most: int, chars: int, most_long: int) -> None:
        self.__doc__ = function.__doc__
        self._short = lru_cache(maxsize=most)(function)
        self._long = lru_cache(maxsize=most_long)(function)
        self._chars = chars

    def __call__(self, text: str) -> R:
        return self._short(text) if len(text) <= self._chars else self._long(text)

    def forget(self) -> None:
        """For who measures: the next answer is worked out anew."""
        self._short.cache_clear()
        self._long.cache_clear()


def remembered(
    *, most: int = 4096, chars: int = 2000, most_long: int = 0
) -> Callable[[Callable[[str], R]], Remembered[R]]:
    """Keep the last ``most`` results for texts of up to ``chars`` characters, and ``most_long`` for longer ones."""
    return lambda function: Remembered(function, most, chars, most_long)
