"""RW318 lazy-load-in-async."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.event_loop.places import last_name, target_names
from roadworthy.rules.event_loop.queries import DataAccess
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.bindings import arguments_for
from roadworthy.rules.security.tracing import tracer
from roadworthy.values.atoms import Function, Instance
from roadworthy.values.program import ClassInfo, FunctionInfo

RULE = Rule(
    code="RW318",
    name="lazy-load-in-async",
    severity="error",
    summary="A lazy relationship read on an object of an `AsyncSession`.",
    why=(
        "Reading the attribute wants to ask the database, and no `await` stands there: "
        "SQLAlchemy raises `MissingGreenlet`, and the request ends with status 500. It "
        "shows only where the related rows were not loaded before by chance."
    ),
    instead=(
        "Load it with the query (`.options(selectinload(User.items))`), set "
        '`lazy="selectin"` on the relationship, or `await user.awaitable_attrs.items`.'
    ),
    wrong="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import ForeignKey
from sqlalchemy.ext.asyncio import (
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "item"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    items: Mapped[list[Item]] = relationship()


app = FastAPI()
SessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))


async def get_db():
    async with SessionLocal() as session:
        yield session


@app.get("/users/{user_id}/count")
async def count(user_id: int, db: Annotated[AsyncSession, Depends(get_db)]) -> int:
    user = await db.get_one(User, user_id)
    return len(user.items)  # expect: RW318
""",
    right="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import ForeignKey
from sqlalchemy.ext.asyncio import (
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    mapped_column,
    relationship,
    selectinload,
)


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "item"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    items: Mapped[list[Item]] = relationship()


app = FastAPI()
SessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))


async def get_db():
    async with SessionLocal() as session:
        yield session


@app.get("/users/{user_id}/count")
async def count(user_id: int, db: Annotated[AsyncSession, Depends(get_db)]) -> int:
    user = await db.get_one(User, user_id, options=[selectinload(User.items)])
    return len(user.items)
