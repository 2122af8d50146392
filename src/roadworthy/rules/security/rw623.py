"""RW623 trusted-client-header."""

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
from roadworthy.rules.security.bindings import arguments_for
from roadworthy.rules.security.tracing import tracer
from roadworthy.rules.security.words import words
from roadworthy.values.atoms import Function
from roadworthy.values.program import FunctionInfo

RULE = Rule(
    code="RW623",
    name="trusted-client-header",
    severity="warning",
    summary="`X-Forwarded-For` or `X-Real-IP` decides on a limit or on access.",
    why=(
        "Any client writes what it likes into these headers: a new address with each "
        "request passes every limit, and an address of the office passes every list."
    ),
    instead=(
        "Let the server take them from proxies that it knows "
        "(`uvicorn --forwarded-allow-ips`), and use `request.client.host`."
    ),
    wrong="""\
from fastapi import FastAPI, HTTPException, Request

ALLOWED = {"10.0.0.7"}
app = FastAPI()


@app.get("/status")
async def read_status(request: Request) -> str:
    address = request.headers.get("X-Forwarded-For")  # expect: RW623
    if address not in ALLOWED:
        raise HTTPException(403)
    return "up"
""",
    right="""\
from fastapi import FastAPI, HTTPException, Request

ALLOWED = {"10.0.0.7"}
app = FastAPI()


@app.get("/status")
async def read_status(request: Request) -> str:
    if request.client is None or request.client.host not in ALLOWED:
        raise HTTPException(403)
    return "up"
""",
    references=(
        "https://www.uvicorn.org/settings/#http",
        "https://developer.mozilla.org/en-US/docs/Web/HTTP/Headers/X-Forwarded-For",
    ),
)

_HEADERS = frozenset(
    {
        "x-forwarded-for",
        "x-real-ip",
        "x-client-ip",
        "cf-connecting-ip",
        "true-client-ip",
    }
)
_TRUSTED = frozenset({"trusted", "trust", "proxies", "proxy", "allow_ips"})
_DECIDING = frozenset(
    {
        "limit",
        "limiter",
        "throttle",
        "block",
        "blocked",
        "banned",
        "ban",
        "allow",
        "allowed",
        "whitelist",
        "allowlist",
        "blacklist",
        "blocklist",
        "rate",
        "hit",
        "incr",
        "attempts",
        "quota",
        "lockout",
        "permitted",
        "access",
    }
)


def check(review: Review) -> Iterator[Finding]:
    """Flag reads of forwarded addresses on which a decision hangs."""
    keys: set[FunctionInfo] | None = None
    for file in review.files:
        if not file.mentions(
            "orwarded", "eal-I", "eal-i", "eal_ip", "client-ip", "onnecting"
        ):
            continue
        if keys is None:
            keys = _key_functions(review)
        functions: list[FunctionNode] = [
            *file.nodes(ast.FunctionDef),
            *file.nodes(ast.AsyncFunctionDef),
        ]
        for function in functions:
            info = review.function_info(file, function)
            if info is None:
                continue
            for read in _reads(review, file, function):
                if _speaks_of_trust(function):
                    continue
                if _decides(review, file, function, info, read, keys, 0):
                    yield review.finding(
                        RULE,
                        file,
                        read,
                        "the client writes this header as it likes, and it decides here",
                        entry=review.entry_of(info),
                    )


def _reads(
    review: Review, file: ReviewedFile, function: FunctionNode
) -> Iterator[ast.expr | ast.arg]:
    yield from _injected(file, function)
    for part in own_nodes(function):
        if isinstance(part, ast.Call):
            target = part.func
            if (
                isinstance(target, ast.Attribute)
                and target.attr in ("get", "getlist")
                and part.args
                and _is_header(part.args[0])
                and _of_request(review, file, target.value)
            ):
                yield part
        elif isinstance(part, ast.Subscript) and _is_header(part.slice):
            if isinstance(part.ctx, ast.Load) and _of_request(review, file, part.value):
                yield part


