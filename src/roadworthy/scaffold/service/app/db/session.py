"""The database: one engine a process, and the sessions made from it."""

import asyncio
from collections.abc import AsyncIterator
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
class Connections:
    """An engine, and whose turn it is to use one of its connections.

    As many have theirs at once as there are connections: the pool alone lets those that
    come later overtake those that wait, some of them for seconds.
    """

    engine: AsyncEngine
    turns: asyncio.Semaphore
    seconds: float

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn, and translate errors while it lasts.

        Raises `DatabaseUnavailableError`.
        """
        if self.turns.locked():
            await self.wait()
        else:
            await self.turns.acquire()
        try:
            yield
        except (DBAPIError, PoolTimeoutError, OSError) as error:
            if is_unavailable(error):
                raise DatabaseUnavailableError from error
            raise
        finally:
            self.turns.release()

    async def wait(self) -> None:
        """Wait for one's turn, but not for ever; raise `DatabaseUnavailableError`."""
        try:
            async with asyncio.timeout(self.seconds):
                await self.turns.acquire()
        except TimeoutError as error:
            raise DatabaseUnavailableError from error


@dataclass(frozen=True, slots=True)
class Database:
    """Connections with transactions, for sessions, and others without, for readers.

    They are apart so that neither waits for the other, not even within one request, and
    because a connection that is switched to and fro does so each time it is lent.
    """

    writing: Connections
    reading: Connections
    sessions: async_sessionmaker[AsyncSession]

    @classmethod
    def connect(cls, settings: Settings) -> Self:
        """Make the engines; connections are opened when they are first needed."""
        writing = connections(settings, read_only=False)
        return cls(
            writing=writing,
            reading=connections(settings, read_only=True),
            sessions=async_sessionmaker(writing.engine, expire_on_commit=False),
        )

    @property
    def engine(self) -> AsyncEngine:
        """The engine whose connections have transactions."""
        return self.writing.engine

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        """Open a session and close it again, whatever happens.

        Raises `DatabaseUnavailableError` when the database cannot be reached.
        """
        async with self.writing.turn(), self.sessions() as session:
            yield session

    async def close(self) -> None:
        """Close every connection."""
        await self.writing.engine.dispose()
        await self.reading.engine.dispose()


def connections(settings: Settings, *, read_only: bool) -> Connections:
    """Return connections for one of the two uses.

    Those that only read do without transactions: on PostgreSQL one is two further round
    trips around each statement, on MariaDB one.
    """
    url = make_url(settings.database_url.get_secret_value())
    options = engine_options(url, settings)
    if read_only:
        options |= {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
    engine = create_async_engine(url, **options)
    if url.get_backend_name() == "sqlite":
        event.listen(engine.sync_engine, "connect", set_up_sqlite)
    size = settings.database_pool_size + settings.database_pool_overflow
    return Connections(
        engine, asyncio.Semaphore(size), settings.database_connect_seconds
    )


def engine_options(url: URL, settings: Settings) -> dict[str, Any]:
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
