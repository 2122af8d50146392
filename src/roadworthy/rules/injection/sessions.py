"""Where database sessions and connections are opened."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from roadworthy.rules import kinds, library_names
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.values.atoms import (
    Atom,
    Awaitable,
    ClassAtom,
    ExternalInstance,
    Function,
    Suspended,
    Value,
    Wrapped,
)
from roadworthy.values.program import FunctionInfo

if TYPE_CHECKING:
    from roadworthy.rules.review import Review

_OPENS = frozenset(
    {
        "sqlalchemy.Engine.connect",
        "sqlalchemy.Engine.begin",
        "sqlalchemy.Engine.raw_connection",
        "sqlalchemy.ext.asyncio.AsyncEngine.connect",
        "sqlalchemy.ext.asyncio.AsyncEngine.begin",
        "sqlalchemy.ext.asyncio.AsyncEngine.raw_connection",
        "sqlalchemy.orm.sessionmaker.__call__",
        "sqlalchemy.orm.sessionmaker.begin",
        "sqlalchemy.ext.asyncio.async_sessionmaker.__call__",
        "sqlalchemy.ext.asyncio.async_sessionmaker.begin",
        "sqlite3.connect",
        "aiosqlite.connect",
        "asyncpg.connect",
        "psycopg.connect",
        "psycopg.Connection.connect",
        "psycopg.AsyncConnection.connect",
        "psycopg2.connect",
        "pymysql.connect",
        "aiomysql.connect",
        "mysql.connector.connect",
        "mysql.connector.aio.connect",
        "aiopg.connect",
        "asyncpg.Pool.acquire",
        "asyncpg.pool.Pool.acquire",
        "psycopg_pool.ConnectionPool.connection",
        "psycopg_pool.AsyncConnectionPool.connection",
        "psycopg_pool.ConnectionPool.getconn",
        "psycopg_pool.AsyncConnectionPool.getconn",
        "psycopg2.pool.ThreadedConnectionPool.getconn",
        "psycopg2.pool.SimpleConnectionPool.getconn",
        "aiomysql.Pool.acquire",
    }
)
_FACTORIES = frozenset(
    {"sqlalchemy.orm.sessionmaker", "sqlalchemy.ext.asyncio.async_sessionmaker"}
)
"""Classes whose instances, called, open a session."""
_REGISTRIES = frozenset(
    {
        "sqlalchemy.orm.scoped_session",
        "sqlalchemy.ext.asyncio.async_scoped_session",
    }
)
"""Factories that hand out one session for each thread or task, and close it elsewhere."""
_CONTEXTS = frozenset({"context", "async context"})
_DEEPEST = 3


def is_handle(atom: Atom) -> bool:
    """Whether an atom is an open session or connection; a registry of them is none."""
    if isinstance(atom, ExternalInstance) and atom.path in _REGISTRIES:
        return False
    return kinds.is_session(atom) or kinds.is_connection(atom)


def opens(
    review: Review,
    file: ReviewedFile,
    call: ast.Call,
    depth: int = _DEEPEST,
) -> bool:
    """Whether a call opens a session or connection, itself or in a function it calls.

    The function must hand out what it opens: return it, or yield it as the context
    manager that it is.
    """
    callees = review.callees(file, call)
    if not callees:
        return False
    return all(_opens_one(review, file, call, atom, depth) for atom in callees)


def _opens_one(
    review: Review,
    file: ReviewedFile,
    call: ast.Call,
    atom: Atom,
    depth: int,
) -> bool:
    if isinstance(atom, Wrapped) and atom.kind in _CONTEXTS:
        return any(
            isinstance(part, Function) and _hands_out(review, part.function, depth)
            for part in atom.value
        )
    if isinstance(atom, Function):
        if atom.function.code.is_generator:
            return False
        return _hands_out(review, atom.function, depth)
    if isinstance(atom, ClassAtom):
        return is_class_of_handles(atom)
    if isinstance(atom, ExternalInstance):
        return atom.path in _FACTORIES
    names = set(review.names_of(atom))
    if "builtins.next" in names or "builtins.anext" in names:
        return bool(call.args) and _begins_opening(review, file, call.args[0], depth)
    if not _OPENS.isdisjoint(names):
        return True
    return is_class_of_handles(atom)


def is_class_of_handles(atom: Atom) -> bool:
    """Whether an atom is the class of sessions or connections: calling it opens one."""
    if isinstance(atom, ClassAtom):
        return kinds.inherits(
            atom, library_names.SYNC_SESSIONS | library_names.ASYNC_SESSIONS
        )
    path = kinds.path_of(atom)
    return (
        path
        in (library_names.SYNC_SESSIONS | library_names.ASYNC_SESSIONS) - _REGISTRIES
    )


def _begins_opening(
    review: Review, file: ReviewedFile, argument: ast.expr, depth: int
) -> bool:
    return isinstance(argument, ast.Call) and any(
        isinstance(atom, Function) and _hands_out(review, atom.function, depth)
        for atom in review.callees(file, argument)
    )


def _hands_out(review: Review, info: FunctionInfo, depth: int) -> bool:
    """Whether a function returns or yields a session that it opens itself."""
    return depth > 0 and any(True for _ in handed_out(review, info, depth - 1))


def handed_out(
    review: Review, info: FunctionInfo, depth: int = _DEEPEST - 1
) -> Iterator[ast.Return | ast.Yield]:
    """Yield the places at which a function hands out a session that it opened."""
    file, node = review.file_of(info.module), review.node_of(info)
    if file is None or node is None:
        return
    opened = _names_opened(review, file, node, depth)
    for inner in own_nodes(node):
        if not isinstance(inner, (ast.Return, ast.Yield)) or inner.value is None:
            continue
        if file.scope(inner) is not node:
            continue
        value = inner.value
        if isinstance(value, ast.Await):
            value = value.value
        if (isinstance(value, ast.Name) and value.id in opened) or (
            isinstance(value, ast.Call) and opens(review, file, value, depth)
        ):
            yield inner


def _names_opened(
    review: Review, file: ReviewedFile, node: ast.AST, depth: int
) -> set[str]:
    """Return the names that a function binds to sessions that it opens."""
    found: set[str] = set()
    for inner in own_nodes(node):
        if isinstance(inner, ast.Assign) and len(inner.targets) == 1:
            target: ast.expr | None = inner.targets[0]
            value: ast.expr | None = inner.value
            pairs = [(target, value)]
        elif isinstance(inner, ast.AnnAssign):
            pairs = [(inner.target, inner.value)]
        elif isinstance(inner, (ast.With, ast.AsyncWith)):
            pairs = [(item.optional_vars, item.context_expr) for item in inner.items]
        else:
            continue
        for target, value in pairs:
            if isinstance(value, ast.Await):
                value = value.value
            if (
                isinstance(target, ast.Name)
                and isinstance(value, ast.Call)
                and opens(review, file, value, depth)
            ):
                found.add(target.id)
    return found


def yielded(value: Value) -> Value:
    """Return what entering or awaiting a value gives, as far as it tells."""
    found: list[Atom] = []
    for atom in value:
        if isinstance(atom, Suspended):
            summary = atom.call.summary
            found.extend(summary.yields if summary is not None else ())
        elif isinstance(atom, Awaitable):
            found.extend(atom.value)
        elif isinstance(atom, ExternalInstance) and "ContextManager" in atom.path:
            found.extend(part for held in atom.arguments for part in held)
        else:
            found.append(atom)
    return tuple(found)
