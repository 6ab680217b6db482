"""Settings of the service: those of the library, and the few that answering and serving add."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar, Literal, Self

from pydantic import BaseModel, Field, SecretStr, model_validator

from cdss.addresses import trusted
from guidelines.settings import LibrarySettings
from guidelines.types import Setting


class ReadingWeights(BaseModel):
    """What counts when a candidate is read; only the proportions matter."""

    dense: float = Field(0.5, ge=0, description="cosine of question and passage")
    bm25: float = Field(0.15, ge=0, description="BM25 score")
    sentence: float = Field(0.35, ge=0, description="cosine of question and its nearest sentence")
    headings: float = Field(0.15, ge=0, description="the question's words in title and headings")
    text: float = Field(0.5, ge=0, description="the question's words in title, headings and text, rare ones first")


class RetrievalSettings(BaseModel):
    """How passages are found. The defaults were tuned on the development questions; ``docs/retrieval.md`` has the figures."""

    candidates: int = Field(100, ge=5, le=500, description="passages asked of each of the two searches")
    dense_weight: float = Field(0.7, ge=0, le=1, description="weight of meaning against words (BM25) among candidates")
    read: int = Field(100, ge=1, le=500, description="candidates that are read")
    passages: int = Field(8, ge=1, le=500, description="passages that go on to the draft")
    weights: ReadingWeights = ReadingWeights()
    floor: float = Field(0.15, ge=0, le=1, description="confidence below which nothing is answered")


class SiteSettings(BaseModel):
    """Where answers are used. What is from elsewhere comes after what is not; nothing is hidden for it."""

    jurisdiction: str | None = Field(None, description="ISO 3166 code, as documents state theirs")
    setting: Setting | None = Field(None, description="care given here: community, primary, hospital or prehospital")


class ServerSettings(BaseModel):
    """Where the service listens."""

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    network_is_guarded: bool = Field(
        False, description="the operator states that whatever can reach this address has been authenticated elsewhere"
    )
    allowed_hosts: tuple[str, ...] = Field(
        (), description="names in the Host header that are answered, beside those of this machine and of ehr.public_url"
    )


class CdsClient(BaseModel):
    """An EHR that may call the CDS services. Its keys come from ``jku``, or from ``jwks_file`` if they are pinned."""

    issuer: str = Field(min_length=1, description="the iss of its tokens, to the letter")
    jku: str | None = Field(None, description="the only address that its keys are read from")
    jwks_file: Path | None = Field(None, description="a JSON Web Key Set on this machine; goes before jku")

    @model_validator(mode="after")
    def _has_keys(self) -> Self:
        if (self.jku is None) == (self.jwks_file is None):
            raise ValueError("a CDS client needs either a jku or a jwks_file")
        return self


class EhrSettings(BaseModel):
    """The EHRs that this service works with. Lists are JSON in the environment: ``CDSS_EHR__FHIR_SERVERS='["https://…"]'``."""

    fhir_servers: tuple[str, ...] = Field(
        (), description="base addresses of FHIR servers that may be read, and no others"
    )
    clients: tuple[CdsClient, ...] = Field((), description="who may call /cds-services; empty: everybody (demo)")
    public_url: str | None = Field(
        None, description="the address by which EHRs reach this service: https://cds.example.org"
    )
    origins: tuple[str, ...] = Field(("*",), description="web origins that may call /cds-services (CORS)")
    frame_ancestors: tuple[str, ...] = Field((), description="web origins of EHRs that show the page in a frame")
    deadline_s: float = Field(4.0, gt=0, le=60, description="for one CDS call; what is not done by then is said")
    smart_client_id: str | None = Field(None, description="the client id that the EHR gave this app")
    smart_client_secret: SecretStr | None = Field(None, description="for a confidential app; none for a public one")


class ModelSettings(BaseModel):
    """A model behind an address that speaks the OpenAI protocol (vLLM, llama.cpp, Ollama): ``http://127.0.0.1:8001/v1``.

    Without a ``base_url`` there is none.
    """

    at: ClassVar[str]
    """How its settings begin."""

    base_url: str | None = None
    model: str | None = None
    api_key: SecretStr | None = None
    may_receive_patient_data: bool = Field(
        False, description="the operator states that a base_url on another machine may be sent what concerns a patient"
    )

    @model_validator(mode="after")
    def _can_be_asked(self) -> Self:
        if self.base_url is None:
            return self
        if not self.model:
            raise ValueError(f"an address of a model needs the name of the model: {self.at}__MODEL")
        trusted(
            self.base_url,
            may_receive_patient_data=self.may_receive_patient_data,
            setting=f"{self.at}__MAY_RECEIVE_PATIENT_DATA",
        )
        return self


class LlmSettings(ModelSettings):
    """The model that drafts, and how long, how much and how often it is asked."""

    at = "CDSS_LLM"

    model: str | None = "google/medgemma-27b-text-it"
    connect_s: float = Field(3.0, gt=0, le=60, description="to reach the server")
    first_token_s: float = Field(20.0, gt=0, le=600, description="to the first word of a draft, and between two words")
    total_s: float = Field(90.0, gt=0, le=1800, description="for all that is asked of the model about one question")
    retries: int = Field(2, ge=0, le=5, description="after an error that may pass (408, 409, 429, 5xx, no connection)")
    at_once: int = Field(16, ge=1, le=1024, description="questions that the model is asked side by side")
    queue: int = Field(64, ge=0, le=10_000, description="questions that may wait for it; one more is told to come back")
    failures: int = Field(3, ge=1, le=100, description="failures in a row after which the model is left alone")
    rest_s: float = Field(30.0, gt=0, le=3600, description="for so long; then one question tries again")
    context_tokens: int = Field(8192, ge=1024, le=131_072, description="prompt and draft together")
    draft_tokens: int = Field(1024, ge=128, le=8192, description="the longest draft")
    tokenizer: Path | None = Field(
        None, description="the model's tokenizer.json, for a server that does not count tokens itself (/tokenize)"
    )


class SecondReaderSettings(ModelSettings):
    """Another model that is asked whether the quotes support a claim; without a ``base_url`` nobody is asked."""

    at = "CDSS_SECOND_READER"

    timeout_s: float = Field(10.0, gt=0, le=120, description="for one claim, from the question to the last byte")


class Settings(LibrarySettings):
    """Read once, at an entry point."""

    backend: Literal["extractive", "openai"] = Field(
        "extractive", description="what drafts an answer; openai is the model of llm"
    )
    actor: str = Field("anonymous", description="who asks, for the record, where no login says so")
    retrieval: RetrievalSettings = RetrievalSettings()
    site: SiteSettings = SiteSettings()
    server: ServerSettings = ServerSettings()
    ehr: EhrSettings = EhrSettings()
    llm: LlmSettings = LlmSettings()
    second_reader: SecondReaderSettings = SecondReaderSettings()

    @model_validator(mode="after")
    def _has_its_model(self) -> Self:
        if self.backend == "openai" and self.llm.base_url is None:
            raise ValueError("the backend openai needs the address of its model: CDSS_LLM__BASE_URL")
        return self
