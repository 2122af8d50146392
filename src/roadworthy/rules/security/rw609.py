"""RW609 sql-injection."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.security.bindings import reaching
from roadworthy.rules.security.tracing import Question, tracer

RULE = Rule(
    code="RW609",
    name="sql-injection",
    severity="error",
    summary="SQL text built from a value that is not a constant, and executed.",
    why=(
        "A value that becomes part of the text can end it and go on with SQL of its "
        "own: read every table, log in as anybody, drop the database."
    ),
    instead=(
        'Bind values: `text("… WHERE name = :name")` with `{"name": name}`. Choose '
        "identifiers from a fixed mapping."
    ),
    wrong="""\
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

engine = create_async_engine("postgresql+asyncpg://db/shop")
app = FastAPI()


@app.get("/items")
async def find_items(name: str) -> int:
    async with AsyncSession(engine) as session:
        query = f"SELECT id FROM items WHERE name = '{name}'"
        rows = await session.execute(text(query))  # expect: RW609
    return len(rows.all())
""",
    right="""\
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

engine = create_async_engine("postgresql+asyncpg://db/shop")
app = FastAPI()


@app.get("/items")
async def find_items(name: str) -> int:
    async with AsyncSession(engine) as session:
        query = text("SELECT id FROM items WHERE name = :name")
        rows = await session.execute(query, {"name": name})
    return len(rows.all())
""",
    references=(
        "https://cheatsheetseries.owasp.org/cheatsheets/"
        "SQL_Injection_Prevention_Cheat_Sheet.html",
    ),
)

_EXECUTORS = frozenset(
    {
        "execute",
        "executemany",
        "executescript",
        "exec",
        "exec_driver_sql",
        "fetch",
        "fetchrow",
        "fetchval",
        "fetch_all",
        "fetch_one",
        "fetch_val",
        "iterate",
        "scalar",
        "scalars",
        "stream",
        "raw",
        "read_sql",
        "read_sql_query",
        "query_raw",
        "execute_raw",
        "query_first",
        "execute_query",
        "execute_script",
        "sql",
        "query",
    }
)
_SQL = re.compile(
    r"\s*(?:\(\s*)?(select\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|"
    r"replace\s+into\s|create\s+(?:table|index|view|database|schema|user|role)\s|"
    r"drop\s+(?:table|index|view|database|schema)\s|alter\s+table\s|truncate\s|"
    r"with\s+\w+\s+as\s|explain\s|pragma\s|grant\s|copy\s)",
    re.IGNORECASE,
)
_TEXTS = frozenset({"text", "literal_column", "TextClause", "SQL"})
_QUESTION = Question()


def check(review: Review) -> Iterator[Finding]:
    """Flag calls that execute a text into which a client's value is written."""
    for file in review.files:
        if not file.mentions(*_STARTS):
            continue
        for node, info in review.reached_functions(file):
            for call in own_nodes(node):
                if not isinstance(call, ast.Call):
                    continue
                text = _executed(call)
                if text is None:
                    continue
                for dynamic in _dynamic_parts(review, file, node, text):
                    if _is_open(review, file, dynamic):
                        yield review.finding(
                            RULE,
                            file,
                            call,
                            f"`{file.text(dynamic)}` is written into the SQL text",
                            entry=review.entry_of(info),
                        )
                        break


_STARTS = tuple(
    word
    for name in (
        "select ",
        "insert ",
        "update ",
        "delete ",
        "drop ",
        "alter ",
        "create ",
        "truncate ",
        "pragma ",
        "explain ",
        "with ",
    )
    for word in (name, name.upper(), name.title())
)


def _executed(call: ast.Call) -> ast.expr | None:
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in _EXECUTORS:
        return None
    for keyword in call.keywords:
        if keyword.arg in ("query", "statement", "sql", "operation"):
            return keyword.value
    return call.args[0] if call.args else None


def _dynamic_parts(
    review: Review, file: ReviewedFile, function: FunctionNode, node: ast.expr
) -> Iterator[ast.expr]:
    """Yield what is written into a text of SQL, if that is what an expression is."""
    pieces: list[ast.expr | str] = []
    _collect(file, function, node, pieces, 0)
    head = ""
    for piece in pieces:
        head += piece if isinstance(piece, str) else "x"
    if _SQL.match(head) is None:
        return
    for piece in pieces:
        if not isinstance(piece, str):
            yield piece


