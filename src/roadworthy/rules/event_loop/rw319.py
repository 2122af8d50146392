"""RW319 expire-on-commit."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from roadworthy.findings import Finding, Fix
from roadworthy.fixes import places
from roadworthy.rules import kinds, library_names
from roadworthy.rules.base import Rule
from roadworthy.rules.event_loop.definitions import Definitions
from roadworthy.rules.event_loop.places import (
    called_names,
    entry_at,
    keyword,
    last_name,
)
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.security.tracing import tracer
from roadworthy.values.atoms import ExternalInstance, Instance
from roadworthy.values.program import FunctionInfo

RULE = Rule(
    code="RW319",
    name="expire-on-commit",
    severity="warning",
    summary="An `AsyncSession` whose objects expire on commit and are read afterwards.",
    why=(
        "By default a commit expires every object of the session; the next read of an "
        "attribute wants to load it again, which an `AsyncSession` cannot do without an "
        "`await`: `MissingGreenlet`, or a query more for each object."
    ),
    instead="`async_sessionmaker(engine, expire_on_commit=False)`.",
    wrong="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import (
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


app = FastAPI()
engine = create_async_engine("postgresql+asyncpg://db/app")
SessionLocal = async_sessionmaker(engine)  # expect: RW319


async def get_db():
    async with SessionLocal() as session:
        yield session


@app.post("/users")
async def create(name: str, db: Annotated[AsyncSession, Depends(get_db)]) -> int:
    user = User(name=name)
    db.add(user)
    await db.commit()
    return user.id
""",
    right="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import (
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


app = FastAPI()
engine = create_async_engine("postgresql+asyncpg://db/app")
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)


async def get_db():
    async with SessionLocal() as session:
        yield session


@app.post("/users")
async def create(name: str, db: Annotated[AsyncSession, Depends(get_db)]) -> int:
    user = User(name=name)
    db.add(user)
    await db.commit()
    return user.id
""",
    fixed="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import (
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


app = FastAPI()
engine = create_async_engine("postgresql+asyncpg://db/app")
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)  # expect: RW319


async def get_db():
    async with SessionLocal() as session:
        yield session


@app.post("/users")
async def create(name: str, db: Annotated[AsyncSession, Depends(get_db)]) -> int:
    user = User(name=name)
    db.add(user)
    await db.commit()
    return user.id
""",
    fix_summary="Adds `expire_on_commit=False`. Unsafe: after a commit, objects keep the values that they had; what the database itself sets is read only by `refresh()`.",
    fix_safe=False,
    references=(
        "https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html"
        "#preventing-implicit-io-when-using-asyncsession",
    ),
)

_MAKERS = frozenset(
    {
        "sqlalchemy.ext.asyncio.async_sessionmaker",
        "sqlalchemy.ext.asyncio.AsyncSession",
        "sqlmodel.ext.asyncio.session.AsyncSession",
    }
)
_SYNC_MAKERS = frozenset({"sqlalchemy.orm.sessionmaker"})
_LAST = ("async_sessionmaker", "AsyncSession", "sessionmaker")
_COMMITS = frozenset(
    {
        "sqlalchemy.ext.asyncio.AsyncSession.commit",
        "sqlmodel.ext.asyncio.session.AsyncSession.commit",
        "sqlalchemy.ext.asyncio.async_scoped_session.commit",
    }
)


def check(review: Review) -> Iterator[Finding]:
    """Flag what makes the sessions, where some function reads after a commit."""
    expiring: list[tuple[ReviewedFile, ast.Call]] = []
    keeping: list[tuple[ReviewedFile, ast.Call]] = []
    for file in review.files:
        if not file.mentions(*_LAST):
            continue
        for call in file.nodes(ast.Call):
            if isinstance(call.func, ast.Attribute) and call.func.attr not in _LAST:
                continue
            if _makes_sessions(review, file, call):
                expires = _expires(review, file, call)
                if expires:
                    expiring.append((file, call))
                elif expires is not None:
                    keeping.append((file, call))
                else:
                    return
    if not expiring:
        return
    where = _read_after_commit(review)
    if where is None:
        return
    definitions = Definitions(review)

    def is_used(file: ReviewedFile, call: ast.Call) -> bool:
        top = definitions.top_of(file, call)
        return top is not None and definitions.is_used(file, top)

    if any(is_used(file, call) for file, call in keeping):
        # Which factory made the sessions of the function cannot be told.
        return
    other, line = where
    for file, call in expiring:
        if is_used(file, call):
            yield review.finding(
                RULE,
                file,
                call,
                f"`{file.text(call.func)}(...)` lets objects expire on commit, and "
                f"{other.relative}:{line} reads one afterwards",
                entry=entry_at(review, file, call),
            )


