"""Where the library is and how it is embedded. Read from the environment at the entry points only, then passed down."""

from __future__ import annotations

import os
from pathlib import Path

from platformdirs import user_data_path
from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    NestedSecretsSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from guidelines.types import DEFAULT_TENANT


class QdrantSettings(BaseModel):
    """A Qdrant server to keep the index in; without a ``url`` the index is embedded, on disk under ``home``."""

    url: str | None = None
    api_key: SecretStr | None = None
    collection: str = Field("cdss", description="alias that points at the live generation")
    timeout_s: float = Field(10.0, gt=0)


class EmbeddingSettings(BaseModel):
    """``model`` is ``"default"`` (the weights that come with the installation) or a sentence-transformers name or path."""

    model: str = "default"
    threads: int | None = Field(None, ge=1, description="CPU threads; unset lets PyTorch decide")


class LibrarySettings(BaseSettings):
    """Every setting is ``CDSS_…`` in the environment (``CDSS_QDRANT__URL``) or a line in ``cdss.toml``; the former wins.

    Between them come the files of the folder ``CDSS_SECRETS``, each named like its setting (``qdrant__api_key``).
    """

    model_config = SettingsConfigDict(
        env_prefix="CDSS_", env_nested_delimiter="__", toml_file="cdss.toml", extra="ignore", frozen=True
    )

    home: Path = Field(default_factory=lambda: user_data_path("cdss", appauthor=False), description="holds all state")
    tenant: str = DEFAULT_TENANT
    qdrant: QdrantSettings = QdrantSettings()
    embedding: EmbeddingSettings = EmbeddingSettings()
    keep_generations: int = Field(3, ge=2, le=50)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then secrets, then ``cdss.toml``; no ``.env`` file is read."""
        del dotenv_settings
        secrets = NestedSecretsSettingsSource(
            file_secret_settings,
            secrets_dir=os.environ.get("CDSS_SECRETS"),
            secrets_dir_missing="error",
            secrets_prefix="",
            secrets_nested_delimiter="__",
        )
        return init_settings, env_settings, secrets, TomlConfigSettingsSource(settings_cls)
