"""How rare a word is in the library: in how many passages of a generation it stands, counted when the generation is built.

Words are counted as BM25 knows them (``guidelines.index``): stemmed, without stop words, told apart by a 32-bit hash.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from sqlalchemy import ColumnElement, and_, delete, insert, select

from guidelines.database import Database
from guidelines.index import Point, document_words, query_words
from guidelines.tables import generation_words

_UINT32 = np.dtype("<u4")
LARGE = 20_000
"""Passages of a library in which even a rare word of medicine stands somewhere."""


@dataclass(frozen=True, slots=True)
class WordCounts:
    """``holding`` passages, of ``passages`` in all, by the hash of the word."""

    passages: int
    holding: dict[int, int]

    def passages_with(self, word: str) -> int:
        """In how many passages ``word`` stands; in all of them when it is a stop word."""
        return min((self.holding.get(int(index), 0) for index in query_words(word).indices), default=self.passages)

    def rarity(self, word: str) -> float:
        """0 for a word that stands in every passage, 1 for one that stands in none of a large library.

        An inverse frequency that is normalised by a library of ``LARGE`` passages, whatever the size of this one: that a
        word is in none of five hundred passages says less of it than that it is in none of twenty thousand.
        """
        if not self.passages:
            return 1.0
        inverse = math.log(self.passages / (self.passages_with(word) + 0.5)) / math.log(2 * LARGE)
        return min(1.0, max(0.0, inverse))


class Counting:
    """Counts the words of points on their way to the index."""

    def __init__(self) -> None:
        self._holding: Counter[int] = Counter()
        self._passages = 0

    def seen(self, points: Iterable[Point]) -> Iterator[Point]:
        """The points, as they come."""
        for point in points:
            self.add(point.text)
            yield point

    def add(self, text: str) -> None:
        """Count one passage, its title and headings before it."""
        self._passages += 1
        self._holding.update(map(int, document_words(text).indices))

    def counts(self) -> WordCounts:
        """What was counted so far."""
        return WordCounts(self._passages, dict(self._holding))


class GenerationWords:
    """The word counts of one tenant's generations."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    def save(self, generation_id: str, counts: WordCounts) -> None:
        """Keep the counts of a generation, in the place of those it may have."""
        row = {
            "tenant": self._tenant,
            "generation_id": generation_id,
            "passages": counts.passages,
            "words": np.fromiter(counts.holding.keys(), _UINT32).tobytes(),
            "holding": np.fromiter(counts.holding.values(), _UINT32).tobytes(),
        }
        with self._database.writing() as connection:
            connection.execute(delete(generation_words).where(self._is(generation_id)))
            connection.execute(insert(generation_words), row)

    def get(self, generation_id: str) -> WordCounts | None:
        """The counts of a generation, or ``None`` when they were never kept."""
        with self._database.reading() as connection:
            row = connection.execute(select(generation_words).where(self._is(generation_id))).one_or_none()
        if row is None:
            return None
        words, holding = (np.frombuffer(blob, _UINT32).tolist() for blob in (row.words, row.holding))
        return WordCounts(row.passages, dict(zip(words, holding, strict=True)))

    def keep(self, generation_ids: Collection[str]) -> None:
        """Forget the counts of all other generations: they can be counted again."""
        others = generation_words.c.generation_id.not_in(generation_ids)
        with self._database.writing() as connection:
            connection.execute(delete(generation_words).where(generation_words.c.tenant == self._tenant, others))

    def _is(self, generation_id: str) -> ColumnElement[bool]:
        return and_(generation_words.c.tenant == self._tenant, generation_words.c.generation_id == generation_id)
