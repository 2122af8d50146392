"""Reading: one statement, its rows as they come, and nothing to keep track of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import Row, Select

from app.db.session import Database

#: A row as the database returned it: its columns are attributes, and cannot be set.
ReadRow: TypeAlias = Row[Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """Runs statements that only read, each on a connection of its own.

    A session watches every row for changes and puts a transaction around the statement:
    more than half of what a read costs. What is to be changed is read in a session, and
    while one is open everything is: a reader would wait for a second connection.
    """

    database: Database

    async def all(
        self, statement: Select[Any], values: Mapping[str, object]
    ) -> Sequence[ReadRow]:
        """Return every row; raise `DatabaseUnavailableError`."""
        async with self.database.turn(), self.database.reading.connect() as connection:
            result = await connection.execute(statement, values)
            rows: Sequence[ReadRow] = result.all()
            return rows

    async def one_or_none(
        self, statement: Select[Any], values: Mapping[str, object]
    ) -> ReadRow | None:
        """Return the row, of which there is one at most; raise as `all` does."""
        async with self.database.turn(), self.database.reading.connect() as connection:
            result = await connection.execute(statement, values)
            row: ReadRow | None = result.one_or_none()
            return row
