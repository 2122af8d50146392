"""RW613 swallowed-exception."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.review import Review
from roadworthy.rules.security.conversions import only_converts
from roadworthy.rules.security.expected import expected_errors
from roadworthy.rules.security.protection import BROAD

RULE = Rule(
    code="RW613",
    name="swallowed-exception",
    severity="warning",
    summary="A broad `except` that drops the error unseen.",
    why=(
        "The operation did not happen, the client is told that it did, and nothing is "
        "written anywhere. The fault is found weeks later, by its consequences. Where "
        "nothing but a number, key or date is read out of a text, it is advice only."
    ),
    instead="Catch the exception that you expect; log or raise the others.",
    wrong="""\
from fastapi import FastAPI

from mail import send

app = FastAPI()


@app.post("/orders")
async def order(address: str) -> str:
    try:
        await send(address)
    except Exception:  # expect: RW613
        pass
    return "ordered"
""",
    right="""\
import logging

from fastapi import FastAPI

from mail import MailError, send

log = logging.getLogger(__name__)
app = FastAPI()


@app.post("/orders")
async def order(address: str) -> str:
    try:
        await send(address)
    except MailError:
        log.exception("no confirmation was sent")
    return "ordered"
""",
    references=("https://docs.python.org/3/howto/logging.html",),
)

_CLEANING = frozenset(
    {
        "close",
        "aclose",
        "cancel",
        "unlink",
        "remove",
        "rmtree",
        "rollback",
        "shutdown",
        "terminate",
        "kill",
        "disconnect",
        "release",
        "wait_closed",
        "stop",
        "cleanup",
        "__exit__",
        "__aexit__",
    }
)


def check(review: Review) -> Iterator[Finding]:
    """Flag broad `except` blocks on paths from routes that only go on."""
    for file in review.files:
        if not file.mentions("except"):
            continue
        reached = {id(node): info for node, info in review.reached_functions(file)}
        for handler in file.nodes(ast.ExceptHandler):
            if not _is_broad(handler) or not _drops(handler):
                continue
            function = file.function_of(handler)
            if function is None or id(function) not in reached:
                continue
            if _only_cleans_up(file, handler) or _is_waived(file, handler):
                continue
            converts = _names_exception(handler) and only_converts(
                review, file, getattr(file.parent(handler), "body", ())
            )
            yield review.finding(
                RULE,
                file,
                handler,
                (
                    "the conversion can fail in one known way: name it"
                    if converts
                    else "whatever goes wrong here is dropped unseen"
                ),
                instead=_instead(review, file, handler),
                severity="advice" if converts else None,
                entry=review.entry_of(reached[id(function)]),
            )


def _instead(
    review: Review, file: ReviewedFile, handler: ast.ExceptHandler
) -> str | None:
    """Name the exceptions to catch, where the calls say which; None elsewhere."""
    body = getattr(file.parent(handler), "body", ())
    errors = expected_errors(review, file, body)
    if not errors:
        return None
    named = errors[0] if len(errors) == 1 else f"({', '.join(errors)})"
    return f"Catch what is expected here, `except {named}:`; log or raise the others."


def _is_broad(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    named = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(each, ast.Name) and each.id in BROAD for each in named)


def _names_exception(handler: ast.ExceptHandler) -> bool:
    """Whether it is `except Exception`: anything broader stops cancelled tasks too."""
    return isinstance(handler.type, ast.Name) and handler.type.id == "Exception"


def _drops(handler: ast.ExceptHandler) -> bool:
    return all(_is_nothing(statement) for statement in handler.body)


def _is_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, (ast.Pass, ast.Continue)):
        return True
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)
    return isinstance(statement, ast.Return) and _is_constant(statement.value)


def _is_constant(node: ast.expr | None) -> bool:
    if node is None or isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.UnaryOp):
        return _is_constant(node.operand)
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return all(_is_constant(element) for element in node.elts)
    return isinstance(node, ast.Dict) and all(
        _is_constant(part) for part in (*node.keys, *node.values)
    )


_WAIVER = re.compile(r"#\s*noqa:[^#]*\b(?:BLE001|S110|S112|E722|PERF203)\b")


def _is_waived(file: ReviewedFile, handler: ast.ExceptHandler) -> bool:
    """Whether the line says that the broad `except` is meant, to another linter."""
    lines = file.lines[handler.lineno - 1 : handler.body[-1].lineno]
    return any(_WAIVER.search(line) for line in lines)


def _only_cleans_up(file: ReviewedFile, handler: ast.ExceptHandler) -> bool:
    """Whether what may fail is only the closing of something no longer needed, or the
    telling of another error that is being handled already."""
    for around in file.ancestors(handler):
        if isinstance(around, ast.ExceptHandler):
            return True
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
            break
    parent = file.parent(handler)
    body = getattr(parent, "body", [])
    return bool(body) and all(_cleans_up(statement) for statement in body)


def _cleans_up(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.If):
        return all(_cleans_up(each) for each in (*statement.body, *statement.orelse))
    if not isinstance(statement, ast.Expr):
        return False
    node = statement.value
    if isinstance(node, ast.Await):
        node = node.value
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    last = function.attr if isinstance(function, ast.Attribute) else ""
    if isinstance(function, ast.Name):
        last = function.id
    return last in _CLEANING
