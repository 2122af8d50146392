"""RW612 leaking-error-detail."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.security.bindings import reaching
from roadworthy.rules.security.protection import BROAD
from roadworthy.values.atoms import Function
from roadworthy.values.program import FunctionInfo

RULE = Rule(
    code="RW612",
    name="leaking-error-detail",
    severity="error",
    summary="The text of a broad or database exception, or a traceback, in a response.",
    why=(
        "The text was written for developers: it tells clients SQL, table names, hosts, "
        "paths and sometimes credentials, and it is different each time, so that no "
        "client can rely on it."
    ),
    instead="Answer with a fixed message and log the exception.",
    wrong="""\
from fastapi import FastAPI, HTTPException

from jobs import start

app = FastAPI()


@app.post("/jobs")
async def start_job(name: str) -> str:
    try:
        return await start(name)
    except Exception as error:
        raise HTTPException(500, detail=str(error))  # expect: RW612
""",
    right="""\
import logging

from fastapi import FastAPI, HTTPException

from jobs import start

log = logging.getLogger(__name__)
app = FastAPI()


@app.post("/jobs")
async def start_job(name: str) -> str:
    try:
        return await start(name)
    except Exception as error:
        log.exception("job %s did not start", name)
        raise HTTPException(500, "The job could not be started") from error
""",
    references=(
        "https://cheatsheetseries.owasp.org/cheatsheets/"
        "Error_Handling_Cheat_Sheet.html",
        "https://cwe.mitre.org/data/definitions/209.html",
    ),
)

_DATABASES = (
    "sqlalchemy.",
    "sqlmodel.",
    "asyncpg.",
    "psycopg.",
    "psycopg2.",
    "sqlite3.",
    "aiosqlite.",
    "pymysql.",
    "pymongo.",
    "redis.",
)
_TRACEBACKS = frozenset(
    {"traceback.format_exc", "traceback.format_exception", "traceback.format_tb"}
)
_RESPONSES = ("fastapi.", "starlette.")
_TEXTS = frozenset({"str", "repr", "format_exc", "format", "strip", "join", "encode"})


def check(review: Review) -> Iterator[Finding]:
    """Flag responses made of what only the log should hold."""
    for file in review.files:
        if not file.mentions("except", "exception_handler", "traceback"):
            continue
        reached = {id(node): info for node, info in review.reached_functions(file)}
        for handler in file.nodes(ast.ExceptHandler):
            function = file.function_of(handler)
            if function is None or id(function) not in reached:
                continue
            info = reached[id(function)]
            broad = _is_broad(review, file, handler)
            names = frozenset({handler.name} if handler.name and broad else ())
            for at in _leaks(review, file, function, info, handler, names):
                yield review.finding(
                    RULE,
                    file,
                    at,
                    "the text of an unforeseen error goes to the client",
                    entry=review.entry_of(info),
                )
        yield from _in_exception_handlers(review, file)


def _in_exception_handlers(review: Review, file: ReviewedFile) -> Iterator[Finding]:
    """Look at the application's own handlers for broad exceptions."""
    for call in file.nodes(ast.Call):
        function = call.func
        if not isinstance(function, ast.Attribute) or not call.args:
            continue
        if function.attr == "exception_handler":
            holder = file.parent(call)
            targets = (
                [holder]
                if isinstance(holder, (ast.FunctionDef, ast.AsyncFunctionDef))
                else []
            )
        elif function.attr == "add_exception_handler" and len(call.args) > 1:
            targets = [
                node
                for atom in review.value(file, call.args[1])
                if isinstance(atom, Function)
                for node in [review.node_of(atom.function)]
                if node is not None and review.file_of(atom.function.module) is file
            ]
        else:
            continue
        given = call.args[0]
        if kinds.constants(review.value(file, given)) != [500]:
            if isinstance(given, ast.Constant) or not _is_broad_type(
                review, file, given
            ):
                continue
        for target in targets:
            arguments = [*target.args.posonlyargs, *target.args.args]
            if len(arguments) < 2:
                continue
            held = frozenset({arguments[1].arg})
            for at in _leaks(review, file, target, None, target, held):
                yield review.finding(
                    RULE, file, at, "the text of an unforeseen error goes to the client"
                )


