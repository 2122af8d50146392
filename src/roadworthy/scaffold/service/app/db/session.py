"""The database: one engine a process, and the sessions made from it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Self

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import ConnectionPoolEntry

from app.core.errors import DatabaseUnavailableError
from app.core.settings import Settings

RECYCLE_SECONDS: Final = 1800
#: SQLSTATE: connection lost, too many connections, shutting down or starting up.
GONE: Final = ("08", "53", "57P")


@dataclass(frozen=True, slots=True)
class Database:
    """The engine, what it makes sessions with, and itself without transactions.

    Sessions and readers take turns, as many at once as there are connections: the pool
    alone lets those that come later overtake those that wait, some of them for seconds.
    """

    engine: AsyncEngine
    reading: AsyncEngine
    sessions: async_sessionmaker[AsyncSession]
    turns: asyncio.Semaphore
    seconds: float

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """Make the engine; connections are opened when they are first needed."""
        url = make_url(settings.database_url.get_secret_value())
        engine = create_async_engine(url, **engine_options(url, settings))
        if url.get_backend_name() == "sqlite":
            event.listen(engine.sync_engine, "connect", set_up_sqlite)
        return cls(
            engine=engine,
            reading=for_reading(engine),
            sessions=async_sessionmaker(engine, expire_on_commit=False),
            turns=asyncio.Semaphore(
                settings.database_pool_size + settings.database_pool_overflow
            ),
            seconds=settings.database_connect_seconds,
        )

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """Open a session and close it again, whatever happens.

        Raises `DatabaseUnavailableError` when the database cannot be reached.
        """
        async with self.turn(), self.sessions() as session:
            yield session

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn, and translate errors while it lasts.

        Raises `DatabaseUnavailableError`.
        """
        try:
            async with asyncio.timeout(self.seconds):
                await self.turns.acquire()
        except TimeoutError as error:
            raise DatabaseUnavailableError from error
        try:
            yield
        except (DBAPIError, PoolTimeoutError, OSError) as error:
            if is_unavailable(error):
                raise DatabaseUnavailableError from error
            raise
        finally:
            self.turns.release()

    async def close(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def engine_options(url: URL, settings: Settings) -> Mapping[str, Any]:
    """Return the engine's options: time limits, and the pool's size."""
    connect, statement = (
        settings.database_connect_seconds,
        settings.database_statement_seconds,
    )
    arguments: dict[str, dict[str, Any]] = {
        "postgresql": {
            "timeout": connect,
            "command_timeout": statement,
            "server_settings": {"application_name": settings.app_name},
        },
        "mysql": {"connect_timeout": connect, "charset": "utf8mb4"},
        "sqlite": {"timeout": connect},
    }
    options: dict[str, Any] = {
        "connect_args": arguments[url.get_backend_name()],
        "hide_parameters": True,
        "pool_recycle": RECYCLE_SECONDS,
        "pool_size": settings.database_pool_size,
        "max_overflow": settings.database_pool_overflow,
        "pool_timeout": connect,
    }
    if url.get_backend_name() == "mysql":
        options["isolation_level"] = "READ COMMITTED"
    return options


def for_reading(engine: AsyncEngine) -> AsyncEngine:
    """Return the engine, on the same pool, without transactions where those cost.

    On PostgreSQL a transaction is two further round trips around each statement.
    """
    if engine.dialect.name != "postgresql":
        return engine
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def set_up_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Make SQLite check foreign keys, and let readers go on while one writes."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.close()


def is_unavailable(error: Exception) -> bool:
    """Whether the error says that the database is gone, not that a statement is wrong.

    Drivers raise the operating system's own error when a connection is refused, and
    asyncpg's carry PostgreSQL's code, while it starts or shuts down as well.
    """
    if isinstance(error, DBAPIError):
        code = str(getattr(error.orig, "sqlstate", None) or "")
        return (
            error.connection_invalidated
            or isinstance(error, OperationalError | InterfaceError)
            or code.startswith(GONE)
        )
    return True