def _injected(file: ReviewedFile, function: FunctionNode) -> Iterator[ast.arg]:
    """Yield the parameters that FastAPI fills from such a header."""
    arguments = function.args
    plain = [*arguments.posonlyargs, *arguments.args]
    missing = [None] * (len(plain) - len(arguments.defaults))
    for argument, default in (
        *zip(plain, [*missing, *arguments.defaults], strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ):
        for source in (argument.annotation, default):
            for part in walk(source) if source is not None else ():
                if isinstance(part, ast.Call) and file.text(part.func).endswith(
                    "Header"
                ):
                    alias = [k.value for k in part.keywords if k.arg == "alias"]
                    name = argument.arg.replace("_", "-")
                    if any(map(_is_header, alias)) or (
                        not alias and name.lower() in _HEADERS
                    ):
                        yield argument


def _is_header(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.lower() in _HEADERS
    )


def _of_request(review: Review, file: ReviewedFile, node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute) and node.attr == "headers":
        return kinds.any_is(review.value(file, node.value), kinds.is_request)
    return kinds.any_is(
        review.value(file, node),
        lambda atom: (kinds.path_of(atom) or "").endswith((".headers", ".Headers")),
    )


def _speaks_of_trust(function: FunctionNode) -> bool:
    """Whether a function asks first whether the request came from a known proxy."""
    for part in walk(function):
        if isinstance(part, ast.arg):
            if part.arg.replace("_", "-").lower() in _HEADERS:
                continue  # the header itself
            # A switch for whoever deploys it: `use_x_forwarded_for`.
            if not (_TRUSTED | {"forwarded"}).isdisjoint(words(part.arg)):
                return True
        name = part.id if isinstance(part, ast.Name) else ""
        if isinstance(part, ast.Attribute):
            name = part.attr
        if name and not _TRUSTED.isdisjoint(words(name)):
            return True
    return False


def _key_functions(review: Review) -> set[FunctionInfo]:
    """Return the functions that limiters call to tell clients apart."""
    found: set[FunctionInfo] = set()
    for file in review.files:
        if not file.mentions("key_func", "identifier"):
            continue
        for keyword in file.nodes(ast.keyword):
            if keyword.arg in ("key_func", "identifier"):
                for atom in review.value(file, keyword.value):
                    found.update(functions_of_hook(atom))
    return found


def _decides(
    review: Review,
    file: ReviewedFile,
    function: FunctionNode,
    info: FunctionInfo,
    read: ast.expr | ast.arg,
    keys: set[FunctionInfo],
    depth: int,
) -> bool:
    """Whether a limit or an access decision depends on a value of a function."""
    carriers = _carriers(file, function, read)
    for part in own_nodes(function):
        if isinstance(part, ast.Compare) and _is_in_question(part, read, carriers):
            if _refuses_on(file, part):
                return True
        elif isinstance(part, ast.Call) and part is not read:
            given = (*part.args, *(k.value for k in part.keywords))
            if not any(_holds(argument, read, carriers) for argument in given):
                continue
            name = file.text(part.func)
            if not _DECIDING.isdisjoint(words(name)):
                return True
            if depth < 3 and _decided_below(review, file, part, read, carriers, depth):
                return True
        elif isinstance(part, ast.Subscript) and _holds(part.slice, read, carriers):
            if not _DECIDING.isdisjoint(words(file.text(part.value))):
                return True
    returned = any(
        isinstance(part, ast.Return)
        and part.value is not None
        and _holds(part.value, read, carriers)
        for part in own_nodes(function)
    )
    if not returned:
        return False
    if info in keys:
        return True
    if depth > 3:
        return False
    trace = tracer(review)
    for caller in review.callers(info):
        node, caller_file = review.node_of(caller), review.file_of(caller.module)
        if node is None or caller_file is None or _speaks_of_trust(node):
            continue
        for call, _ in trace.calls_of(caller_file, node, info):
            if _decides(review, caller_file, node, caller, call, keys, depth + 1):
                return True
    return False


def _decided_below(
    review: Review,
    file: ReviewedFile,
    call: ast.Call,
    read: ast.expr | ast.arg,
    carriers: frozenset[str],
    depth: int,
) -> bool:
    for atom in review.callees(file, call):
        if not isinstance(atom, Function):
            continue
        node = review.node_of(atom.function)
        inner_file = review.file_of(atom.function.module)
        if node is None or inner_file is None:
            continue
        for parameter in atom.function.code.parameters:
            if any(
                _holds(argument, read, carriers)
                for argument in arguments_for(call, atom, parameter.name)
            ):
                for part in own_nodes(node):
                    if (
                        isinstance(part, ast.Compare)
                        and any(
                            isinstance(inner, ast.Name) and inner.id == parameter.name
                            for inner in walk(part)
                        )
                        and _refuses_on(inner_file, part)
                    ):
                        return True
    return False


def _carriers(
    file: ReviewedFile, function: FunctionNode, read: ast.expr | ast.arg
) -> frozenset[str]:
    found: set[str] = {read.arg} if isinstance(read, ast.arg) else set()
    for _ in range(4):
        before = len(found)
        for part in own_nodes(function):
            if isinstance(part, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
                held = frozenset(found)
                if (
                    part.value is not None
                    and _holds(part.value, read, held)
                    and not _is_told_to(file, function, part.value, read, held)
                ):
                    targets = (
                        part.targets if isinstance(part, ast.Assign) else [part.target]
                    )
                    found |= {
                        inner.id
                        for target in targets
                        for inner in walk(target, ast.Name)
                    }
        if len(found) == before:
            break
    return frozenset(found)


def _is_told_to(
    file: ReviewedFile,
    function: FunctionNode,
    value: ast.expr,
    read: ast.expr | ast.arg,
    carriers: frozenset[str],
) -> bool:
    """Whether an object of the function is only told the address: `auth.login(ip=ip)`.

    What it answers is no address.
    """
    call = value.value if isinstance(value, ast.Await) else value
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        return False
    owner = call.func.value
    return (
        call is not read
        and not _holds(owner, read, carriers)
        and any(part.id in file.local_names(function) for part in walk(owner, ast.Name))
    )


def _holds(node: ast.AST, read: ast.expr | ast.arg, carriers: frozenset[str]) -> bool:
    return any(
        part is read or (isinstance(part, ast.Name) and part.id in carriers)
        for part in walk(node)
    )


def _is_in_question(
    test: ast.Compare, read: ast.expr | ast.arg, carriers: frozenset[str]
) -> bool:
    sides = (test.left, *test.comparators)
    if any(
        isinstance(side, ast.Constant) and side.value in (None, "", "unknown")
        for side in sides
    ):
        return False
    return any(_holds(side, read, carriers) for side in sides)


def _refuses_on(file: ReviewedFile, test: ast.AST) -> bool:
    """Whether a condition turns a client away, or tells whether to."""
    for parent in file.ancestors(test):
        if isinstance(parent, (ast.If, ast.Assert)):
            return isinstance(parent, ast.Assert) or any(
                isinstance(part, (ast.Raise, ast.Return))
                for statement in parent.body
                for part in walk(statement)
            )
        if isinstance(parent, ast.Return):
            return True
        if isinstance(parent, ast.stmt):
            return False
    return False
