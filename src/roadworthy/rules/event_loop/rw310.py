"""RW310 sync-database-engine."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.event_loop.definitions import Definitions
from roadworthy.rules.event_loop.places import (
    called_names,
    entry_at,
    keyword,
    last_name,
)
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.trees import targets_of
from roadworthy.values.atoms import ExternalInstance

RULE = Rule(
    code="RW310",
    name="sync-database-engine",
    severity="warning",
    summary="A synchronous engine, session factory or connection pool that routes use.",
    why=(
        "Every query over it either stops the event loop or holds one of the 40 threads "
        "of the process until the database answers. What the database could take in "
        "parallel, the service then cannot."
    ),
    instead=(
        "`create_async_engine` with an asynchronous driver (`asyncpg`, `aiomysql`, "
        "`aiosqlite`) and `async_sessionmaker`; `redis.asyncio`, `AsyncMongoClient`."
    ),
    wrong="""\
from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
engine = create_engine("postgresql+psycopg://db/app")  # expect: RW310
SessionLocal = sessionmaker(bind=engine)  # expect: RW310


def get_db() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session


@app.get("/now")
def read_now(db: Annotated[Session, Depends(get_db)]) -> str:
    return str(db.scalar(text("select now()")))
""",
    right="""\
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import (
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

app = FastAPI()
engine = create_async_engine("postgresql+asyncpg://db/app")
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)


async def get_db() -> AsyncIterator[AsyncSession]:
    async with SessionLocal() as session:
        yield session


@app.get("/now")
async def read_now(db: Annotated[AsyncSession, Depends(get_db)]) -> str:
    return str(await db.scalar(text("select now()")))