""",
    references=(
        "https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html"
        "#preventing-implicit-io-when-using-asyncsession",
    ),
)

_RELATIONSHIPS = frozenset(
    {
        "sqlalchemy.orm.relationship",
        "sqlalchemy.orm.relation",
        "sqlmodel.Relationship",
        "sqlmodel.main.Relationship",
    }
)
_MOST_CALLERS = 12
_EAGER = frozenset(
    {
        "contains_eager",
        "defaultload",
        "immediateload",
        "joinedload",
        "raiseload",
        "selectinload",
        "subqueryload",
        "options",
        "with_loader_criteria",
    }
)
"""Calls that decide how relationships are loaded."""


def check(review: Review) -> Iterator[Finding]:
    """Flag reads of lazy relationships on what an `AsyncSession` loaded."""
    lazy = dict(_lazy_relationships(review))
    if not lazy:
        return
    names = {name for attributes in lazy.values() for name in attributes}
    loads = _Loads(review)
    for file in review.files:
        if not file.mentions(*names):
            continue
        for node, info in review.reached_functions(file):
            for read in own_nodes(node):
                if (
                    isinstance(read, ast.Attribute)
                    and read.attr in names
                    and isinstance(read.ctx, ast.Load)
                    and isinstance(read.value, ast.Name)
                    and file.scope(read) is node
                    and _is_lazy(review, file, read, lazy)
                    and loads.is_loaded(file, node, info, read.value)
                ):
                    yield review.finding(
                        RULE,
                        file,
                        read,
                        f"`{file.text(read)}` is loaded when it is read, which an "
                        "`AsyncSession` cannot do: `MissingGreenlet`",
                        entry=review.entry_of(info),
                    )


def _lazy_relationships(review: Review) -> Iterator[tuple[ClassInfo, set[str]]]:
    for file in review.files:
        if not file.mentions("relationship", "Relationship"):
            continue
        for node, cls in review.classes(file):
            found: set[str] = set()
            for statement in node.body:
                value = getattr(statement, "value", None)
                if not isinstance(value, ast.Call):
                    continue
                if last_name(value.func).lower() not in ("relationship", "relation"):
                    continue
                names = review.static_names(file, value)
                if not names or not names <= _RELATIONSHIPS or not _is_select(value):
                    continue
                if isinstance(statement, ast.Assign):
                    for target in statement.targets:
                        found |= target_names(target)
                elif isinstance(statement, ast.AnnAssign):
                    found |= target_names(statement.target)
            if found:
                yield cls, found


def _is_select(call: ast.Call) -> bool:
    """Whether a relationship is loaded when it is read, as far as the call says."""
    for given in call.keywords:
        if given.arg is None:
            return False
        if given.arg == "lazy":
            return isinstance(given.value, ast.Constant) and given.value.value in (
                "select",
                True,
            )
        if given.arg == "sa_relationship_kwargs":
            if not isinstance(given.value, ast.Dict):
                return False
            for key, value in zip(given.value.keys, given.value.values, strict=True):
                if not isinstance(key, ast.Constant):
                    return False
                if key.value == "lazy":
                    return isinstance(value, ast.Constant) and value.value == "select"
    return True


def _is_lazy(
    review: Review,
    file: ReviewedFile,
    read: ast.Attribute,
    lazy: dict[ClassInfo, set[str]],
) -> bool:
    owners = kinds.known(review.value(file, read.value))
    return bool(owners) and all(
        isinstance(atom, Instance)
        and kinds.is_table_model(atom)
        and any(
            read.attr in lazy.get(base, ())
            for base in atom.cls.mro
            if isinstance(base, ClassInfo)
        )
        for atom in owners
    )


class _Loads:
    """Tells objects that a query without loading options gave."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._access = DataAccess(review)
        self._asking: set[FunctionInfo] = set()

    def is_loaded(
        self,
        file: ReviewedFile,
        node: FunctionNode,
        info: FunctionInfo,
        name: ast.Name,
    ) -> bool:
        """Whether a name holds what an `AsyncSession` loaded, relationships not."""
        arguments = node.args
        every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        if any(a.arg == name.id for a in every):
            return self._is_injected(file, node, name) or (
                not self._decides(file, node, info, name.id)
                and not any(True for _ in _sources(file, node, name.id))
                and self._is_given(info, name.id)
            )
        if not isinstance(node, ast.AsyncFunctionDef):
            return False
        sources = list(_sources(file, node, name.id))
        if not sources or self._decides(file, node, info, name.id):
            return False
        return all(self._is_query(file, source) for source in sources)

    def _is_given(self, info: FunctionInfo, name: str) -> bool:
        """Whether some caller hands over what it loaded, relationships not."""
        review = self._review
        trace = tracer(review)
        if review.handler_of(info) is not None or info in self._asking:
            return False
        self._asking.add(info)
        try:
            for caller in review.callers(info)[:_MOST_CALLERS]:
                file, node = review.file_of(caller.module), review.node_of(caller)
                if file is None or node is None:
                    continue
                for call, callee in trace.calls_of(file, node, info):
                    for given in arguments_for(call, callee, name):
                        if isinstance(given, ast.Name) and self.is_loaded(
                            file, node, caller, given
                        ):
                            return True
        finally:
            self._asking.discard(info)
        return False

    def _is_query(self, file: ReviewedFile, source: ast.expr) -> bool:
        """Whether an expression awaits a query, or data access without options."""
        asked = False
        for inner in walk(source):
            if not isinstance(inner, ast.Call):
                continue
            for atom in self._review.callees(file, inner):
                if isinstance(atom, Function):
                    if not self._access.asks(atom.function, 2):
                        return False
                    if self._is_eager(atom.function, 3):
                        return False
                    asked = True
            if any(
                name.startswith(("sqlalchemy.ext.asyncio.", "sqlmodel.ext.asyncio."))
                for name in self._review.names(file, inner)
            ):
                asked = True
        return asked

    def _is_injected(
        self, file: ReviewedFile, node: FunctionNode, name: ast.Name
    ) -> bool:
        info = self._review.function_info(file, node)
        handler = self._review.handler_of(info) if info is not None else None
        if handler is None or info is None or self._decides(file, node, info, name.id):
            return False
        if any(True for _ in _sources(file, node, name.id)):
            return False
        for use in self._review.dependencies(handler):
            if use.parameter == name.id and use.owner is info and use.functions:
                return all(
                    self._asks_below(f, 4) and not self._is_eager(f.function, 4)
                    for f in use.functions
                )
        return False

    def _asks_below(self, function: Function, depth: int) -> bool:
        if self._access.asks(function.function, 2):
            return True
        return depth > 0 and any(
            self._asks_below(inner, depth - 1)
            for use in self._review.dependencies(function)
            if use.depth == 0
            for inner in use.functions
        )

    def _decides(
        self, file: ReviewedFile, node: FunctionNode, info: FunctionInfo, name: str
    ) -> bool:
        """Whether a function says itself what is loaded, by options or a refresh."""
        for inner in own_nodes(node):
            if isinstance(inner, ast.Call):
                last = last_name(inner.func)
                if last in _EAGER or last in ("run_sync", "select_related"):
                    return True
                if last == "refresh" and len(inner.args) + len(inner.keywords) > 1:
                    return True
            elif isinstance(inner, ast.keyword) and inner.arg == "options":
                return True
            elif isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store):
                if isinstance(inner.value, ast.Name) and inner.value.id == name:
                    return True
        return any(self._is_eager(other, 1) for other in self._review.called(info))

    def _is_eager(self, info: FunctionInfo, depth: int) -> bool:
        """Whether a function, or one that it calls, gives loading options."""
        review = self._review
        node, file = review.node_of(info), review.file_of(info.module)
        if node is None or file is None:
            return False
        for inner in own_nodes(node):
            if isinstance(inner, ast.Call) and last_name(inner.func) in _EAGER:
                return True
            if isinstance(inner, ast.keyword) and inner.arg == "options":
                return True
            if isinstance(inner, ast.Call) and last_name(inner.func) == "refresh":
                if len(inner.args) + len(inner.keywords) > 1:
                    return True
        return depth > 0 and any(
            self._is_eager(other, depth - 1)
            for other in review.called(info)
            if other is not info
        )


def _sources(file: ReviewedFile, node: FunctionNode, name: str) -> Iterator[ast.expr]:
    """Yield the expressions that a local name is bound to, or iterates over."""
    for inner in own_nodes(node):
        if isinstance(inner, ast.Assign):
            if any(name in target_names(t) for t in inner.targets):
                yield inner.value
        elif isinstance(inner, (ast.AnnAssign, ast.NamedExpr)):
            if name in target_names(inner.target) and inner.value is not None:
                yield inner.value
        elif isinstance(inner, (ast.For, ast.AsyncFor, ast.comprehension)):
            if name in target_names(inner.target):
                over = inner.iter
                if isinstance(over, ast.Name):
                    yield from _sources(file, node, over.id)
                else:
                    yield over
