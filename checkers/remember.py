"""Remembers what a function said of a short text: rules ask the same of the same few sentences, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Generic, TypeVar

R = TypeVar("R")


class Remembered(Generic[R]):
    """A function of a text, with what it said last of short ones. The results must not be changed by anybody."""

    def __init__(self, function: Callable[[str], R], most: int, chars: int) -> None:
        self.__doc__ = function.__doc__
        self.__wrapped__ = function
        self._kept = lru_cache(maxsize=most)(function)
        self._chars = chars

    def __call__(self, text: str) -> R:
        return self._kept(text) if len(text) <= self._chars else self.__wrapped__(text)

    def forget(self) -> None:
        """For who measures: the next answer is worked out anew."""
        self._kept.cache_clear()


def remembered(*, most: int = 4096, chars: int = 2000) -> Callable[[Callable[[str], R]], Remembered[R]]:
    """Keep the last ``most`` results for texts of up to ``chars`` characters."""
    return lambda function: Remembered(function, most, chars)
