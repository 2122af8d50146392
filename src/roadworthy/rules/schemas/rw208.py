"""RW208 unbounded-page-size."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.findings import Edit, Finding, Fix, Import
from roadworthy.fixes import imports, parameters, places
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.flow import Use
from roadworthy.rules.handlers import Handler, HandlerParameter
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.values import hints
from roadworthy.values.atoms import ClassAtom, External, Function, Value, Wrapped
from roadworthy.values.program import ClassInfo

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
    fixed="""\
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
    limit: Annotated[int, Query(le=100)] = 20,  # expect: RW208
    db: AsyncSession = Depends(get_db),
) -> list[str]:
    rows = await db.scalars(select(Book).limit(limit))
    return [book.title for book in rows]
""",
    fix_summary="Adds `le=100` (or the default, where that is larger). Unsafe: who asks for more is answered with 422.",
    fix_safe=False,
    references=(
        "https://owasp.org/API-Security/editions/2023/en/0xa4-unrestricted-resource-consumption/",
    ),
)

_MOST = 100
_QUERY = "from fastapi import Query"
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


@dataclass(frozen=True, slots=True, eq=False)
class _Declared:
    """A page size that a dependency, or a model of the query, declares."""

    name: str
    file: ReviewedFile
    node: ast.AST


def check(review: Review) -> Iterator[Finding]:
    """Flag page sizes of handlers and of dependencies that reach a query unbounded."""
    seen: set[tuple[object, str]] = set()
    told: set[ast.AST] = set()
    for handler in review.handlers():
        if handler.is_websocket:
            continue
        for parameter in review.parameters(handler):
            key = (handler.function, parameter.name)
            if key in seen:
                continue
            seen.add(key)
            found: list[_Declared] = []
            limiting = True
            if _is_page_size(parameter):
                assert parameter.node is not None
                found = [_Declared(parameter.name, handler.file, parameter.node)]
                limiting = False
            elif parameter.kind in ("depends", "query"):
                found = [
                    declared
                    for declared in _declared_below(review, handler, parameter)
                    if declared.node not in told
                ]
            if not found or not _reaches_query(
                review, handler, parameter.name, limiting
            ):
                continue
            for declared in found:
                told.add(declared.node)
                yield review.finding(
                    RULE,
                    declared.file,
                    declared.node,
                    f"`{declared.name}` of {handler.label} reaches a query without "
                    "an upper bound",
                    entry=handler,
                )


def _declared_below(
    review: Review, handler: Handler, parameter: HandlerParameter
) -> Iterator[_Declared]:
    """Yield the unbounded page sizes of what one parameter of a handler stands for."""
    if parameter.kind == "query":
        for atom in parameter.plain_types:
            if isinstance(atom, ClassAtom) and kinds.is_model(atom):
                yield from _fields_of(review, atom.cls)
        return
    for use in review.dependencies(handler):
        if use.depth != 0 or use.parameter != parameter.name:
            continue
        for function in use.functions:
            file = review.file_of(function.function.module)
            node = review.node_of(function.function)
            if file is None or node is None:
                continue
            for inner in review.parameters_of(function, handler.path):
                if _is_page_size(inner) and not _is_clamped(node, inner.name):
                    assert inner.node is not None
                    yield _Declared(inner.name, file, inner.node)
        for atom in use.target:
            if isinstance(atom, ClassAtom) and (
                atom.cls.is_dataclass or kinds.is_model(atom)
            ):
                yield from _fields_of(review, atom.cls)


def _fields_of(review: Review, cls: ClassInfo) -> Iterator[_Declared]:
    """Yield the fields of a model or dataclass that are page sizes with no bound."""
    for name, declaring, types in review.field_types(cls):
        if name not in _NAMES or not types:
            continue
        plain = kinds.plain_types(types)
        if not plain or not all(
            isinstance(atom, External) and atom.path == "builtins.int" for atom in plain
        ):
            continue
        node, file = review.class_node(declaring), review.file_of(declaring.module)
        if node is None or file is None or _is_clamped(node, name):
            continue
        for statement in node.body:
            if (
                isinstance(statement, ast.AnnAssign)
                and isinstance(statement.target, ast.Name)
                and statement.target.id == name
                and not _has_bound(statement)
            ):
                yield _Declared(name, file, statement)


def _has_bound(statement: ast.AnnAssign) -> bool:
    """Whether a field says, or may say, how large it may be."""
    return any(
        (isinstance(part, ast.keyword) and part.arg in ("le", "lt"))
        or (
            isinstance(part, ast.Name)
            and part.id in ("Le", "Lt", "Interval", "conint", "AfterValidator")
        )
        for part in walk(statement)
    )


def _is_clamped(node: ast.AST, name: str) -> bool:
    """Whether code bounds a value: `min(limit, 100)`, `if limit > 100`, a validator."""
    for part in walk(node):
        if isinstance(part, ast.Call):
            function = part.func
            last = function.attr if isinstance(function, ast.Attribute) else ""
            if isinstance(function, ast.Name):
                last = function.id
            if last in ("min", "clamp", "clip") and _names(part, name):
                return True
            if last in ("field_validator", "validator") and any(
                isinstance(given, ast.Constant) and given.value == name
                for given in part.args
            ):
                return True
        elif isinstance(part, ast.Compare) and _names(part, name):
            sides = (part.left, *part.comparators)
            if any(
                isinstance(op, (ast.Gt, ast.GtE, ast.Lt, ast.LtE)) for op in part.ops
            ):
                values = [s.value for s in sides if isinstance(s, ast.Constant)]
                if not values or any(isinstance(v, int) and v > 1 for v in values):
                    return True
    return False


def _names(node: ast.AST, name: str) -> bool:
    return any(
        (isinstance(part, ast.Name) and part.id == name)
        or (isinstance(part, ast.Attribute) and part.attr == name)
        for part in walk(node)
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


def _reaches_query(review: Review, handler: Handler, name: str, limiting: bool) -> bool:
    """Whether a parameter limits a query; `limiting` asks for that and nothing less,
    since a dependency's result holds other values too."""
    flow = review.flow(handler.atom, (name,))
    if any(_bounds(operator, other) for operator, other in flow.compared):
        return False
    return any(_is_query(use, limiting) for use in flow.uses)


