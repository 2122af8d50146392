"""RW610 unhandled-database-error."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.bindings import arguments_for, reaching
from roadworthy.rules.security.protection import protection
from roadworthy.rules.security.questions import Question
from roadworthy.rules.security.tracing import tracer
from roadworthy.rules.trees import last_name
from roadworthy.values.atoms import Atom, ClassAtom, Instance
from roadworthy.values.program import ClassInfo

RULE = Rule(
    code="RW610",
    name="unhandled-database-error",
    severity="warning",
    summary="A write whose constraint can fail, and nothing that catches it.",
    why=(
        "Two requests at once pass the check for an existing name, and the second "
        "breaks the unique constraint. Uncaught, the client gets a 500 for what is a "
        "409, and nobody rolls the session back."
    ),
    instead=(
        "Catch `IntegrityError`, roll back and answer 409, or register an exception "
        "handler for it."
    ),
    wrong="""\
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine("postgresql+asyncpg://db/shop")
app = FastAPI()


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)


@app.post("/users")
async def create_user(email: str) -> None:
    async with AsyncSession(engine) as session:
        session.add(User(email=email))
        await session.commit()  # expect: RW610
""",
    right="""\
from fastapi import FastAPI, HTTPException
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

engine = create_async_engine("postgresql+asyncpg://db/shop")
app = FastAPI()


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)


@app.post("/users")
async def create_user(email: str) -> None:
    async with AsyncSession(engine) as session:
        session.add(User(email=email))
        try:
            await session.commit()
        except IntegrityError as error:
            await session.rollback()
            raise HTTPException(409, "This address is taken") from error
