"""Settings: what is refused, and what is filled in."""

import secrets
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from app.core.settings import Environment, Settings, get_settings

KEY = secrets.token_urlsafe(48)
PRODUCTION: dict[str, Any] = {
    "environment": Environment.PRODUCTION,
    "secret_key": SecretStr(KEY),
    "database_url": SecretStr("postgresql://app:pw@database/app"),
    "allowed_hosts": "api.example.com",
    "cors_origins": "https://example.com, https://www.example.com",
    "public_url": "https://example.com/",
    "smtp_host": "mail.example.com",
}


def make(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)


def test_production_with_everything_set() -> None:
    settings = make(**PRODUCTION)
    assert settings.database_url.get_secret_value() == (
        "postgresql+asyncpg://app:pw@database/app"
    )
    assert settings.cors_origins == ("https://example.com", "https://www.example.com")
    assert settings.public_url == "https://example.com"


@pytest.mark.parametrize("missing", ["secret_key", "database_url", "allowed_hosts"])
def test_nothing_is_filled_in_outside_development(missing: str) -> None:
    values = {name: value for name, value in PRODUCTION.items() if name != missing}
    with pytest.raises(ValidationError, match=missing.upper()):
        make(**values)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"secret_key": SecretStr("short")}, "random characters"),
        ({"secret_key": SecretStr("a" * 64)}, "random characters"),
        ({"secret_key": SecretStr("change-me-" + KEY)}, "placeholder"),
        ({"allowed_hosts": "*"}, "ALLOWED_HOSTS"),
        ({"cors_origins": "*"}, "CORS_ORIGINS"),
        ({"public_url": "http://example.com"}, "PUBLIC_URL"),
        ({"public_url": "example.com"}, "absolute"),
        ({"smtp_host": ""}, "SMTP_HOST"),
        ({"mail_queue": True}, "REDIS_URL"),
        ({"database_url": SecretStr("oracle://database")}, "use one of"),
        ({"database_url": SecretStr("nonsense")}, "not a database URL"),
    ],
)
def test_what_is_unsafe_is_refused(change: dict[str, Any], word: str) -> None:
    with pytest.raises(ValidationError, match=word) as error:
        make(**PRODUCTION | change)
    assert KEY not in str(error.value)


def test_development_makes_a_key_of_its_own() -> None:
    first, second = make(), make()
    assert first.secret_key != second.secret_key
    assert first.is_development


@pytest.mark.parametrize(
    ("url", "driver"),
    [
        ("postgres://h/d", "postgresql+asyncpg"),
        ("mysql://h/d", "mysql+aiomysql"),
        ("mariadb://h/d", "mysql+aiomysql"),
        ("sqlite:///file.db", "sqlite+aiosqlite"),
    ],
)
def test_the_driver_is_filled_in(url: str, driver: str) -> None:
    settings = make(database_url=SecretStr(url))
    assert settings.database_url.get_secret_value().startswith(f"{driver}://")


def test_empty_variables_are_not_set() -> None:
    settings = make(redis_url="", rates_url="", metrics_token="")
    assert settings.redis_url is None
    assert settings.rates_url is None
    assert settings.metrics_token is None


def test_secrets_are_not_printed() -> None:
    assert KEY not in repr(make(**PRODUCTION))


def test_settings_are_read_once() -> None:
    assert get_settings() is get_settings()
