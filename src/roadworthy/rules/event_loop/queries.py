"""Which calls ask a database, directly or in a function of data access."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.rules import kinds
from roadworthy.rules.event_loop.places import is_awaited, last_name
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.values.atoms import Function
from roadworthy.values.program import FunctionInfo

_SESSION = "execute exec get get_one refresh scalar scalars stream stream_scalars"
_METHODS = {
    "sqlalchemy.ext.asyncio.AsyncSession": _SESSION,
    "sqlalchemy.ext.asyncio.async_scoped_session": _SESSION,
    "sqlmodel.ext.asyncio.session.AsyncSession": _SESSION,
    "sqlalchemy.ext.asyncio.AsyncConnection": "execute exec_driver_sql scalar scalars stream",
    "asyncpg.Connection": "execute fetch fetchrow fetchval",
    "asyncpg.connection.Connection": "execute fetch fetchrow fetchval",
    "asyncpg.Pool": "execute fetch fetchrow fetchval",
    "asyncpg.pool.Pool": "execute fetch fetchrow fetchval",
    "psycopg.AsyncConnection": "execute",
    "psycopg.AsyncCursor": "execute",
    "aiosqlite.Connection": "execute",
    "aiosqlite.Cursor": "execute",
    "databases.Database": "execute fetch_all fetch_one fetch_val",
    "motor.motor_asyncio.AsyncIOMotorCollection": (
        "count_documents delete_one find_one insert_one replace_one update_one"
    ),
    "pymongo.asynchronous.collection.AsyncCollection": (
        "count_documents delete_one find_one insert_one replace_one update_one"
    ),
}
QUERIES = frozenset(
    f"{owner}.{name}" for owner, names in _METHODS.items() for name in names.split()
)
"""Methods that, awaited, ask the database once."""
_WRITES = frozenset(
    f"{owner}.{name}"
    for owner in _METHODS
    if owner.endswith(("ession", "async_scoped_session"))
    for name in ("commit", "flush")
)
_OTHER_WORK = (
    "httpx.",
    "httpx2.",
    "aiohttp.",
    "aiosmtplib.",
    "asyncio.create_subprocess",
    "asyncio.open_connection",
    "asyncio.sleep",
    "asyncio.to_thread",
    "asyncio.wait_for",
    "anyio.",
    "fastapi.",
    "starlette.",
)
_LAST = frozenset(name.rpartition(".")[2] for name in QUERIES | _WRITES)


def is_query(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    """Whether a call is one query of a library."""
    if last_name(call.func) not in _LAST:
        return False
    names = review.names(file, call)
    return bool(names) and names <= QUERIES


def is_switched_off(
    file: ReviewedFile, function: ast.AsyncFunctionDef, call: ast.Call
) -> bool:
    """Whether a call is made only under a flag that is off by default: `if flush:`."""
    arguments = function.args
    off = {
        argument.arg
        for argument, default in (
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
            *zip(
                arguments.args[len(arguments.args) - len(arguments.defaults) :],
                arguments.defaults,
                strict=True,
            ),
        )
        if isinstance(default, ast.Constant) and default.value is False
    }
    child: ast.AST = call
    for around in file.ancestors(call):
        if around is function:
            return False
        if (
            isinstance(around, ast.If)
            and isinstance(around.test, ast.Name)
            and around.test.id in off
            and any(child is statement for statement in around.body)
        ):
            return True
        child = around
    return False


class DataAccess:
    """Tells functions that ask the database themselves, or through one more function."""

    def __init__(self, review: Review, *, switched_on: bool = False) -> None:
        self._review = review
        self._switched_on = switched_on
        self._known: dict[FunctionInfo, bool] = {}
        self._other: dict[FunctionInfo, bool] = {}
        self._on: DataAccess | None = None

    def functions(self, file: ReviewedFile, call: ast.Call) -> Iterator[FunctionInfo]:
        """Yield the functions of data access that a call calls; none if one is not."""
        callees = [
            atom.function
            for atom in self._review.callees(file, call)
            if isinstance(atom, Function)
        ]
        access = self
        if any(
            isinstance(k.value, ast.Constant) and k.value.value is True
            for k in call.keywords
        ):
            access = self._with_flags
        if callees and all(access.asks(info, 2) for info in callees):
            yield from callees

    @property
    def _with_flags(self) -> DataAccess:
        """The same for calls that switch on what is off by default."""
        if self._switched_on:
            return self
        if self._on is None:
            self._on = DataAccess(self._review, switched_on=True)
        return self._on

    def asks(self, info: FunctionInfo, depth: int) -> bool:
        """Whether a function awaits queries, at most `depth` functions below."""
        known = self._known.get(info)
        if known is not None:
            return known
        self._known[info] = False
        found = self._asks(info, depth)
        if found or depth == 2:
            self._known[info] = found
        else:
            del self._known[info]
        return found

    def _asks(self, info: FunctionInfo, depth: int) -> bool:
        review = self._review
        file, node = review.file_of(info.module), review.node_of(info)
        if file is None or not isinstance(node, ast.AsyncFunctionDef):
            return False
        direct = False
        others: list[ast.Call] = []
        for call in own_nodes(node):
            if not isinstance(call, ast.Call) or not is_awaited(file, call):
                continue
            if not self._switched_on and is_switched_off(file, node, call):
                continue
            names = review.names(file, call) if last_name(call.func) in _LAST else None
            if names and names <= QUERIES | _WRITES:
                direct = True
            else:
                others.append(call)
        if any(self._is_other_work(file, call, 2) for call in others):
            return False
        # A function that hands on to data access is data access as well.
        return direct or (
            depth > 1
            and any(self._is_data_access(file, call, depth - 1) for call in others)
        )

    def _is_data_access(self, file: ReviewedFile, call: ast.Call, depth: int) -> bool:
        callees = self._review.callees(file, call)
        return bool(callees) and all(
            isinstance(atom, Function) and self.asks(atom.function, depth)
            for atom in callees
        )

    def _is_other_work(self, file: ReviewedFile, call: ast.Call, depth: int) -> bool:
        """Whether an awaited call leaves the database: a request, a thread, a wait."""
        for atom in self._review.callees(file, call):
            path = kinds.path_of(atom)
            if path is not None and path.startswith(_OTHER_WORK):
                return True
            if isinstance(atom, Function) and depth > 0:
                if self._does_other_work(atom.function, depth - 1):
                    return True
        return False

    def _does_other_work(self, info: FunctionInfo, depth: int) -> bool:
        known = self._other.get(info)
        if known is not None:
            return known
        self._other[info] = False
        file, node = self._review.file_of(info.module), self._review.node_of(info)
        found = (
            file is not None
            and isinstance(node, ast.AsyncFunctionDef)
            and any(
                self._is_other_work(file, call, depth)
                for call in own_nodes(node)
                if isinstance(call, ast.Call) and is_awaited(file, call)
            )
        )
        self._other[info] = found
        return found