def _makes_sessions(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    names = called_names(review, file, call, _LAST)
    if not names or any(
        isinstance(atom, ExternalInstance) for atom in review.callees(file, call)
    ):
        return False
    if names <= _MAKERS:
        return True
    if names <= _SYNC_MAKERS:
        cls = keyword(call, "class_")
        return cls is not None and kinds.any_is(
            review.value(file, cls),
            lambda a: kinds.inherits(a, library_names.ASYNC_SESSIONS),
        )
    return False


def _expires(review: Review, file: ReviewedFile, call: ast.Call) -> bool | None:
    if any(part.arg is None for part in call.keywords):
        return None
    given = keyword(call, "expire_on_commit")
    if given is None:
        return True
    value = review.value(file, given)
    if kinds.is_false(value):
        return False
    return True if kinds.is_true(value) else None


def _read_after_commit(review: Review) -> tuple[ReviewedFile, int] | None:
    """Return where an object is read after the commit of its session."""
    committing: dict[FunctionInfo, None] = {}
    for file in review.files:
        if not file.mentions(".commit("):
            continue
        for node, info in review.reached_functions(file):
            if not isinstance(node, ast.AsyncFunctionDef):
                continue
            for call in own_nodes(node):
                if (
                    isinstance(call, ast.Call)
                    and last_name(call.func) == "commit"
                    and review.names(file, call) & _COMMITS
                ):
                    line = _first_read(review, file, node, call)
                    if line is not None:
                        return file, line
                    if not _refreshes(node):
                        committing[info] = None
    return _read_by_caller(review, committing)


def _refreshes(node: FunctionNode) -> bool:
    return any(
        isinstance(part, ast.Call) and last_name(part.func) == "refresh"
        for part in own_nodes(node)
    )


def _read_by_caller(
    review: Review, committing: Iterable[FunctionInfo]
) -> tuple[ReviewedFile, int] | None:
    """Return where a caller reads an object that it handed to what commits."""
    trace = tracer(review)
    for info in committing:
        for caller in review.callers(info):
            file, node = review.file_of(caller.module), review.node_of(caller)
            if file is None or not isinstance(node, ast.AsyncFunctionDef):
                continue
            for call, _ in trace.calls_of(file, node, info):
                given = {
                    argument.id
                    for argument in (*call.args, *(k.value for k in call.keywords))
                    if isinstance(argument, ast.Name)
                }
                line = _first_read(review, file, node, call, given)
                if line is not None:
                    return file, line
    return None


def _first_read(
    review: Review,
    file: ReviewedFile,
    node: FunctionNode,
    commit: ast.Call,
    of: set[str] | None = None,
) -> int | None:
    last = _end_of_path(file, commit)
    loads: list[ast.Name] = []
    stores: dict[str, list[int]] = {}
    refreshed: dict[str, list[int]] = {}
    for inner in own_nodes(node):
        if isinstance(inner, ast.Name):
            if isinstance(inner.ctx, ast.Load):
                loads.append(inner)
            else:
                stores.setdefault(inner.id, []).append(inner.lineno)
        elif isinstance(inner, ast.Call) and last_name(inner.func) == "refresh":
            for argument in inner.args[:1]:
                if isinstance(argument, ast.Name):
                    refreshed.setdefault(argument.id, []).append(inner.lineno)
    arguments = node.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    parameters = {a.arg for a in every}
    for name in sorted(loads, key=lambda n: n.lineno):
        line = name.lineno
        if not commit.lineno < line <= last or (of is not None and name.id not in of):
            continue
        bound = stores.get(name.id, [])
        if any(commit.lineno < at <= line for at in bound):
            continue
        if not bound and name.id not in parameters:
            continue
        if any(commit.lineno < at <= line for at in refreshed.get(name.id, [])):
            continue
        if not _reads(file, name) or _is_elsewhere(file, commit, name):
            continue
        value = review.value(file, name)
        if kinds.any_is(value, _is_row):
            return line
    return None


def _is_row(atom: object) -> bool:
    return isinstance(atom, Instance) and kinds.is_table_model(atom)


def _reads(file: ReviewedFile, name: ast.Name) -> bool:
    """Whether an object's attributes are read here, by the code or by FastAPI."""
    parent = file.parent(name)
    if isinstance(parent, ast.Attribute):
        return isinstance(parent.ctx, ast.Load) and parent.attr != "awaitable_attrs"
    if isinstance(parent, ast.Return):
        return True
    return isinstance(parent, ast.Call) and last_name(parent.func) in (
        "model_validate",
        "from_orm",
        "parse_obj",
    )


def _is_elsewhere(file: ReviewedFile, commit: ast.Call, name: ast.Name) -> bool:
    """Whether a read stands in a branch that is not taken after the commit."""
    around: dict[ast.AST, ast.AST] = {}
    child: ast.AST = commit
    for parent in file.ancestors(commit):
        around[parent] = child
        child = parent
    child = name
    for parent in file.ancestors(name):
        if parent in around:
            if isinstance(parent, (ast.If, ast.Try)):
                before, here = around[parent], child
                return any(s is before for s in parent.body) and not any(
                    s is here for s in (*parent.body, *getattr(parent, "finalbody", ()))
                )
            return False
        child = parent
    return False


def _end_of_path(file: ReviewedFile, commit: ast.Call) -> int:
    """Return the last line that may run after a commit: its branch may leave before."""
    child: ast.AST = file.statement_of(commit)
    for parent in file.ancestors(child):
        for block in ("body", "orelse", "finalbody"):
            statements = getattr(parent, block, None)
            if not isinstance(statements, list):
                continue
            if any(s is child for s in statements):
                end = statements[-1]
                if isinstance(end, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
                    return end.end_lineno or end.lineno
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return parent.end_lineno or parent.lineno
        child = parent
    return commit.lineno


def fix(review: Review, finding: Finding) -> Fix | None:
    """Let objects keep their values after a commit."""
    file = places.file_of(review, finding)
    call = places.node_at(file, finding, ast.Call) if file is not None else None
    if file is None or call is None:
        return None
    given = keyword(call, "expire_on_commit")
    if given is not None:
        edit = places.replace(file, given, "False")
    else:
        edit = places.argument(file, call, "expire_on_commit=False")
    return Fix(
        False,
        (edit,),
        "after a commit objects keep the values they had; what the database sets is "
        "read only by `refresh()`",
    )
