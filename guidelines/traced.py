"""A sentence-transformers model's arithmetic without the Python around it, for the few tokens of a question.

Of the time that a short text takes in a small encoder, a third goes into Python between the operations. A traced and frozen
copy of the model leaves it out. Whether the copy says the same is tried when it is made.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_TRIED = ("Dose?", "What dose of amoxicillin by mouth for a child who weighs 14 kg? " * 5)
_NEAR = 0.9999
"""Cosine at which two vectors are the same but for rounding in half precision."""


def traced(model: SentenceTransformer) -> Callable[[dict[str, Any]], Any] | None:
    """A function from the tokens of one text to its vector ``(1, dim)``; ``None`` where the model cannot be traced to it."""
    import torch

    names = list(_tokens(model, _TRIED[0]))

    class Whole(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.parts = torch.nn.ModuleList(model)

        def forward(self, *given: torch.Tensor) -> torch.Tensor:
            features: dict[str, Any] = dict(zip(names, given, strict=True))
            for part in self.parts:
                features = part(features)
            vector: torch.Tensor = features["sentence_embedding"]
            return vector

    whole = Whole().eval()
    try:
        with torch.inference_mode(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            example = tuple(_tokens(model, _TRIED[1]).values())
            fast = torch.jit.freeze(torch.jit.trace(whole, example, check_trace=False))
            for text in _TRIED * 2:  # it settles in its first runs
                tokens = tuple(_tokens(model, text).values())
                if torch.nn.functional.cosine_similarity(fast(*tokens).float(), whole(*tokens).float()).min() < _NEAR:
                    return None
    except (RuntimeError, TypeError, ValueError, KeyError):
        return None

    def vector(tokens: dict[str, Any]) -> Any:
        with torch.inference_mode():
            return fast(*(tokens[name] for name in names))

    return vector


def _tokens(model: SentenceTransformer, text: str) -> dict[str, Any]:
    return dict(model.tokenizer(text, truncation=True, max_length=model.max_seq_length, return_tensors="pt"))
