"""Queries that a function builds and runs itself."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from roadworthy.rules import kinds, library_names
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.values.atoms import Atom, ClassAtom

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
_BEANIE = "find find_one find_all find_many aggregate insert_many delete_all count"
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
    "beanie.Document": _BEANIE,
    "beanie.odm.documents.Document": _BEANIE,
}


def _methods(owners: Iterable[str], names: str) -> frozenset[str]:
    return frozenset(f"{owner}.{name}" for owner in owners for name in names.split())


_STATEMENTS = _methods(_SESSIONS, _STATEMENT)
"""Methods that run a statement, which may have been built elsewhere."""
_LOOKUPS = _methods(_SESSIONS, "get get_one") | _methods(
    ("beanie.Document", "beanie.odm.documents.Document"), "get"
)
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
_CHAINED = _methods(
    ("sqlalchemy.orm.Query", "django.db.models.Manager", "django.db.models.QuerySet"),
    f"{_QUERY} {_ORM}",
) | _methods(("tortoise.models.Model", "tortoise.Model", "peewee.Model"), _ORM)
"""Methods of a query that may have been built elsewhere."""
_LAST = frozenset(
    name.rpartition(".")[2] for name in _STATEMENTS | _LOOKUPS | _BUILT_AND_RUN
)


def own_queries(
    review: Review, file: ReviewedFile, node: FunctionNode
) -> tuple[list[ast.Call], list[ast.Call]]:
    """Return the queries that a function builds and runs, and its lookups by key.

    A chain of calls (`Pen.objects.filter(...).first()`) is one query.
    """
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
            if _CHAINED.isdisjoint(names) or _is_begun_here(review, file, node, call):
                queries.append(call)
        elif not _STATEMENTS.isdisjoint(names):
            if _is_text(call) or any(builds(review, file, other) for other in calls):
                queries.append(call)
    beginnings = {id(below) for call in queries for below in _below(call)}
    return [call for call in queries if id(call) not in beginnings], lookups


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


def _below(call: ast.Call) -> Iterator[ast.Call]:
    """Yield the calls on whose results a call is made: those to its left in a chain."""
    node: ast.expr = call.func
    while True:
        if isinstance(node, ast.Call):
            yield node
            node = node.func
        elif isinstance(node, (ast.Attribute, ast.Await, ast.Subscript)):
            node = node.value
        else:
            return


def _is_begun_here(
    review: Review,
    file: ReviewedFile,
    node: FunctionNode,
    call: ast.Call,
    depth: int = 2,
) -> bool:
    """Whether a function builds the query that a call runs, or adds to it.

    Reading what a function of the data layer has built (`(await pens_of(user)).all()`)
    is not building a query.
    """
    chain = [call, *_below(call)]
    if any(part.args or part.keywords for part in chain if _is_method(part)):
        return True
    if any("sqlalchemy.orm.Session.query" in review.names(file, c) for c in chain):
        return True
    root: ast.expr = chain[-1].func
    while isinstance(root, (ast.Attribute, ast.Subscript, ast.Await)):
        root = root.value
    if kinds.any_is(review.value(file, root), _is_table):
        return True
    return (
        isinstance(root, ast.Name)
        and depth > 0
        and any(
            isinstance(inner, ast.Call)
            and _is_begun_here(review, file, node, inner, depth - 1)
            for given in own_nodes(node)
            if isinstance(given, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == root.id for t in given.targets)
            for inner in (_awaited(given.value),)
        )
    )


def _is_table(atom: Atom) -> bool:
    return isinstance(atom, ClassAtom) and kinds.inherits(atom, library_names.TABLES)


def _is_method(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in _LAST


def _awaited(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Await) else node
