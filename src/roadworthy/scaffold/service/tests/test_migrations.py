"""Migrations: they make what the models say, and can be taken back."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.base import Base
from tests.conftest import alembic_config


async def test_migrations_make_what_the_models_say(engine: AsyncEngine) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_migrations_can_be_taken_back(engine: AsyncEngine) -> None:
    def down_and_up(connection: Connection) -> list[str]:
        config = alembic_config(connection)
        command.downgrade(config, "base")
        left = inspect(connection).get_table_names()
        command.upgrade(config, "head")
        return left

    async with engine.begin() as connection:
        assert await connection.run_sync(down_and_up) == ["alembic_version"]
