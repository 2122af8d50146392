"""RW316 query-in-loop."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.event_loop.one_query import one_query
from roadworthy.rules.event_loop.places import (
    COMPREHENSIONS,
    FUNCTIONS,
    LOOPS,
    last_name,
    loaded_names,
    target_names,
)
from roadworthy.rules.event_loop.queries import DataAccess, is_query
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.words import words

RULE = Rule(
    code="RW316",
    name="query-in-loop",
    severity="warning",
    summary="A database query awaited for each row or id of a loop (N+1).",
    why=(
        "Each turn waits for a round trip to the database: a list of 100 rows costs 101 "
        "queries one after the other, and the page grows slower with the data, on a "
        "connection that nobody else can use meanwhile."
    ),
    instead=(
        "One query for all: `select(User).where(User.id.in_(ids))`, "
        "`selectinload(...)` for what belongs to the rows, one bulk `insert`."
    ),
    wrong="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import (
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

app = FastAPI()
SessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))


async def get_db():
    async with SessionLocal() as session:
        yield session


@app.post("/names")
async def read_names(
    ids: list[int], db: Annotated[AsyncSession, Depends(get_db)]
) -> list[str]:
    names = []
    for user_id in ids:
        query = text("select name from users where id = :id")
        names.append(await db.scalar(query, {"id": user_id}))  # expect: RW316
    return names
""",
    right="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import (
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

app = FastAPI()
SessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))


async def get_db():
    async with SessionLocal() as session:
        yield session


@app.post("/names")
async def read_names(
    ids: list[int], db: Annotated[AsyncSession, Depends(get_db)]
) -> list[str]:
    query = text("select name from users where id = any(:ids)")
    return list(await db.scalars(query, {"ids": ids}))
