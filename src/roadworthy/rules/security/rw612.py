"""RW612 leaking-error-detail."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.authentication import functions_of_hook
from roadworthy.rules.security.bindings import arguments_for, reaching
from roadworthy.rules.security.error_handlers import registrations
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
    around = _middleware(review)
    told: set[ast.AST] = set()
    """What helpers answer that are given an error, each told once."""
    for file in review.files:
        if not file.mentions("except", "exception_handler", "traceback"):
            continue
        reached = {id(node): info for node, info in review.reached_functions(file)}
        for handler in file.nodes(ast.ExceptHandler):
            function = file.function_of(handler)
            if function is None:
                continue
            info = reached.get(id(function))
            if info is None and function not in around:
                continue
            broad = _is_broad(review, file, handler)
            names = frozenset({handler.name} if handler.name and broad else ())
            entry = review.entry_of(info) if info is not None else None
            for at in _leaks(review, file, function, info, handler, names):
                yield review.finding(RULE, file, at, _MESSAGE, entry=entry)
            for other, at in _leaks_of_helpers(review, file, handler, names):
                if at not in told:
                    told.add(at)
                    yield review.finding(RULE, other, at, _MESSAGE, entry=entry)
    yield from _in_exception_handlers(review)


_MESSAGE = "the text of an unforeseen error goes to the client"


def _leaks_of_helpers(
    review: Review,
    file: ReviewedFile,
    handler: ast.ExceptHandler,
    names: frozenset[str],
) -> Iterator[tuple[ReviewedFile, ast.AST]]:
    """Yield the answers that the project's functions make of an error given to them."""
    if not names:
        return
    function = file.function_of(handler)
    for call in own_nodes(handler):
        if not isinstance(call, ast.Call) or function is None:
            continue
        given_here = (*call.args, *(k.value for k in call.keywords))
        errors = {id(n) for n in given_here if _is_exception(n, names)}
        told = {
            id(n)
            for n in given_here
            if id(n) not in errors and _tells(review, file, function, n, names, 0)
        }
        if not errors and not told:
            continue
        if _is_narrowed(review, file, call, handler, names):
            continue
        for atom in review.callees(file, call):
            if not isinstance(atom, Function):
                continue
            node = review.node_of(atom.function)
            other = review.file_of(atom.function.module)
            if node is None or other is None:
                continue
            held = frozenset(
                parameter.name
                for parameter in atom.function.code.parameters
                if any(
                    id(given) in errors
                    for given in arguments_for(call, atom, parameter.name)
                )
            )
            texts = frozenset(
                parameter.name
                for parameter in atom.function.code.parameters
                if parameter.name not in held
                and any(
                    id(given) in told
                    for given in arguments_for(call, atom, parameter.name)
                )
            )
            for at in _leaks(review, other, node, atom.function, node, held, texts):
                yield other, at


def _middleware(review: Review) -> set[FunctionNode]:
    """Return the functions of the middleware, which answer clients as well."""
    found: set[FunctionNode] = set()
    for application in review.applications:
        for hook in application.hooks:
            if hook.kind in ("middleware", "middleware class"):
                for atom in hook.target:
                    for function in functions_of_hook(atom):
                        node = review.node_of(function)
                        if node is not None:
                            found.add(node)
    return found


def _in_exception_handlers(review: Review) -> Iterator[Finding]:
    """Look at the application's own handlers, of broad exceptions above all."""
    seen: set[tuple[FunctionNode, bool]] = set()
    for file in review.files:
        if not file.mentions("exception_handler"):
            continue
        for given, target_file, target in _registered(review, file):
            broad = _is_registered_broad(review, file, given)
            arguments = [*target.args.posonlyargs, *target.args.args]
            if arguments and arguments[0].arg in ("self", "cls"):
                arguments = arguments[1:]
            if len(arguments) < 2 or (target, broad) in seen:
                continue
            seen.add((target, broad))
            held = frozenset({arguments[1].arg} if broad else ())
            for at in _leaks(review, target_file, target, None, target, held):
                yield review.finding(RULE, target_file, at, _MESSAGE)


def _registered(
    review: Review, file: ReviewedFile
) -> Iterator[tuple[ast.expr, ReviewedFile, FunctionNode]]:
    """Yield what exception handlers are registered for, and the handlers."""
    for given, handler in registrations(file):
        if given is None or handler is None:
            continue
        if isinstance(handler, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield given, file, handler
            continue
        for atom in review.value(file, handler):
            if isinstance(atom, Function):
                node = review.node_of(atom.function)
                target_file = review.file_of(atom.function.module)
                if node is not None and target_file is not None:
                    yield given, target_file, node


def _is_registered_broad(review: Review, file: ReviewedFile, given: ast.expr) -> bool:
    if kinds.constants(review.value(file, given)) == [500]:
        return True
    return not isinstance(given, ast.Constant) and _is_broad_type(review, file, given)


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
    texts: frozenset[str] = frozenset(),
) -> Iterator[ast.AST]:
    """Yield the responses in a block that tell an error, or a text made of one."""
    is_handler = info is None or review.handler_of(info) is not None
    for part in _inside(block):
        if names and _is_narrowed(review, file, part, block, names):
            continue
        if isinstance(part, ast.Call):
            if _makes_response(review, file, part) and any(
                _tells(review, file, function, argument, names, 0, texts)
                for argument in _told(part)
            ):
                yield part
        elif (
            isinstance(part, ast.Return)
            and is_handler
            and isinstance(part.value, (ast.Dict, ast.Tuple))
            and _tells(review, file, function, part.value, names, 0, texts)
        ):
            yield part


def _is_narrowed(
    review: Review,
    file: ReviewedFile,
    node: ast.AST,
    block: ast.AST,
    names: frozenset[str],
) -> bool:
    """Whether `isinstance` has told before that the error is one that was foreseen."""
    child = node
    for parent in file.ancestors(node):
        if parent is block:
            return False
        if isinstance(parent, ast.If) and any(child is each for each in parent.body):
            if _is_foreseen(review, file, parent.test, names):
                return True
        child = parent
    return False


def _is_foreseen(
    review: Review, file: ReviewedFile, test: ast.expr, names: frozenset[str]
) -> bool:
    """Whether a test says that an error is of a type that is not broad."""
    for part in walk(test):
        if (
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Name)
            and part.func.id == "isinstance"
            and len(part.args) == 2
            and _is_exception(part.args[0], names)
        ):
            given = part.args[1]
            named = given.elts if isinstance(given, ast.Tuple) else [given]
            if not any(_is_broad_type(review, file, each) for each in named):
                return True
    return False


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
    texts: frozenset[str] = frozenset(),
) -> bool:
    """Whether a text holds the text of an exception, or a traceback."""
    if depth > 10:
        return False

    def down(inner: ast.expr) -> bool:
        return _tells(review, file, function, inner, names, depth + 1, texts)

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
        told = not _is_foreseen(review, file, node.test, names) and down(node.body)
        return told or down(node.orelse)
    if isinstance(node, ast.BoolOp):
        return any(down(value) for value in node.values)
    if isinstance(node, ast.Attribute):
        return node.attr in ("args", "orig", "statement") and _is_exception(
            node.value, names
        )
    if isinstance(node, ast.Name):
        if node.id in texts:
            return True
        if node.id in names or node.id not in file.local_names(function):
            return False
        return any(down(source) for source in reaching(file, function, node)[0])
    if isinstance(node, ast.Subscript):
        return down(node.value)
    return False


def _is_exception(node: ast.expr, names: frozenset[str]) -> bool:
    return isinstance(node, ast.Name) and node.id in names
