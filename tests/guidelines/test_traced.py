"""The copy of the model that questions are embedded with says what the model says, or is not used."""

from __future__ import annotations

import numpy as np
import pytest

from guidelines import traced
from guidelines.embedding import SentenceTransformerEmbedder
from guidelines.settings import EmbeddingSettings

QUESTIONS = (
    "mg?",
    "First drug for anaphylaxis in an adult?",
    "What dose of amoxicillin for a 3-year-old child weighing 14 kg with acute otitis media, and for how long? " * 3,
    "dose " * 600,
)


def test_a_question_has_the_vector_that_the_model_gives() -> None:
    embedder = SentenceTransformerEmbedder(EmbeddingSettings())
    assert embedder._traced is not None
    for question in QUESTIONS:
        whole = np.asarray(embedder._model.encode(question, show_progress_bar=False), np.float32)
        cosine = np.dot(embedder.embed_query(question), whole) / np.linalg.norm(whole)  # a half precision norm is not 1
        assert float(cosine) > traced._NEAR


def test_a_model_that_cannot_be_traced_is_asked_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    embedder = SentenceTransformerEmbedder(EmbeddingSettings())
    expected = embedder.embed_query(QUESTIONS[1])
    monkeypatch.setattr(traced, "_NEAR", 2.0)  # no copy is as near as that
    plain = SentenceTransformerEmbedder(EmbeddingSettings())
    plain.embed_query(QUESTIONS[0])
    assert plain._traced is None
    assert float(np.dot(plain.embed_query(QUESTIONS[1]), expected)) > 0.999
