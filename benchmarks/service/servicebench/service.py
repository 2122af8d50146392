"""The generated service: started on a PostgreSQL, with accounts to call it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from servicebench.client import ask, expect
from servicebench.database import Postgres
from servicebench.process import call, free_port, server

SECRET = "vT8mK2qW9xR4pL7nZ3cB6hJ1dF5gS0aYuEoIwQtXkMv"
PASSWORD = "correct horse battery staple"
MANY = str(10**7)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a login returns."""

    access: str
    refresh: str


def settings(cluster: Postgres, database: str) -> dict[str, str]:
    """Return the variables that configure a service as in production.

    The rate limits are on, as they are by default, and too high to be reached.
    """
    return {
        "ENVIRONMENT": "production",
        "SECRET_KEY": SECRET,
        "DATABASE_URL": cluster.url(database, "postgresql+asyncpg"),
        "ALLOWED_HOSTS": "127.0.0.1",
        "PUBLIC_URL": "https://service.example",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": "9",  # nobody listens: mails fail, in the background
        # The others' access logs are off: uvicorn has a flag, the service a level.
        "LOG_LEVEL": "WARNING",
        "RATE_LIMIT_PER_MINUTE": MANY,
        "AUTH_RATE_LIMIT_PER_MINUTE": MANY,
        "MAIL_RATE_LIMIT_PER_HOUR": MANY,
    }


@contextlib.contextmanager
def running(
    python: Path,
    folder: Path,
    cluster: Postgres,
    database: str,
    *,
    workers: int = 1,
    changes: Mapping[str, str] | None = None,
) -> Iterator[tuple[str, int]]:
    """Migrate and run the service in a folder.

    Yields the address of its API, and the session of its processes.

    Raises:
        StartError: it does not come up.
    """
    variables = {**settings(cluster, database), **(changes or {})}
    call([str(python), "-m", "alembic", "upgrade", "head"], folder, variables)
    port = free_port()
    words = [str(python), "-m", "uvicorn", "app.main:create_app", "--factory"]
    words += ["--port", str(port), "--no-access-log", "--workers", str(workers)]
    base = f"http://127.0.0.1:{port}"
    log = folder / "server.log"
    with server(words, folder, variables, f"{base}/health/ready", log=log) as process:
        yield f"{base}/api/v1", process.pid


def account(
    base: str, cluster: Postgres, database: str, email: str = "reader@example.com"
) -> Tokens:
    """Register an account, verify its address in the database, and log in."""
    body = {"email": email, "password": PASSWORD, "name": "Reader"}
    expect(ask("POST", f"{base}/auth/register", body=body), 202)
    cluster.sql(
        database, f"update users set is_verified = true where email = '{email}'"
    )
    return log_in(base, email)


def log_in(base: str, email: str) -> Tokens:
    """Log in and return the tokens."""
    form = {"username": email, "password": PASSWORD}
    found = expect(ask("POST", f"{base}/auth/login", form=form), 200)
    return Tokens(str(found["access_token"]), str(found["refresh_token"]))


def fill(base: str, token: str, rows: int, body: Mapping[str, str]) -> int:
    """Create items with titles of their own, and return the number of the last."""
    number = 0
    for index in range(rows):
        new = {**body, "title": f"{body['title']} {index}"}
        made = expect(ask("POST", f"{base}/items", body=new, token=token), 201)
        number = int(str(made["id"]))
    return number


def issuer(folder: Path) -> str:
    """Return what the service in a folder writes into its tokens as their issuer."""
    text = (folder / "app" / "core" / "settings.py").read_text()
    match = re.search(r'token_issuer: str = "([^"]*)"', text)
    if match is None:
        raise RuntimeError("the settings do not say who issues tokens")
    return match[1]
