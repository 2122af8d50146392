"""Queries that a function builds and runs itself."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from roadworthy.rules.files import ReviewedFile, own_nodes

if TYPE_CHECKING:
    from roadworthy.rules.files import FunctionNode
    from roadworthy.rules.review import Review

_SESSIONS = (
    "sqlalchemy.orm.Session",
    "sqlalchemy.orm.scoped_session",
    "sqlmodel.Session",
    "sqlalchemy.ext.asyncio.AsyncSession",
    "sqlalchemy.ext.asyncio.async_scoped_session",
    "sqlmodel.ext.asyncio.session.AsyncSession",
    "sqlalchemy.Connection",
    "sqlalchemy.ext.asyncio.AsyncConnection",
)
_STATEMENT = "execute exec scalar scalars stream stream_scalars exec_driver_sql"
_QUERY = "all first one one_or_none scalar count delete update get exists"
_ASYNCPG = "execute executemany fetch fetchrow fetchval"
_DATABASES = "execute fetch_all fetch_one fetch_val iterate"
_MONGO = (
    "find find_one insert_one insert_many update_one update_many replace_one delete_one "
    "delete_many count_documents aggregate find_one_and_update distinct"
)
_ORM = (
    "all filter exclude get get_or_none first create bulk_create update delete exists "
    "count get_or_create update_or_create aget acreate afirst aexists acount adelete "
    "aupdate select insert"
)
_WHOLE = {
    "sqlalchemy.orm.Query": _QUERY,
    "asyncpg.Connection": _ASYNCPG,
    "asyncpg.Pool": _ASYNCPG,
    "psycopg.Connection": "execute",
    "psycopg.Cursor": "execute",
    "psycopg.AsyncConnection": "execute",
    "psycopg.AsyncCursor": "execute",
    "psycopg2.extensions.cursor": "execute",
    "sqlite3.Connection": "execute executemany executescript",
    "sqlite3.Cursor": "execute executemany executescript",
    "aiosqlite.Connection": "execute executemany",
    "aiosqlite.Cursor": "execute executemany",
    "pymysql.cursors.Cursor": "execute",
    "databases.Database": _DATABASES,
    "databases.core.Database": _DATABASES,
    "motor.motor_asyncio.AsyncIOMotorCollection": _MONGO,
    "pymongo.collection.Collection": _MONGO,
    "pymongo.asynchronous.collection.AsyncCollection": _MONGO,
    "tortoise.models.Model": _ORM,
    "tortoise.Model": _ORM,
    "django.db.models.Manager": _ORM,
    "peewee.Model": _ORM,
}


def _methods(owners: Iterable[str], names: str) -> frozenset[str]:
    return frozenset(f"{owner}.{name}" for owner in owners for name in names.split())


_STATEMENTS = _methods(_SESSIONS, _STATEMENT)
"""Methods that run a statement, which may have been built elsewhere."""
_LOOKUPS = _methods(_SESSIONS, "get get_one")
"""Methods that load one row by its key."""
_BUILT_AND_RUN = frozenset(
    name for owner, names in _WHOLE.items() for name in _methods((owner,), names)
)
"""Methods that take the query itself: text, a filter, the columns."""
_BUILDERS = frozenset(
    f"{package}.{name}"
    for package in ("sqlalchemy", "sqlmodel", "sqlalchemy.future", "sqlalchemy.sql")
    for name in ("select", "insert", "update", "delete", "text", "union", "exists")
) | {
    "sqlalchemy.dialects.postgresql.insert",
    "sqlalchemy.dialects.sqlite.insert",
    "sqlalchemy.dialects.mysql.insert",
}
_BEGINNINGS = frozenset(name.rpartition(".")[2] for name in _BUILDERS)
_LAST = frozenset(
    name.rpartition(".")[2] for name in _STATEMENTS | _LOOKUPS | _BUILT_AND_RUN
)


def own_queries(
    review: Review, file: ReviewedFile, node: FunctionNode
) -> tuple[list[ast.Call], list[ast.Call]]:
    """Return the queries that a function builds and runs, and its lookups by key."""
    calls = [inner for inner in own_nodes(node) if isinstance(inner, ast.Call)]
    queries: list[ast.Call] = []
    lookups: list[ast.Call] = []
    for call in calls:
        function = call.func
        if not isinstance(function, ast.Attribute) or function.attr not in _LAST:
            continue
        names = review.names(file, call)
        if not _LOOKUPS.isdisjoint(names):
            lookups.append(call)
        elif not _BUILT_AND_RUN.isdisjoint(names):
            queries.append(call)
        elif not _STATEMENTS.isdisjoint(names):
            if _is_text(call) or any(builds(review, file, other) for other in calls):
                queries.append(call)
    return queries, lookups


def _is_text(call: ast.Call) -> bool:
    return bool(call.args) and (
        isinstance(call.args[0], ast.JoinedStr)
        or (
            isinstance(call.args[0], ast.Constant)
            and isinstance(call.args[0].value, str)
        )
    )


def builds(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    """Whether a call begins a statement: `select(...)`, `text(...)`, …"""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    return name in _BEGINNINGS and not _BUILDERS.isdisjoint(
        review.static_names(file, call)
    )
