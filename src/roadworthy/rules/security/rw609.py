"""RW609 sql-injection."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.bindings import reaching
from roadworthy.rules.security.questions import Question
from roadworthy.rules.security.tracing import tracer
from roadworthy.values.atoms import Function

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
    r"with\s+(?:recursive\s+)?\w+\s+as\s|explain\s|pragma\s|grant\s|revoke\s|copy\s|"
    r"set\s+(?:local\s+|session\s+)?[\w.]+\s*(?:=|to\s)|call\s+\w|merge\s+into\s|"
    r"lock\s+table\s|vacuum\s|notify\s|listen\s)",
    re.IGNORECASE,
)
_TEXTS = frozenset({"text", "literal_column", "TextClause", "SQL"})
_QUESTION = Question()
_CALLS = tuple(f".{name}(" for name in sorted(_EXECUTORS))


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """What is written into a text, and the function in which that happens."""

    file: ReviewedFile
    node: ast.expr


def check(review: Review) -> Iterator[Finding]:
    """Flag calls that execute a text into which a client's value is written."""
    if not any(file.mentions(*_STARTS) for file in review.files):
        return
    for file in review.files:
        if not file.mentions(*_CALLS):
            continue
        for node, info in review.reached_functions(file):
            for call in own_nodes(node):
                if not isinstance(call, ast.Call):
                    continue
                text = _executed(call)
                if text is None:
                    continue
                for dynamic in _dynamic_parts(review, file, node, text):
                    if _is_open(review, dynamic.file, dynamic.node):
                        written = dynamic.file.text(dynamic.node)
                        yield review.finding(
                            RULE,
                            file,
                            call,
                            f"`{written}` is written into the SQL text",
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
        "set ",
        "text(",
        "literal_column(",
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
) -> Iterator[_Part]:
    """Yield what is written into a text of SQL, if that is what an expression is."""
    text = _Text(review)
    text.collect(file, function, node, 0)
    head = ""
    for piece in text.pieces:
        head += piece if isinstance(piece, str) else "x"
    if _SQL.match(head) is not None:
        for piece in text.pieces:
            if isinstance(piece, _Part):
                yield piece
        return
    for fragment in _fragments(review, file, function, node, 0, set()):
        text = _Text(review)
        text.collect(file, function, fragment, 0)
        for piece in text.pieces:
            if isinstance(piece, _Part):
                yield piece


def _fragments(
    review: Review,
    file: ReviewedFile,
    function: FunctionNode,
    node: ast.expr,
    depth: int,
    seen: set[ast.AST],
) -> Iterator[ast.expr]:
    """Yield the texts that SQLAlchemy takes as they are, as parts of a statement."""
    if node in seen:
        return
    seen.add(node)
    for part in walk(node):
        if isinstance(part, ast.Call) and part.args:
            target = part.func
            last = target.attr if isinstance(target, ast.Attribute) else ""
            if isinstance(target, ast.Name):
                last = target.id
            if (
                last in ("text", "literal_column")
                and not isinstance(part.args[0], ast.Constant)
                and any(
                    name.startswith(("sqlalchemy.", "sqlmodel."))
                    for name in review.static_names(file, part)
                )
            ):
                yield part.args[0]
        elif (
            isinstance(part, ast.Name)
            and depth < 4
            and part.id in file.local_names(function)
        ):
            for source in reaching(file, function, part)[0]:
                yield from _fragments(review, file, function, source, depth + 1, seen)


