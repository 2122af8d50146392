"""Reading: one statement, its rows as they come, and nothing to keep track of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Engine, Select
from sqlalchemy.util import greenlet_spawn

from app.db.session import Database

#: A row as the database returned it, by the names of its columns. Schemas are filled
#: from a dictionary several times as fast as from attributes.
ReadRow: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """Runs statements that only read, each on a connection of its own.

    A session watches every row for changes and puts a transaction around the statement:
    more than half of what a read costs. What is to be changed is read in a session.
    """

    database: Database

    async def all(
        self, statement: Select[Any], values: Mapping[str, object]
    ) -> Sequence[ReadRow]:
        """Return every row; raise `DatabaseUnavailableError`."""
        reading = self.database.reading
        async with reading.turn():
            # One switch into SQLAlchemy's own world, in place of one each to connect,
            # to execute and to close.
            return await greenlet_spawn(
                fetch, reading.engine.sync_engine, statement, values
            )

    async def one_or_none(
        self, statement: Select[Any], values: Mapping[str, object]
    ) -> ReadRow | None:
        """Return the row, of which there is one at most; raise as `all` does."""
        rows = await self.all(statement, values)
        return rows[0] if rows else None


def fetch(
    engine: Engine, statement: Select[Any], values: Mapping[str, object]
) -> list[ReadRow]:
    """Return every row. It awaits where it looks as if it blocked: `greenlet_spawn`."""
    with engine.connect() as connection:
        result = connection.execute(statement, values)
        names = tuple(result.keys())
        return [dict(zip(names, row, strict=True)) for row in result]
