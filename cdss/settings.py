"""Settings of the service: those of the library, and the few that answering and serving add."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from guidelines.settings import LibrarySettings


class ReadingWeights(BaseModel):
    """What counts when a candidate is read; only the proportions matter."""

    dense: float = Field(0.5, ge=0, description="cosine of question and passage")
    bm25: float = Field(0.15, ge=0, description="BM25 score")
    sentence: float = Field(0.2, ge=0, description="cosine of question and its nearest sentence")
    headings: float = Field(0.15, ge=0, description="the question's words in title and headings")
    text: float = Field(0.3, ge=0, description="the question's words in title, headings and text")


class RetrievalSettings(BaseModel):
    """How passages are found. The defaults were tuned on the development questions; ``docs/retrieval.md`` has the figures."""

    candidates: int = Field(50, ge=5, le=500, description="passages asked of each of the two searches")
    dense_weight: float = Field(0.7, ge=0, le=1, description="weight of meaning against words (BM25) among candidates")
    read: int = Field(40, ge=1, le=500, description="candidates that are read")
    passages: int = Field(8, ge=1, le=500, description="passages that go on to the draft")
    weights: ReadingWeights = ReadingWeights()
    floor: float = Field(0.33, ge=0, le=1, description="confidence below which nothing is answered")


class ServerSettings(BaseModel):
    """Where the service listens."""

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    network_is_guarded: bool = Field(
        False, description="the operator states that whatever can reach this address has been authenticated elsewhere"
    )


class Settings(LibrarySettings):
    """Read once, at an entry point."""

    backend: Literal["extractive"] = "extractive"
    actor: str = Field("anonymous", description="who asks, for the record, where no login says so")
    retrieval: RetrievalSettings = RetrievalSettings()
    server: ServerSettings = ServerSettings()