""",
    references=(
        "https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html",
        "https://docs.sqlalchemy.org/en/20/orm/queryguide/dml.html#orm-bulk-insert-statements",
    ),
)

_LITERALS = (ast.Tuple, ast.List, ast.Set, ast.Dict, ast.Constant)
_SAME_LENGTH = ("enumerate", "reversed", "sorted", "list", "tuple", "set")
_DATABASES = (
    "sqlalchemy.",
    "sqlmodel.",
    "asyncpg.",
    "motor.",
    "pymongo.",
    "databases.",
)
_BATCHING = frozenset({"batched", "batches", "batch", "chunked", "chunks", "chunk"})
"""What a function says that goes over lists of things: a query is then one for many."""
_TAKES = ("pop", "popleft", "popitem")


def check(review: Review) -> Iterator[Finding]:
    """Flag awaited queries that depend on what a loop goes over."""
    access = DataAccess(review)
    for file in review.files:
        for node, info in review.reached_functions(file):
            if not isinstance(node, ast.AsyncFunctionDef):
                continue
            for inner in own_nodes(node):
                if not isinstance(inner, ast.Await) or not isinstance(
                    inner.value, ast.Call
                ):
                    continue
                loop = _loop_over_rows(review, file, inner)
                if loop is None:
                    continue
                call = inner.value
                direct = is_query(review, file, call)
                if not direct and not any(access.functions(file, call)):
                    continue
                yield review.finding(
                    RULE,
                    file,
                    call,
                    f"`{file.text(call.func)}(...)` asks the database once for each "
                    f"turn of the loop of line {loop.lineno}",
                    instead=one_query(file, call, direct),
                    entry=review.entry_of(info),
                )


def _loop_over_rows(
    review: Review, file: ReviewedFile, awaited: ast.Await
) -> ast.stmt | ast.expr | None:
    """Return the loop around an awaited call whose turns it depends on."""
    child: ast.AST = awaited
    used = loaded_names(awaited)
    for parent in file.ancestors(awaited):
        if isinstance(parent, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            return None
        if isinstance(parent, LOOPS):
            inside = any(child is s for s in parent.body)
            if inside and _is_left(file, parent, awaited):
                return None
            if inside and _is_for_few(file, parent, awaited):
                return None
            if inside and _goes_over_rows(review, file, parent, used):
                return parent
        elif isinstance(parent, COMPREHENSIONS):
            first = parent.generators[0]
            if child is not first or not _is_within(first.iter, awaited):
                for generator in parent.generators:
                    if _is_bounded(review, file, generator.iter):
                        continue
                    if used & target_names(generator.target):
                        return parent
        child = parent
    return None


def _is_within(outer: ast.AST, node: ast.AST) -> bool:
    return any(inner is node for inner in walk(outer))


def _is_left(file: ReviewedFile, loop: ast.AST, awaited: ast.Await) -> bool:
    """Whether the loop is left in any case after the awaited call."""
    statement: ast.AST = file.statement_of(awaited)
    if isinstance(statement, ast.Return):
        return True
    parent = file.parent(statement)
    for block in ("body", "orelse", "handlers", "finalbody"):
        statements: list[ast.stmt] = getattr(parent, block, [])
        if any(s is statement for s in statements):
            return isinstance(statements[-1], (ast.Return, ast.Break, ast.Raise))
    return False


def _is_for_few(
    file: ReviewedFile, loop: ast.For | ast.AsyncFor | ast.While, awaited: ast.Await
) -> bool:
    """Whether only turns for written-down keys of a mapping ask: `if key in {"a", "b"}`."""
    if isinstance(loop, ast.While) or not (
        isinstance(loop.iter, ast.Call)
        and last_name(loop.iter.func) in ("items", "keys")
        and not loop.iter.args
    ):
        return False
    target = loop.target.elts[0] if isinstance(loop.target, ast.Tuple) else loop.target
    if not isinstance(target, ast.Name):
        return False
    child: ast.AST = awaited
    for parent in file.ancestors(awaited):
        if parent is loop:
            return False
        if isinstance(parent, ast.If) and any(child is s for s in parent.body):
            tests = (
                parent.test.values
                if isinstance(parent.test, ast.BoolOp)
                and isinstance(parent.test.op, ast.And)
                else [parent.test]
            )
            for test in tests:
                if (
                    isinstance(test, ast.Compare)
                    and isinstance(test.left, ast.Name)
                    and test.left.id == target.id
                    and isinstance(test.ops[0], (ast.In, ast.Eq))
                    and isinstance(test.comparators[0], _LITERALS)
                ):
                    return True
        child = parent
    return False


def _goes_over_rows(
    review: Review,
    file: ReviewedFile,
    loop: ast.For | ast.AsyncFor | ast.While,
    used: set[str],
) -> bool:
    if isinstance(loop, ast.While):
        return _works_off(loop, used)
    if not used & _following(loop, target_names(loop.target)):
        return False
    if _is_bounded(review, file, loop.iter):
        return False
    if isinstance(loop, ast.AsyncFor) and not _is_of_rows(review, file, loop.iter):
        return False
    return not (isinstance(loop.target, ast.Name) and _is_batch(review, file, loop))


def _is_of_rows(review: Review, file: ReviewedFile, over: ast.expr) -> bool:
    """Whether an asynchronous loop goes over what a database streams."""
    for node in walk(over):
        if isinstance(node, ast.Call):
            if any(n.startswith(_DATABASES) for n in review.names(file, node)):
                return True
    return any(
        (kinds.path_of(atom) or "").startswith(_DATABASES)
        for atom in kinds.known(review.value(file, over))
    )


def _works_off(loop: ast.While, used: set[str]) -> bool:
    """Whether a `while` takes one thing after the other from what it tests."""
    if isinstance(loop.test, ast.Constant):
        return False
    tested = loaded_names(loop.test)
    taken: set[str] = set()
    for statement in walk(loop):
        if not isinstance(statement, ast.Assign):
            continue
        value = statement.value
        if (
            isinstance(value, ast.Call)
            and isinstance(value.func, ast.Attribute)
            and value.func.attr in _TAKES
            and loaded_names(value.func.value) & tested
        ):
            for target in statement.targets:
                taken |= target_names(target)
        if isinstance(value, ast.Await):
            # Up a chain of parents: `node = await get(node.parent_id)`.
            for target in statement.targets:
                if isinstance(target, ast.Name) and target.id in (
                    tested & loaded_names(value)
                ):
                    taken.add(target.id)
    return bool(used & _following(loop, taken)) if taken else False


def _following(loop: ast.AST, names: set[str]) -> set[str]:
    """Return the names in a loop that are made from others of it."""
    bindings: list[tuple[set[str], set[str]]] = []
    for statement in walk(loop):
        if isinstance(statement, ast.Assign):
            targets, source = statement.targets, statement.value
        elif isinstance(statement, (ast.For, ast.AsyncFor, ast.comprehension)):
            targets, source = [statement.target], statement.iter
        elif isinstance(statement, (ast.AnnAssign, ast.NamedExpr)):
            if statement.value is None:
                continue
            targets, source = [statement.target], statement.value
        else:
            continue
        bound = {name for target in targets for name in target_names(target)}
        bindings.append((bound, loaded_names(source)))
    found = set(names)
    for _ in range(3):
        before = len(found)
        for bound, used in bindings:
            if used & found:
                found |= bound
        if len(found) == before:
            break
    return found


def _is_bounded(review: Review, file: ReviewedFile, over: ast.expr) -> bool:
    """Whether a loop goes over a literal, a constant number of turns, or batches."""
    if isinstance(over, _LITERALS):
        return not any(isinstance(e, ast.Starred) for e in getattr(over, "elts", ()))
    if isinstance(over, ast.Name):
        value = review.static(file, over)
        if value is not None and kinds.known(value):
            # A constant of the module; what functions fill is not one.
            module = file.module
            return module is None or over.id not in module.reassigned
        return _is_literal_name(review, file, over)
    if isinstance(over, ast.Call):
        name = last_name(over.func)
        if name == "range":
            if len(over.args) == 3:
                return True
            return all(_is_constant(review, file, a) for a in over.args)
        if name in ("partitions", "as_completed") or not _BATCHING.isdisjoint(
            words(name)
        ):
            return True
        if name in _SAME_LENGTH and over.args:
            return _is_bounded(review, file, over.args[0])
        if name in ("items", "values", "keys") and isinstance(over.func, ast.Attribute):
            return _is_bounded(review, file, over.func.value)
        if name == "zip":
            return any(_is_bounded(review, file, a) for a in over.args)
    if isinstance(over, ast.Attribute):
        # An enumeration or a constant of a class.
        return bool(kinds.known(review.static(file, over) or ()))
    if isinstance(over, ast.Subscript) and isinstance(over.slice, ast.Slice):
        upper = over.slice.upper
        return upper is not None and isinstance(upper, ast.Constant)
    return False


def _is_constant(review: Review, file: ReviewedFile, node: ast.expr) -> bool:
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.BinOp):
        return _is_constant(review, file, node.left) and _is_constant(
            review, file, node.right
        )
    return kinds.constants(review.value(file, node)) is not None


def _is_literal_name(review: Review, file: ReviewedFile, name: ast.Name) -> bool:
    """Whether a local name only ever holds a literal with elements."""
    function = file.function_of(name)
    if function is None:
        return False
    values: list[ast.expr] = []
    for node in own_nodes(function):
        if isinstance(node, ast.Name) and node.id == name.id:
            parent = file.parent(node)
            if isinstance(node.ctx, ast.Store):
                if not isinstance(parent, (ast.Assign, ast.AnnAssign)):
                    return False
                if parent.value is None:
                    return False
                values.append(parent.value)
            elif (
                isinstance(parent, ast.Attribute)
                and parent.attr
                in (
                    "append",
                    "extend",
                    "add",
                    "update",
                    "insert",
                    "setdefault",
                )
            ) or (
                isinstance(parent, ast.Subscript)
                and not isinstance(parent.ctx, ast.Load)
                and not isinstance(parent.slice, ast.Constant)
            ):
                # Keys that are written down are few.
                return False
    arguments = function.args
    every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
    if any(a.arg == name.id for a in every):
        return False
    return bool(values) and all(_is_written(review, file, v) for v in values)


def _is_written(review: Review, file: ReviewedFile, value: ast.expr) -> bool:
    """Whether a value is a literal, or made of the keys of a constant."""
    if isinstance(value, ast.Call) and last_name(value.func) == "fromkeys":
        return bool(value.args) and _is_bounded(review, file, value.args[0])
    return isinstance(value, _LITERALS) and not any(
        isinstance(element, ast.Starred) for element in getattr(value, "elts", ())
    )


def _is_batch(review: Review, file: ReviewedFile, loop: ast.For | ast.AsyncFor) -> bool:
    """Whether each turn gets a list of things: the query is then one for many."""
    if any(_takes_many(loop, call) for call in walk(loop, ast.Call)):
        return True
    for node in walk(loop, ast.Name):
        if (
            isinstance(node.ctx, ast.Load)
            and isinstance(loop.target, ast.Name)
            and node.id == loop.target.id
        ):
            return kinds.all_are(review.value(file, node), _is_list)
    return False


def _takes_many(loop: ast.For | ast.AsyncFor, call: ast.Call) -> bool:
    """Whether a statement is run with a list of rows that a turn makes."""
    if len(call.args) < 2:
        return False
    if last_name(call.func) not in ("execute", "executemany", "execute_many"):
        return False
    rows = call.args[1]
    if isinstance(rows, ast.Name):
        return any(
            isinstance(inner.value, ast.ListComp)
            and any(isinstance(t, ast.Name) and t.id == rows.id for t in inner.targets)
            for inner in walk(loop, ast.Assign)
        )
    return isinstance(rows, ast.ListComp)


def _is_list(atom: object) -> bool:
    return getattr(atom, "kind", "") in ("list", "set") and hasattr(atom, "element")
