"""Configuration: environment variables and `.env`, checked when the service starts."""

import secrets
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    Field,
    PositiveFloat,
    PositiveInt,
    SecretStr,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

DEFAULT_DATABASE_URL: Final = "sqlite+aiosqlite:///./service.db"
DRIVERS: Final = {
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
    "mysql": "mysql+aiomysql",
    "mariadb": "mysql+aiomysql",
    "sqlite": "sqlite+aiosqlite",
}
SHORTEST_SECRET: Final = 32
PLACEHOLDERS: Final = ("change", "example", "placeholder", "secret", "xxx")
ENV_FILE: Final = Path(__file__).resolve().parents[2] / ".env"


class Environment(StrEnum):
    """Where the service runs; only development fills in what is missing."""

    DEVELOPMENT = "development"
    STAGING = "staging"
    PRODUCTION = "production"


def with_async_driver(url: str) -> str:
    """Return the URL with the asynchronous driver of its database."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise ValueError("not a database URL") from None
    driver = DRIVERS.get(parsed.drivername, parsed.drivername)
    if driver not in DRIVERS.values():
        raise ValueError(f"use one of {', '.join(sorted(set(DRIVERS.values())))}")
    return parsed.set(drivername=driver).render_as_string(hide_password=False)


def http_url(url: str) -> str:
    """Return the URL without a trailing slash if it is an absolute http(s) one."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("an absolute http or https URL is needed")
    return url.rstrip("/")


HttpUrl = Annotated[str, AfterValidator(http_url)]
Words = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Everything that can be configured. Durations are in seconds, sizes in bytes."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, extra="ignore", validate_default=True, frozen=True
    )

    app_name: str = "Service"
    environment: Environment = Environment.DEVELOPMENT
    log_level: str = "INFO"

    # Secrets. Development makes a new key at each start; elsewhere it must be set.
    secret_key: SecretStr = SecretStr("")

    # Who may call.
    public_url: HttpUrl = "http://localhost:8000"
    allowed_hosts: Words = ("localhost", "127.0.0.1", "testserver")
    cors_origins: Words = ()

    # Tokens and passwords.
    token_issuer: str = "service"  # noqa: S105
    access_token_seconds: PositiveInt = 900
    refresh_token_seconds: PositiveInt = 30 * 24 * 3600
    email_token_seconds: PositiveInt = 24 * 3600
    reset_token_seconds: PositiveInt = 1800
    account_cache_seconds: Annotated[float, Field(ge=0, le=300)] = 5.0
    argon2_memory_kib: Annotated[int, Field(ge=8)] = 64 * 1024
    argon2_iterations: PositiveInt = 3
    argon2_threads: PositiveInt = 2

    # Database: postgresql, mysql (MariaDB too) or sqlite; the driver is filled in.
    database_url: Annotated[SecretStr, Field(validate_default=True)] = SecretStr(
        DEFAULT_DATABASE_URL
    )
    # Connections of a process: so many with transactions, and so many that only read.
    # Those that overflow are opened and closed each time, which costs far more than
    # the statements that they are for.
    database_pool_size: PositiveInt = 10
    database_pool_overflow: Annotated[int, Field(ge=0)] = 0
    database_connect_seconds: PositiveFloat = 5.0
    database_statement_seconds: PositiveFloat = 30.0

    # Redis shares rate limits between workers, and holds the mail queue.
    redis_url: SecretStr | None = None
    redis_seconds: PositiveFloat = 0.5

    # Rate limits: requests a minute and client.
    rate_limit_enabled: bool = True
    rate_limit_per_minute: PositiveInt = 600
    auth_rate_limit_per_minute: PositiveInt = 10
    mail_rate_limit_per_hour: PositiveInt = 5

    # Requests.
    max_body_bytes: PositiveInt = 1024 * 1024
    body_seconds: PositiveFloat = 20.0

    # Mail. Without a host, mails are written to the log in development.
    smtp_host: str = ""
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 587
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_tls: bool = False
    smtp_starttls: bool = True
    smtp_seconds: PositiveFloat = 10.0
    mail_from: str = "no-reply@localhost"
    mail_queue: bool = False
    mail_retries: Annotated[int, Field(ge=0, le=20)] = 5
    mail_retry_seconds: PositiveFloat = 30.0

    # Outgoing calls.
    http_seconds: PositiveFloat = 5.0
    http_connections: PositiveInt = 50
    rates_url: HttpUrl | None = None

    # Metrics: a bearer token that the scraper sends; none leaves them open.
    metrics_token: SecretStr | None = None
    # Where several workers of one container put their figures; the client library
    # reads this variable itself.
    prometheus_multiproc_dir: str = ""

    @field_validator("allowed_hosts", "cors_origins", mode="before")
    @classmethod
    def split(cls, value: object) -> object:
        """Read a comma-separated list."""
        if isinstance(value, str):
            return tuple(word.strip() for word in value.split(",") if word.strip())
        return value

    @field_validator("redis_url", "metrics_token", "rates_url", mode="before")
    @classmethod
    def empty_is_none(cls, value: object) -> object:
        """Take an empty variable as one that is not set."""
        return None if value == "" else value

    @field_validator("database_url")
    @classmethod
    def choose_driver(cls, value: SecretStr) -> SecretStr:
        """Fill in the asynchronous driver."""
        return SecretStr(with_async_driver(value.get_secret_value()))

    @field_validator("secret_key")
    @classmethod
    def strong_key(cls, value: SecretStr) -> SecretStr:
        """Refuse keys that are short or that stand in examples."""
        key = value.get_secret_value()
        if not key:
            return value
        if len(key) < SHORTEST_SECRET or len(set(key)) < SHORTEST_SECRET // 4:
            raise ValueError(f"at least {SHORTEST_SECRET} random characters are needed")
        if key.lower().startswith(PLACEHOLDERS):
            raise ValueError("this is a placeholder, not a secret")
        return value

    @model_validator(mode="after")
    def complete(self) -> Self:
        """Fill in the development key; refuse what is unsafe anywhere else."""
        if self.mail_queue and self.redis_url is None:
            raise ValueError("MAIL_QUEUE needs REDIS_URL")
        if self.environment is Environment.DEVELOPMENT:
            if not self.secret_key.get_secret_value():
                key = SecretStr(secrets.token_urlsafe(48))
                object.__setattr__(self, "secret_key", key)
            return self
        wrong = [name for name, bad in self.unsafe().items() if bad]
        if wrong:
            raise ValueError(f"outside development, set {', '.join(wrong)}")
        return self

    def unsafe(self) -> dict[str, bool]:
        """Say of each variable that matters whether it may not stay as it is."""
        return {
            "SECRET_KEY": not self.secret_key.get_secret_value(),
            "DATABASE_URL": "database_url" not in self.model_fields_set,
            "ALLOWED_HOSTS": "allowed_hosts" not in self.model_fields_set
            or "*" in self.allowed_hosts,
            "CORS_ORIGINS (explicit origins)": "*" in self.cors_origins,
            "PUBLIC_URL": not self.public_url.startswith("https://"),
            "SMTP_HOST": not self.smtp_host,
        }

    @property
    def is_development(self) -> bool:
        """Whether this is a developer's machine."""
        return self.environment is Environment.DEVELOPMENT


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process."""
    return Settings()
