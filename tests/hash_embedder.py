"""A small embedder for tests of storage and faults: texts that share words have similar vectors, the same ones every time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256

import numpy as np

from guidelines.embedding import PassageInput, PassageVectors, Vector


class HashEmbedder:
    """Each word gives a direction by its hash. ``embedded`` counts the passages that it was asked for."""

    dimension = 64

    def __init__(self, model_id: str = "hash#1") -> None:
        self.model_id = model_id
        self.embedded = 0

    def pieces(self, words: Sequence[str]) -> list[int]:
        return [1] * len(words)

    def embed_query(self, text: str) -> Vector:
        return self._vector(text)

    def embed_passages(self, inputs: Sequence[PassageInput]) -> Iterator[tuple[int, PassageVectors]]:
        """The last first: whoever uses an embedder must go by the positions."""
        for position, item in reversed(list(enumerate(inputs))):
            self.embedded += 1
            sentences = np.array([self._vector(item.text[start:end]) for start, end in item.sentences])
            quantised = np.rint(sentences * 127).astype(np.int8).reshape(-1, self.dimension)
            yield position, PassageVectors(self._vector(f"{item.context} {item.text}"), quantised)

    def _vector(self, text: str) -> Vector:
        total = np.full(self.dimension, 1e-3)
        for word in re.findall(r"\w+", text.lower()):
            bits = np.unpackbits(np.frombuffer(sha256(word.encode()).digest()[: self.dimension // 8], np.uint8))
            total += bits * 2.0 - 1.0
        vector: Vector = (total / np.linalg.norm(total)).astype(np.float32)
        return vector