def _bounds(operator: str, other: Value) -> bool:
    """Whether a comparison may keep the value small: not one with zero or one."""
    constants = kinds.constants(other)
    if constants is None:
        return True
    return any(isinstance(one, int) and one > 1 for one in constants)


def _is_query(use: Use, limiting: bool) -> bool:
    if use.is_owner and not use.arguments:
        return False
    if any(isinstance(atom, (Function,)) for atom in use.callee):
        return False
    if use.method in _LIMITING and 0 in use.arguments:
        return True
    if (
        not limiting
        and use.method in _EXECUTING
        and (not use.names or any(name.startswith(_DATABASES) for name in use.names))
    ):
        return True
    return any(name.startswith(_DATABASES) for name in use.names) and any(
        argument in ("limit", "size", "count") for argument in use.arguments
    )


def fix(review: Review, finding: Finding) -> Fix | None:
    """Bound the parameter, in the marker that it has or in a new one."""
    file = places.file_of(review, finding)
    node = places.node_at(file, finding, ast.arg) if file is not None else None
    function = parameters.function_with(file, node) if file and node else None
    if file is None or node is None or function is None or node.annotation is None:
        return None
    every = (*parameters.positional(function), *parameters.by_keyword(function))
    default = next(p.default for p in every if p.node is node)
    marker = _marker(review, file, default) or _marker(review, file, node.annotation)
    bound = f"le={_bound(default if marker is None else _first(marker))}"
    needed: tuple[Import, ...] = ()
    if marker is not None:
        edits: tuple[Edit, ...] = (places.argument(file, marker, bound),)
    else:
        how = parameters.annotated(file)
        query = imports.bound_name(file.tree, _QUERY)
        if query is None and imports.binds(file.tree, "Query"):
            return None
        if how is None or isinstance(node.annotation, ast.Constant):
            return None
        name, needed = how
        if query is None:
            needed = (*needed, Import(file.relative, _QUERY))
        kind = node.annotation
        call = f"{query or 'Query'}({bound})"
        if isinstance(kind, ast.Subscript) and file.text(kind.value).endswith(
            "Annotated"
        ):
            # Metadata of its own, but no marker: one more.
            edits = (places.after(file, _last_part(kind), f", {call}"),)
        else:
            text = f"{name}[{places.source_text(file, kind)}, {call}]"
            edits = (places.replace(file, kind, text),)
    note = f"a request for more ({bound[3:]} is the most) is answered with 422"
    return Fix(False, edits, note, needed)


def _marker(
    review: Review, file: ReviewedFile, node: ast.expr | None
) -> ast.Call | None:
    """Return the `Query(...)` (or the like) in a default or an annotation."""
    for part in walk(node) if node is not None else ():
        if isinstance(part, ast.Call) and "fastapi.Query" in (
            review.static_names(file, part)
        ):
            return part
    return None


def _first(marker: ast.Call) -> ast.expr | None:
    """Return the default that a marker carries."""
    if marker.args:
        return marker.args[0]
    named = (k.value for k in marker.keywords if k.arg == "default")
    return next(named, None)


def _bound(default: ast.expr | None) -> int:
    value = default.value if isinstance(default, ast.Constant) else None
    return max(_MOST, value) if isinstance(value, int) else _MOST


def _last_part(annotation: ast.Subscript) -> ast.expr:
    inner = annotation.slice
    return inner.elts[-1] if isinstance(inner, ast.Tuple) else inner
