"""How migrations reach the database: through the same driver as the service."""

import asyncio

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

import app.models  # noqa: F401
from app.core.settings import get_settings
from app.db.base import Base


def run(connection: Connection | None, url: str | None = None) -> None:
    """Run the migrations on a connection, or print them as SQL for a URL."""
    context.configure(
        connection=connection,
        url=url,
        literal_binds=connection is None,
        target_metadata=Base.metadata,
        compare_type=True,
        render_as_batch=True,
        user_module_prefix="",
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_online(url: str) -> None:
    """Connect and run the migrations."""
    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


def main() -> None:
    """Take the connection that a caller gives, or open one."""
    given: Connection | None = context.config.attributes.get("connection")
    url = get_settings().database_url.get_secret_value()
    if given is not None:
        run(given)
    elif context.is_offline_mode():
        run(None, url)
    else:
        asyncio.run(run_online(url))


main()