def _collect(
    file: ReviewedFile,
    function: FunctionNode,
    node: ast.expr,
    pieces: list[ast.expr | str],
    depth: int,
) -> None:
    """Take a text apart into constants and what is written between them."""
    if depth > 8:
        return
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            pieces.append(node.value)
    elif isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                _written(file, function, part.value, pieces, depth)
            else:
                _collect(file, function, part, pieces, depth + 1)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        _collect(file, function, node.left, pieces, depth + 1)
        _collect(file, function, node.right, pieces, depth + 1)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        _collect(file, function, node.left, pieces, depth + 1)
        right = node.right
        for part in right.elts if isinstance(right, ast.Tuple) else [right]:
            _written(file, function, part, pieces, depth)
    elif isinstance(node, ast.Call):
        target = node.func
        last = target.attr if isinstance(target, ast.Attribute) else ""
        if isinstance(target, ast.Name):
            last = target.id
        if last in _TEXTS and node.args:
            _collect(file, function, node.args[0], pieces, depth + 1)
        elif last == "format" and isinstance(target, ast.Attribute):
            _collect(file, function, target.value, pieces, depth + 1)
            for part in (*node.args, *(k.value for k in node.keywords)):
                _written(file, function, part, pieces, depth)
        elif last in ("strip", "dedent", "lstrip", "rstrip", "cleandoc", "bindparams"):
            inner = target.value if isinstance(target, ast.Attribute) else node
            if last in ("dedent", "cleandoc"):
                inner = node.args[0] if node.args else node
            if inner is not node:
                _collect(file, function, inner, pieces, depth + 1)
        elif last == "join" and node.args and isinstance(target, ast.Attribute):
            _joined(file, function, node.args[0], pieces, depth)
        else:
            pieces.append(node)
    elif isinstance(node, ast.Name) and node.id in file.local_names(function):
        sources, is_parameter = reaching(file, function, node)
        if is_parameter and not sources:
            pieces.append(node)
        for source in reversed(sources):
            _collect(file, function, source, pieces, depth + 1)
    elif isinstance(node, ast.IfExp):
        _collect(file, function, node.body, pieces, depth + 1)
        _collect(file, function, node.orelse, pieces, depth + 1)
    else:
        pieces.append(node)


def _written(
    file: ReviewedFile,
    function: FunctionNode,
    node: ast.expr,
    pieces: list[ast.expr | str],
    depth: int,
) -> None:
    """Take apart what is written into a text: another text, or a value."""
    if isinstance(node, (ast.JoinedStr, ast.BinOp, ast.IfExp, ast.Constant)):
        _collect(file, function, node, pieces, depth + 1)
    elif (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "join"
        and isinstance(node.func.value, ast.Constant)
        and node.args
    ):
        _joined(file, function, node.args[0], pieces, depth)
    elif isinstance(node, ast.Name) and node.id in file.local_names(function):
        sources, is_parameter = reaching(file, function, node)
        if sources and not is_parameter:
            for source in reversed(sources):
                if isinstance(
                    source,
                    (ast.JoinedStr, ast.BinOp, ast.IfExp, ast.Constant, ast.Call),
                ):
                    _written(file, function, source, pieces, depth + 1)
                else:
                    pieces.append(source)
        else:
            pieces.append(node)
    else:
        pieces.append(node)


def _joined(
    file: ReviewedFile,
    function: FunctionNode,
    node: ast.expr,
    pieces: list[ast.expr | str],
    depth: int,
) -> None:
    """Take apart the elements of a joined list: conditions, placeholders, columns."""
    if isinstance(node, (ast.GeneratorExp, ast.ListComp)):
        _written(file, function, node.elt, pieces, depth + 1)
    elif isinstance(node, (ast.List, ast.Tuple)):
        for element in node.elts:
            _written(file, function, element, pieces, depth + 1)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        _joined(file, function, node.left, pieces, depth)
    elif isinstance(node, ast.Name) and node.id in file.local_names(function):
        for part in own_nodes(function):
            if (
                isinstance(part, ast.Call)
                and isinstance(part.func, ast.Attribute)
                and part.func.attr in ("append", "insert")
                and isinstance(part.func.value, ast.Name)
                and part.func.value.id == node.id
                and part.args
            ):
                _written(file, function, part.args[-1], pieces, depth + 1)
        if depth < 8:
            for source in reaching(file, function, node)[0]:
                _joined(file, function, source, pieces, depth + 1)


def _is_open(review: Review, file: ReviewedFile, node: ast.expr) -> bool:
    """Whether a value that is written into a text may be what a client sent."""
    if isinstance(node, ast.Constant):
        return False
    if kinds.constants(review.value(file, node)) is not None:
        return False
    return tracer(review).client(file, node, _QUESTION) is not None