def _is_broad(review: Review, file: ReviewedFile, handler: ast.ExceptHandler) -> bool:
    """Whether an `except` catches what nobody foresaw, or errors of a database."""
    if handler.type is None:
        return True
    named = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(_is_broad_type(review, file, each) for each in named)


def _is_broad_type(review: Review, file: ReviewedFile, node: ast.expr) -> bool:
    if isinstance(node, ast.Name) and node.id in BROAD:
        return True
    return any(
        (kinds.path_of(atom) or "").startswith(_DATABASES)
        for atom in kinds.known(review.static(file, node) or ())
    )


def _leaks(
    review: Review,
    file: ReviewedFile,
    function: FunctionNode,
    info: FunctionInfo | None,
    block: ast.ExceptHandler | FunctionNode,
    names: frozenset[str],
) -> Iterator[ast.AST]:
    is_handler = info is None or review.handler_of(info) is not None
    for part in _inside(block):
        if isinstance(part, ast.Call):
            if _makes_response(review, file, part) and any(
                _tells(review, file, function, argument, names, 0)
                for argument in _told(part)
            ):
                yield part
        elif (
            isinstance(part, ast.Return)
            and is_handler
            and isinstance(part.value, (ast.Dict, ast.Tuple))
            and _tells(review, file, function, part.value, names, 0)
        ):
            yield part


def _inside(block: ast.ExceptHandler | FunctionNode) -> Iterator[ast.AST]:
    yield from own_nodes(block)


def _told(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args
    for keyword in call.keywords:
        if keyword.arg not in ("headers", "status_code", "background", "media_type"):
            yield keyword.value


def _makes_response(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    value = review.static(file, call.func)
    for atom in kinds.known(value or ()):
        for name in kinds.lineage(atom):
            last = name.rpartition(".")[2]
            if name.startswith(_RESPONSES) and (
                last.endswith("Response") or last == "HTTPException"
            ):
                return True
    return False


def _tells(
    review: Review,
    file: ReviewedFile,
    function: FunctionNode,
    node: ast.expr,
    names: frozenset[str],
    depth: int,
) -> bool:
    """Whether a text holds the text of an exception, or a traceback."""
    if depth > 10:
        return False

    def down(inner: ast.expr) -> bool:
        return _tells(review, file, function, inner, names, depth + 1)

    if isinstance(node, ast.Call):
        if not _TRACEBACKS.isdisjoint(review.static_names(file, node)):
            return True
        target = node.func
        last = target.attr if isinstance(target, ast.Attribute) else ""
        if isinstance(target, ast.Name):
            last = target.id
            if last in ("type", "isinstance", "getattr"):
                return False
        if last in _TEXTS:
            if any(
                _is_exception(argument, names) or down(argument)
                for argument in node.args
            ):
                return True
            if any(
                _is_exception(k.value, names) or down(k.value) for k in node.keywords
            ):
                return True
            return isinstance(target, ast.Attribute) and down(target.value)
        if last in ("dict", "jsonable_encoder", "dumps"):
            return any(down(n) for n in (*node.args, *(k.value for k in node.keywords)))
        return False
    if isinstance(node, ast.FormattedValue):
        return _is_exception(node.value, names) or down(node.value)
    if isinstance(node, ast.JoinedStr):
        return any(down(part) for part in node.values)
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Mod):
            right = node.right
            given = right.elts if isinstance(right, ast.Tuple) else [right]
            return any(_is_exception(each, names) or down(each) for each in given)
        return down(node.left) or down(node.right)
    if isinstance(node, ast.Dict):
        return any(down(value) for value in node.values if value is not None)
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return any(down(element) for element in node.elts)
    if isinstance(node, ast.IfExp):
        return down(node.body) or down(node.orelse)
    if isinstance(node, ast.BoolOp):
        return any(down(value) for value in node.values)
    if isinstance(node, ast.Attribute):
        return node.attr in ("args", "orig", "statement") and _is_exception(
            node.value, names
        )
    if isinstance(node, ast.Name):
        if node.id in names or node.id not in file.local_names(function):
            return False
        return any(down(source) for source in reaching(file, function, node)[0])
    if isinstance(node, ast.Subscript):
        return down(node.value)
    return False


def _is_exception(node: ast.expr, names: frozenset[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names
