"""Fixtures: a database that is empty for each test, the application, and its callers.

The tests run on SQLite in a temporary folder, or on the database that TEST_DATABASE_URL
names. Its name has to hold "test", since its tables are dropped.
"""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from app.api.deps import (
    CurrentUser,
    get_current_user,
    get_db,
    get_outbox,
    get_reader,
)
from app.core.mail import Mail
from app.core.mail_queue import Outbox
from app.core.resources import Resources
from app.core.scopes import permitted
from app.core.settings import Settings
from app.db.base import Base
from app.db.reader import Reader
from app.db.session import Database
from app.main import create_app
from app.models import User
from tests.factories import make_user

ROOT = Path(__file__).resolve().parents[1]
BASE_URL = "http://testserver"
SettingsMaker = Callable[..., Settings]


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the URL of the tests' database."""
    url = os.environ.get("TEST_DATABASE_URL")
    if url is None:
        folder = tmp_path_factory.mktemp("database")
        return f"sqlite+aiosqlite:///{folder / 'test.db'}"
    if "test" not in (make_url(url).database or ""):
        pytest.exit("TEST_DATABASE_URL has to name a database for tests", 2)
    return url


@pytest.fixture(scope="session")
def make_settings(database_url: str) -> SettingsMaker:
    """Return what makes settings, quick ones, with what a test changes."""

    def make(**changes: Any) -> Settings:
        values: dict[str, Any] = {
            "database_url": SecretStr(database_url),
            "argon2_memory_kib": 8,
            "argon2_iterations": 1,
            "argon2_threads": 1,
            "account_cache_seconds": 0,
            "rate_limit_enabled": False,
            "log_level": "WARNING",
        }
        return Settings(_env_file=None, **(values | changes))

    return make


@pytest.fixture(scope="session")
def settings(make_settings: SettingsMaker) -> Settings:
    """Return the settings of most tests."""
    return make_settings()


@pytest.fixture(scope="session")
async def database(settings: Settings) -> AsyncIterator[Database]:
    """Return the database, with the tables that the migrations make."""
    database = Database.connect(settings)
    async with database.engine.begin() as connection:
        await connection.run_sync(start_afresh)
    yield database
    await database.close()


def start_afresh(connection: Connection) -> None:
    """Drop every table and migrate."""
    Base.metadata.drop_all(connection)
    connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    command.upgrade(alembic_config(connection), "head")


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's configuration, with the connection to use."""
    config = Config(ROOT / "alembic.ini")
    config.attributes["connection"] = connection
    return config


@pytest.fixture
async def engine(database: Database) -> AsyncIterator[AsyncEngine]:
    """Return the engine on tables that are empty."""
    yield database.engine
    async with database.engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            await connection.execute(table.delete())


@pytest.fixture
async def session(
    engine: AsyncEngine, database: Database
) -> AsyncIterator[AsyncSession]:
    """Return a session for the test itself."""
    async with database.session() as session:
        yield session


@pytest.fixture(scope="session")
async def running_app(settings: Settings) -> AsyncIterator[FastAPI]:
    """Return the application, started once."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
def app(
    running_app: FastAPI, engine: AsyncEngine, database: Database
) -> Iterator[FastAPI]:
    """Return the application on the tests' database; overrides end with the test."""

    async def get_test_db() -> AsyncIterator[AsyncSession]:
        async with database.session() as session:
            yield session

    async def get_test_reader() -> Reader:
        return Reader(database)

    running_app.dependency_overrides[get_db] = get_test_db
    running_app.dependency_overrides[get_reader] = get_test_reader
    yield running_app
    running_app.dependency_overrides.clear()


@pytest.fixture
def resources(app: FastAPI) -> Resources:
    """Return what the application holds."""
    found: Resources = app.state.resources
    return found


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Return a client that nobody has logged in with."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        yield client


@pytest.fixture
def mails(app: FastAPI) -> list[Mail]:
    """Return the mails that the service sends from now on, in place of sending them."""
    sent: list[Mail] = []

    async def keep(mail: Mail) -> None:
        sent.append(mail)

    async def get_test_outbox() -> Outbox:
        return keep

    app.dependency_overrides[get_outbox] = get_test_outbox
    return sent


@pytest.fixture
async def user(session: AsyncSession, resources: Resources) -> User:
    """Return an account."""
    return await make_user(session, resources.passwords)


@pytest.fixture
async def other_user(session: AsyncSession, resources: Resources) -> User:
    """Return another account."""
    return await make_user(session, resources.passwords)


@pytest.fixture
async def admin(session: AsyncSession, resources: Resources) -> User:
    """Return an administrator's account."""
    return await make_user(session, resources.passwords, is_admin=True)


@pytest.fixture
def log_in(app: FastAPI) -> Callable[[User], None]:
    """Return what makes a user the caller of all requests to come, without a token."""

    def log_in(user: User) -> None:
        caller = CurrentUser(user.id, permitted(user.is_admin))

        async def get_test_user() -> CurrentUser:
            return caller

        app.dependency_overrides[get_current_user] = get_test_user

    return log_in


@pytest.fixture
def as_user(
    client: httpx.AsyncClient, user: User, log_in: Callable[[User], None]
) -> httpx.AsyncClient:
    """Return the client, with the user as its caller."""
    log_in(user)
    return client
