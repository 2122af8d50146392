"""RW208 unbounded-page-size."""

from __future__ import annotations

from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.flow import Use
from roadworthy.rules.handlers import Handler, HandlerParameter
from roadworthy.rules.review import Review
from roadworthy.values import hints
from roadworthy.values.atoms import External, Function, Value, Wrapped

RULE = Rule(
    code="RW208",
    name="unbounded-page-size",
    severity="warning",
    summary="A page size without an upper bound that reaches a query.",
    why=(
        "One request with `?limit=100000000` makes the database and this process load "
        "the whole table; a few of them take the service down."
    ),
    instead="Bound it: `limit: Annotated[int, Query(ge=1, le=100)] = 20`.",
    wrong="""\
from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine("postgresql+asyncpg://localhost/shop")
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


async def get_db():
    async with sessions() as session:
        yield session


@app.get("/books")
async def list_books(
    limit: int = 20,  # expect: RW208
    db: AsyncSession = Depends(get_db),
) -> list[str]:
    rows = await db.scalars(select(Book).limit(limit))
    return [book.title for book in rows]
""",
    right="""\
from typing import Annotated

from fastapi import Depends, FastAPI, Query
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine("postgresql+asyncpg://localhost/shop")
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]


async def get_db():
    async with sessions() as session:
        yield session


@app.get("/books")
async def list_books(
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    db: AsyncSession = Depends(get_db),
) -> list[str]:
    rows = await db.scalars(select(Book).limit(limit))
    return [book.title for book in rows]
""",
    references=(
        "https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/",
    ),
)

_NAMES = frozenset(
    {
        "limit",
        "page_size",
        "pagesize",
        "pageSize",
        "per_page",
        "perPage",
        "items_per_page",
        "page_limit",
        "size",
        "count",
        "max_results",
    }
)
_LIMITING = frozenset({"limit", "to_list", "fetchmany", "fetch_many", "slice", "top"})
_EXECUTING = frozenset(
    {
        "execute",
        "exec",
        "scalars",
        "scalar",
        "fetch",
        "fetchrow",
        "fetch_all",
        "fetchall",
        "fetch_one",
        "raw",
        "bindparams",
        "params",
        "aggregate",
    }
)
_DATABASES = (
    "sqlalchemy.",
    "sqlmodel.",
    "pymongo.",
    "motor.",
    "beanie.",
    "tortoise.",
    "django.",
    "peewee.",
    "asyncpg.",
    "psycopg.",
    "aiosqlite.",
    "sqlite3.",
    "databases.",
    "elasticsearch.",
)


def check(review: Review) -> Iterator[Finding]:
    """Flag page sizes of handlers and of dependencies that reach a query unbounded."""
    seen: set[tuple[object, str]] = set()
    for handler in review.handlers():
        if handler.is_websocket:
            continue
        for parameter in review.parameters(handler):
            key = (handler.function, parameter.name)
            if key in seen or not _is_page_size(parameter):
                continue
            seen.add(key)
            if _reaches_query(review, handler, parameter.name):
                assert parameter.node is not None
                yield review.finding(
                    RULE,
                    handler.file,
                    parameter.node,
                    f"`{parameter.name}` of {handler.label} reaches a query without "
                    "an upper bound",
                    entry=handler,
                )


def _is_page_size(parameter: HandlerParameter) -> bool:
    if parameter.name not in _NAMES or parameter.kind != "query":
        return False
    plain = parameter.plain_types
    if parameter.node is None or not plain or _is_bounded(parameter):
        return False
    return all(
        isinstance(atom, External) and atom.path == "builtins.int" for atom in plain
    )


def _is_bounded(parameter: HandlerParameter) -> bool:
    for value in (parameter.default, *hints.metadata(parameter.types)):
        for atom in value:
            if isinstance(atom, Wrapped) and atom.kind == "parameter":
                if any(name in atom.extra.keywords for name in ("le", "lt")):
                    return True
            elif any(
                word in name
                for name in kinds.lineage(atom)
                for word in ("annotated_types", "pydantic", "Le", "Lt", "Interval")
            ):
                return True
    return False


def _reaches_query(review: Review, handler: Handler, name: str) -> bool:
    flow = review.flow(handler.atom, (name,))
    if any(_bounds(operator, other) for operator, other in flow.compared):
        return False
    return any(_is_query(use) for use in flow.uses)


def _bounds(operator: str, other: Value) -> bool:
    """Whether a comparison may keep the value small: not one with zero or one."""
    constants = kinds.constants(other)
    if constants is None:
        return True
    return any(isinstance(one, int) and one > 1 for one in constants)


def _is_query(use: Use) -> bool:
    if use.is_owner and not use.arguments:
        return False
    if any(isinstance(atom, (Function,)) for atom in use.callee):
        return False
    if use.method in _LIMITING and 0 in use.arguments:
        return True
    if use.method in _EXECUTING and (
        not use.names or any(name.startswith(_DATABASES) for name in use.names)
    ):
        return True
    return any(name.startswith(_DATABASES) for name in use.names) and any(
        argument in ("limit", "size", "count") for argument in use.arguments
    )