""",
    references=(
        "https://docs.sqlalchemy.org/en/20/core/exceptions.html"
        "#sqlalchemy.exc.IntegrityError",
    ),
)

_ERRORS = (
    "sqlalchemy.",
    "sqlmodel.",
    "asyncpg.",
    "psycopg",
    "sqlite3.",
    "aiosqlite.",
    "pymysql.",
)
_CONSTRAINTS = frozenset({"UniqueConstraint", "CheckConstraint"})
_VALIDATING = frozenset({"model_validate", "from_orm", "parse_obj"})
_QUESTION = Question(guarded=False)
_ADDING = frozenset({"add", "add_all", "merge", "bulk_save_objects"})


def check(review: Review) -> Iterator[Finding]:
    """Flag commits and flushes after writes, with no `try` on some way from a route."""
    guard = protection(review)
    unique: dict[ClassInfo, frozenset[str]] = {}
    for file in review.files:
        if not file.mentions("commit", "flush"):
            continue
        for node, info in review.reached_functions(file):
            commits = [
                part
                for part in own_nodes(node)
                if isinstance(part, ast.Call) and _is_commit(review, file, part)
            ]
            if not commits:
                continue
            written = [
                part
                for part in own_nodes(node)
                if isinstance(part, (ast.Call, ast.Assign))
                and _can_fail(review, file, node, part, unique)
            ]
            for commit in commits:
                if not any(
                    write.lineno <= commit.lineno
                    and not _is_sent_before(file, write, commit, commits)
                    for write in written
                ):
                    continue
                handler = guard.unprotected(file, info, commit, _ERRORS)
                if handler is not None:
                    yield review.finding(
                        RULE,
                        file,
                        commit,
                        f"a constraint that fails here is a 500 of `{handler.label}`",
                        entry=handler,
                    )


def _is_sent_before(
    file: ReviewedFile,
    write: ast.Call | ast.Assign,
    commit: ast.Call,
    commits: list[ast.Call],
) -> bool:
    """Whether an earlier flush or commit, always run, has sent a write already."""
    around = {id(parent) for parent in file.ancestors(commit)}
    for other in commits:
        if other is commit or not write.lineno <= other.lineno < commit.lineno:
            continue
        holder = file.parent(file.statement_of(other))
        if isinstance(holder, ast.Try):
            holder = file.parent(holder)
        if id(holder) in around:
            return True
    return False


def _is_commit(review: Review, file: ReviewedFile, node: ast.Call) -> bool:
    return (
        isinstance(node.func, ast.Attribute)
        and node.func.attr in ("commit", "flush")
        and kinds.any_is(review.value(file, node.func.value), kinds.is_session)
    )


def _can_fail(
    review: Review,
    file: ReviewedFile,
    node: FunctionNode,
    part: ast.Call | ast.Assign,
    unique: dict[ClassInfo, frozenset[str]],
) -> bool:
    """Whether a row is added or changed whose values a constraint may refuse."""
    if isinstance(part, ast.Assign):
        target = part.targets[0]
        return (
            isinstance(target, ast.Attribute)
            and target.attr in _columns(review, file, target.value, unique)
            and _is_client(review, file, part.value)
        )
    function = part.func
    if not part.args:
        return False
    if isinstance(function, ast.Name):
        return (
            function.id == "setattr"
            and len(part.args) == 3
            and bool(columns := _columns(review, file, part.args[0], unique))
            and _tells(review, file, part.args[2], columns)
        )
    if (
        not isinstance(function, ast.Attribute)
        or function.attr not in _ADDING
        or not kinds.any_is(review.value(file, function.value), kinds.is_session)
    ):
        return False
    columns = _columns(review, file, part.args[0], unique)
    return bool(columns) and _is_risky(review, file, node, part.args[0], columns, 0)


def _columns(
    review: Review,
    file: ReviewedFile,
    row: ast.expr,
    unique: dict[ClassInfo, frozenset[str]],
) -> set[str]:
    """Return the columns of a row whose values a constraint may refuse."""
    columns: set[str] = set()
    for atom in _rows(review.value(file, row)):
        if isinstance(atom, (Instance, ClassAtom)) and kinds.is_table_model(atom):
            if atom.cls not in unique:
                unique[atom.cls] = frozenset(_unique(review, atom.cls))
            columns |= unique[atom.cls]
    return columns


def _is_risky(
    review: Review,
    file: ReviewedFile,
    node: FunctionNode,
    row: ast.expr,
    columns: set[str],
    depth: int,
) -> bool:
    """Whether a client chooses the value of a constrained column of a row."""
    if depth > 6:
        return False
    if isinstance(row, (ast.Await, ast.Starred)):
        return _is_risky(review, file, node, row.value, columns, depth + 1)
    if isinstance(row, (ast.List, ast.Tuple)):
        return any(
            _is_risky(review, file, node, each, columns, depth + 1) for each in row.elts
        )
    if isinstance(row, (ast.ListComp, ast.GeneratorExp)):
        return _is_risky(review, file, node, row.elt, columns, depth + 1)
    if isinstance(row, ast.Call):
        return _is_made_risky(review, file, row, columns)
    if not isinstance(row, ast.Name) or row.id not in file.local_names(node):
        return False
    if _is_changed(review, file, node, row, columns):
        return True
    sources, is_parameter = reaching(file, node, row)
    if any(
        _is_risky(review, file, node, source, columns, depth + 1) for source in sources
    ):
        return True
    if not is_parameter:
        return False
    info = review.function_info(file, node)
    trace = tracer(review)
    for caller in review.callers(info)[:8] if info is not None else ():
        caller_file, caller_node = review.file_of(caller.module), review.node_of(caller)
        if caller_file is None or caller_node is None or info is None:
            continue
        for call, callee in trace.calls_of(caller_file, caller_node, info):
            for given in arguments_for(call, callee, row.id):
                if _is_risky(
                    review, caller_file, caller_node, given, columns, depth + 2
                ):
                    return True
    return False


def _is_made_risky(
    review: Review, file: ReviewedFile, call: ast.Call, columns: set[str]
) -> bool:
    """Whether a row is made with a constrained column from the client."""
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr in _VALIDATING:
        return any(_tells(review, file, data, columns) for data in call.args[:1])
    if not any(isinstance(atom, ClassAtom) for atom in review.callees(file, call)):
        return False
    for keyword in call.keywords:
        if keyword.arg is None:
            if _tells(review, file, keyword.value, columns):
                return True
        elif keyword.arg in columns and _is_client(review, file, keyword.value):
            return True
    return False


def _is_changed(
    review: Review,
    file: ReviewedFile,
    node: FunctionNode,
    row: ast.Name,
    columns: set[str],
) -> bool:
    """Whether a function gives a row a constrained value from the client."""
    for part in own_nodes(node):
        if isinstance(part, ast.Assign):
            for target in part.targets:
                if (
                    isinstance(target, ast.Attribute)
                    and target.attr in columns
                    and isinstance(target.value, ast.Name)
                    and target.value.id == row.id
                    and _is_client(review, file, part.value)
                ):
                    return True
        elif isinstance(part, ast.Call):
            function = part.func
            if (
                isinstance(function, ast.Name)
                and function.id == "setattr"
                and len(part.args) == 3
                and isinstance(part.args[0], ast.Name)
                and part.args[0].id == row.id
                and _tells(review, file, part.args[2], columns)
            ):
                return True
            if (
                isinstance(function, ast.Attribute)
                and function.attr == "sqlmodel_update"
                and isinstance(function.value, ast.Name)
                and function.value.id == row.id
                and part.args
                and _tells(review, file, part.args[0], columns)
            ):
                return True
    return False


def _is_client(review: Review, file: ReviewedFile, node: ast.expr) -> bool:
    return tracer(review).client(file, node, _QUESTION) is not None


def _tells(
    review: Review, file: ReviewedFile, node: ast.expr, columns: set[str]
) -> bool:
    """Whether data of the client that is written whole holds a constrained column."""
    origin = tracer(review).client(file, node, _QUESTION)
    if origin is None:
        return False
    if origin.parameter is None:
        return True
    models = [
        atom
        for atom in origin.parameter.plain_types
        if isinstance(atom, ClassAtom) and kinds.is_model(atom)
    ]
    return not models or any(
        name in columns
        for atom in models
        for name, _, _ in review.field_types(atom.cls)
    )


def _rows(value: tuple[Atom, ...]) -> Iterator[Atom]:
    for atom in value:
        yield atom
        if kinds.is_container(atom):
            yield from getattr(atom, "element", ())
            for item in getattr(atom, "items", None) or ():
                if isinstance(item, tuple):
                    yield from (part for part in item if isinstance(part, Atom))


def _unique(review: Review, cls: ClassInfo) -> Iterator[str]:
    """Yield the columns of a table whose values a constraint may refuse."""
    for base in cls.mro:
        node = review.class_node(base) if isinstance(base, ClassInfo) else None
        for statement in node.body if node is not None else ():
            target: ast.expr | None = None
            if isinstance(statement, ast.AnnAssign):
                target = statement.target
            elif isinstance(statement, ast.Assign):
                target = statement.targets[0]
            if not isinstance(target, ast.Name):
                continue
            if _is_key(statement):
                continue  # made by the database or at random
            for part in walk(statement):
                if isinstance(part, ast.keyword) and part.arg == "unique":
                    if not isinstance(part.value, ast.Constant) or part.value.value:
                        if target.id == "__table_args__":
                            yield from _texts(statement)
                        else:
                            yield target.id
                elif (
                    isinstance(part, ast.Call) and last_name(part.func) in _CONSTRAINTS
                ):
                    yield from _texts(part)


def _is_key(statement: ast.stmt) -> bool:
    return any(
        isinstance(part, ast.keyword) and part.arg == "primary_key"
        for part in walk(statement)
    )


def _texts(within: ast.AST) -> Iterator[str]:
    for part in walk(within):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