""",
    references=(
        "https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html",
        "https://redis.readthedocs.io/en/stable/examples/asyncio_examples.html",
    ),
)

_ENGINES = frozenset(
    {
        "sqlalchemy.create_engine",
        "sqlalchemy.engine.create_engine",
        "sqlalchemy.engine_from_config",
        "sqlmodel.create_engine",
        "psycopg2.pool.SimpleConnectionPool",
        "psycopg2.pool.ThreadedConnectionPool",
        "psycopg_pool.ConnectionPool",
        "mysql.connector.pooling.MySQLConnectionPool",
        "pymongo.MongoClient",
        "pymongo.mongo_client.MongoClient",
        "redis.Redis",
        "redis.StrictRedis",
        "redis.from_url",
        "redis.Redis.from_url",
        "redis.StrictRedis.from_url",
        "redis.ConnectionPool",
        "redis.ConnectionPool.from_url",
        "redis.BlockingConnectionPool",
        "redis.RedisCluster",
        "peewee.SqliteDatabase",
        "peewee.PostgresqlDatabase",
        "peewee.MySQLDatabase",
        "playhouse.pool.PooledSqliteDatabase",
        "playhouse.pool.PooledPostgresqlDatabase",
        "playhouse.pool.PooledMySQLDatabase",
    }
)
_FACTORIES = frozenset({"sqlalchemy.orm.sessionmaker", "sqlmodel.sessionmaker"})
_QUEUES = ("rq.", "huey.", "celery.", "dramatiq.", "rq_scheduler.")
_LAST = frozenset({name.rpartition(".")[2] for name in _ENGINES | _FACTORIES})
_WORDS = tuple(
    sorted(
        {"create_engine", "engine_from_config", "sessionmaker"}
        | {
            name.partition(".")[0]
            for name in _ENGINES
            if not name.startswith("sqlalchemy")
        }
    )
)


def check(review: Review) -> Iterator[Finding]:
    """Flag the constructions whose results reached functions use."""
    found = list(_constructions(review))
    if not found:
        return
    definitions = Definitions(review)
    for file, call in found:
        if _is_passing(file, call):
            continue
        entry = entry_at(review, file, call)
        if entry is None and not _is_used(definitions, file, call):
            continue
        if _is_for_a_queue(review, file, call):
            continue
        yield review.finding(
            RULE,
            file,
            call,
            f"`{file.text(call.func)}(...)` is synchronous, and routes use what it makes",
            entry=entry,
        )


def _is_for_a_queue(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    """Whether a connection is only handed to a task queue, which knows no other kind."""
    uses: list[ast.AST | None] = [file.parent(call)]
    statement = file.statement_of(call)
    targets = targets_of(statement) if statement is not None else []
    if targets:
        names = {target.id for target in targets if isinstance(target, ast.Name)}
        if len(names) != len(targets):
            return False
        if any(
            alias.name in names
            for other in review.files
            if other is not file and other.mentions(*names)
            for imported in other.nodes(ast.ImportFrom)
            for alias in imported.names
        ):
            return False
        uses = [
            file.parent(node)
            for node in file.nodes(ast.Name)
            if node.id in names and isinstance(node.ctx, ast.Load)
        ]
    calls = [file.parent(u) if isinstance(u, ast.keyword) else u for u in uses]
    return bool(calls) and all(
        isinstance(each, ast.Call)
        and any(name.startswith(_QUEUES) for name in review.static_names(file, each))
        for each in calls
    )


def _is_passing(file: ReviewedFile, call: ast.Call) -> bool:
    """Whether what is made serves one run of a function: a probe, a migration.

    It is kept in a local name at most, and neither handed out nor on.
    """
    function = file.function_of(call)
    if function is None:
        return False
    parent = file.parent(call)
    if isinstance(parent, (ast.Attribute, ast.withitem)):
        return True
    targets = targets_of(parent) if parent is not None else []
    if len(targets) != 1:
        return False
    target = targets[0]
    if not isinstance(target, ast.Name) or target.id not in file.local_names(function):
        return False
    for node in walk(function):
        if (
            isinstance(node, ast.Name)
            and node.id == target.id
            and isinstance(node.ctx, ast.Load)
        ):
            user = file.parent(node)
            if not isinstance(user, (ast.Attribute, ast.Compare, ast.If, ast.withitem)):
                return False
    return True


def _constructions(review: Review) -> Iterator[tuple[ReviewedFile, ast.Call]]:
    for file in review.files:
        if not file.mentions(*_WORDS):
            continue
        for call in file.nodes(ast.Call):
            if isinstance(call.func, ast.Attribute) and call.func.attr not in _LAST:
                continue
            names = called_names(review, file, call, _LAST)
            if not names:
                continue
            if names <= _ENGINES:
                if not _is_made_async(review, file, call):
                    yield file, call
            elif names <= _FACTORIES and _is_synchronous(review, file, call):
                yield file, call


def _is_made_async(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    """Whether an engine is only what an `AsyncEngine` is built around."""
    parent = file.parent(call)
    return isinstance(parent, ast.Call) and last_name(parent.func) == "AsyncEngine"


def _is_synchronous(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    """Whether a session factory hands out synchronous sessions over an engine."""
    if any(part.arg is None for part in call.keywords):
        return False
    made = review.value(file, call)
    if not kinds.all_are(made, _is_factory):
        return False
    bind = call.args[0] if call.args else keyword(call, "bind")
    if bind is None:
        return True
    return kinds.any_is(review.value(file, bind), _is_engine)


def _is_factory(atom: object) -> bool:
    return isinstance(atom, ExternalInstance) and atom.path in _FACTORIES


def _is_engine(atom: object) -> bool:
    return isinstance(atom, ExternalInstance) and atom.path.rpartition(".")[2] in (
        "Engine",
        "Connection",
    )


def _is_used(definitions: Definitions, file: ReviewedFile, call: ast.Call) -> bool:
    top = definitions.top_of(file, call)
    if top is None or not definitions.is_used(file, top):
        return False
    statement = file.statement_of(call)
    target: ast.expr | None = None
    if isinstance(statement, ast.Assign):
        target = statement.targets[0]
    elif isinstance(statement, ast.AnnAssign):
        target = statement.target
    if isinstance(top, ast.ClassDef) and isinstance(target, ast.Attribute):
        return definitions.is_attribute_read(target.attr, top)
    return True