class _Text:
    """Takes a text apart into constants and what is written between them."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self.pieces: list[_Part | str] = []

    def _add(self, file: ReviewedFile, node: ast.expr) -> None:
        constants = kinds.constants(self.review.value(file, node))
        if constants is not None and len(constants) == 1:
            self.pieces.append(str(constants[0]))
        else:
            self.pieces.append(_Part(file, node))

    def collect(
        self, file: ReviewedFile, function: FunctionNode, node: ast.expr, depth: int
    ) -> None:
        """Take apart what is, or becomes, the text."""
        if depth > 8:
            return
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                self.pieces.append(node.value)
        elif isinstance(node, ast.JoinedStr):
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    self._written(file, function, part.value, depth)
                else:
                    self.collect(file, function, part, depth + 1)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            self.collect(file, function, node.left, depth + 1)
            self.collect(file, function, node.right, depth + 1)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
            self.collect(file, function, node.left, depth + 1)
            right = node.right
            given: list[ast.expr] = [right]
            if isinstance(right, ast.Tuple):
                given = right.elts
            elif isinstance(right, ast.Dict):
                given = right.values
            for part in given:
                self._written(file, function, part, depth)
        elif isinstance(node, ast.Call):
            self._called(file, function, node, depth)
        elif isinstance(node, ast.Await):
            self.collect(file, function, node.value, depth + 1)
        elif isinstance(node, ast.Name) and node.id in file.local_names(function):
            sources, is_parameter = reaching(file, function, node)
            if is_parameter and not sources:
                self._add(file, node)
            for source in reversed(sources):
                self.collect(file, function, source, depth + 1)
        elif isinstance(node, ast.IfExp):
            self.collect(file, function, node.body, depth + 1)
            self.collect(file, function, node.orelse, depth + 1)
        else:
            self._add(file, node)

    def _called(
        self, file: ReviewedFile, function: FunctionNode, node: ast.Call, depth: int
    ) -> None:
        target = node.func
        last = target.attr if isinstance(target, ast.Attribute) else ""
        if isinstance(target, ast.Name):
            last = target.id
        if last in _TEXTS and node.args:
            self.collect(file, function, node.args[0], depth + 1)
        elif last == "format" and isinstance(target, ast.Attribute):
            self.collect(file, function, target.value, depth + 1)
            for part in (*node.args, *(k.value for k in node.keywords)):
                self._written(file, function, part, depth)
        elif last in ("strip", "dedent", "lstrip", "rstrip", "cleandoc", "bindparams"):
            inner = target.value if isinstance(target, ast.Attribute) else node
            if last in ("dedent", "cleandoc"):
                inner = node.args[0] if node.args else node
            if inner is not node:
                self.collect(file, function, inner, depth + 1)
        elif last == "join" and node.args and isinstance(target, ast.Attribute):
            self._joined(file, function, node.args[0], depth)
        elif not self._returned(file, node, depth):
            self._add(file, node)

    def _returned(self, file: ReviewedFile, call: ast.Call, depth: int) -> bool:
        """Take apart what the project's function that is called returns."""
        found = False
        for atom in self.review.callees(file, call):
            if not isinstance(atom, Function):
                continue
            inner = self.review.node_of(atom.function)
            inner_file = self.review.file_of(atom.function.module)
            if inner is None or inner_file is None:
                continue
            for part in own_nodes(inner):
                if isinstance(part, ast.Return) and isinstance(
                    part.value, (ast.JoinedStr, ast.BinOp, ast.Call, ast.Name)
                ):
                    found = True
                    self.collect(inner_file, inner, part.value, depth + 2)
        return found

    def _written(
        self, file: ReviewedFile, function: FunctionNode, node: ast.expr, depth: int
    ) -> None:
        """Take apart what is written into a text: another text, or a value."""
        if depth > 10:
            return
        if isinstance(node, (ast.JoinedStr, ast.BinOp, ast.IfExp, ast.Constant)):
            self.collect(file, function, node, depth + 1)
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "join"
            and isinstance(node.func.value, ast.Constant)
            and node.args
        ):
            self._joined(file, function, node.args[0], depth)
        elif isinstance(node, ast.Name) and node.id in file.local_names(function):
            sources, is_parameter = reaching(file, function, node)
            if sources and not is_parameter:
                for source in reversed(sources):
                    if isinstance(
                        source,
                        (ast.JoinedStr, ast.BinOp, ast.IfExp, ast.Constant, ast.Call),
                    ):
                        self._written(file, function, source, depth + 1)
                    else:
                        self._add(file, source)
            else:
                self._add(file, node)
        else:
            self._add(file, node)

    def _joined(
        self, file: ReviewedFile, function: FunctionNode, node: ast.expr, depth: int
    ) -> None:
        """Take apart the elements of a joined list: conditions, placeholders, columns."""
        if isinstance(node, (ast.GeneratorExp, ast.ListComp)):
            self._written(file, function, node.elt, depth + 1)
        elif isinstance(node, (ast.List, ast.Tuple)):
            for element in node.elts:
                self._written(file, function, element, depth + 1)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            self._joined(file, function, node.left, depth)
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
                    self._written(file, function, part.args[-1], depth + 1)
            if depth < 8:
                sources, is_parameter = reaching(file, function, node)
                for source in sources:
                    self._joined(file, function, source, depth + 1)
                if is_parameter and not sources:
                    self._add(file, node)


def _is_open(review: Review, file: ReviewedFile, node: ast.expr) -> bool:
    """Whether a value that is written into a text may be what a client sent."""
    if isinstance(node, ast.Constant):
        return False
    if kinds.constants(review.value(file, node)) is not None:
        return False
    return tracer(review).client(file, node, _QUESTION) is not None
