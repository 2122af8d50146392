"""RW619 unbounded-upload."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from roadworthy.app.model import Route, Router
from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.handlers import Handler
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.authentication import functions_of_hook, guards
from roadworthy.rules.security.words import words
from roadworthy.values.atoms import Const
from roadworthy.values.program import FunctionInfo

RULE = Rule(
    code="RW619",
    name="unbounded-upload",
    severity="warning",
    summary="An upload or request body read into memory whole, however large it is.",
    why=(
        "FastAPI sets no limit to a body. One client that sends some gigabytes, or a "
        "few at once, and the process is killed with everything that it was serving."
    ),
    instead=(
        "Read in chunks and stop at a limit (`while chunk := await file.read(65536)`), "
        "check `file.size` first, or limit bodies in a middleware."
    ),
    wrong="""\
from fastapi import FastAPI, UploadFile

app = FastAPI()


@app.post("/avatar")
async def set_avatar(file: UploadFile) -> int:
    content = await file.read()  # expect: RW619
    return len(content)
""",
    right="""\
from fastapi import FastAPI, HTTPException, UploadFile

LARGEST = 5 * 1024 * 1024
app = FastAPI()


@app.post("/avatar")
async def set_avatar(file: UploadFile) -> int:
    content = bytearray()
    while chunk := await file.read(65536):
        content += chunk
        if len(content) > LARGEST:
            raise HTTPException(413, "The file is too large")
    return len(content)
""",
    references=("https://fastapi.tiangolo.com/tutorial/request-files/",),
)

_LENGTH = ("content-length", "Content-Length", "content_length", "CONTENT_LENGTH")


def check(review: Review) -> Iterator[Finding]:
    """Flag reads of whole uploads and bodies with no size limit before them."""
    limited: dict[Router, bool] = {}
    for file in review.files:
        if not file.mentions(".read(", ".body("):
            continue
        for node, info in review.reached_functions(file):
            for call in own_nodes(node):
                if not isinstance(call, ast.Call) or not _reads_all(review, file, call):
                    continue
                entry = review.entry_of(info)
                if _is_limited(review, file, node, call, info, entry, limited):
                    continue
                yield review.finding(
                    RULE,
                    file,
                    call,
                    f"`{file.text(call)}` takes whatever size the client sends",
                    entry=entry,
                )


def _reads_all(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    function = call.func
    if not isinstance(function, ast.Attribute) or call.args or call.keywords:
        return False
    if function.attr == "read":
        owner = function.value
        if isinstance(owner, ast.Attribute) and owner.attr == "file":
            # The file below it: `upload.file.read()` in a `def` handler.
            return kinds.any_is(review.value(file, owner.value), kinds.is_upload)
        return kinds.any_is(review.value(file, function.value), kinds.is_upload)
    if function.attr == "body":
        return kinds.any_is(review.value(file, function.value), kinds.is_request)
    return False


def _is_limited(
    review: Review,
    file: ReviewedFile,
    node: FunctionNode,
    call: ast.Call,
    info: FunctionInfo,
    entry: Handler | None,
    limited: dict[Router, bool],
) -> bool:
    if _looks_at_size(node, call):
        return True
    level: list[FunctionInfo] = [info]
    seen = {info}
    for _ in range(4):
        above: list[FunctionInfo] = []
        for function in level:
            for caller in review.callers(function):
                if caller not in seen:
                    seen.add(caller)
                    above.append(caller)
                    caller_node = review.node_of(caller)
                    if caller_node is not None and _looks_at_size(caller_node, None):
                        return True
        level = above
    if entry is None:
        return False
    for route in entry.routes:
        for use in review.dependencies(route):
            for dependency in use.functions:
                dependency_node = review.node_of(dependency.function)
                if dependency_node is not None and _looks_at_size(
                    dependency_node, None
                ):
                    return True
        if _is_given_limit(route):
            return True
        for router in route.chain:
            if router not in limited:
                limited[router] = _limits_bodies(review, router)
            if limited[router]:
                return True
    return False


def _is_given_limit(route: Route) -> bool:
    """Whether FastAPI itself limits bodies: `max_body_size` at some level."""
    levels = [route.declaration.arguments, *(r.arguments for r in route.chain)]
    for outer, inner in pairwise(route.chain):
        levels += [i.arguments for i in outer.inclusions if i.child is inner]
    for given in levels:
        size = given.keywords.get("max_body_size")
        if size and not any(
            isinstance(atom, Const) and atom.value is None for atom in size
        ):
            return True
    return False


def _looks_at_size(node: FunctionNode, call: ast.Call | None) -> bool:
    """Whether a function looks at the size of an upload or body before a call."""
    for part in own_nodes(node):
        if call is not None and getattr(part, "lineno", 0) > call.lineno:
            continue
        if isinstance(part, ast.Constant) and part.value in _LENGTH:
            return True
        if isinstance(part, ast.Compare):
            for side in walk(part):
                name = side.id if isinstance(side, ast.Name) else ""
                if isinstance(side, ast.Attribute):
                    name = side.attr
                if not {"size", "length"}.isdisjoint(words(name)):
                    return True
        if (
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Attribute)
            and part.func.attr == "tell"
        ):
            return True
    return False


def _limits_bodies(review: Review, router: Router) -> bool:
    guard = guards(review)
    for hook in router.hooks:
        if hook.kind not in ("middleware", "middleware class"):
            continue
        for atom in hook.target:
            for function in functions_of_hook(atom):
                if 413 in guard.statuses(function):
                    return True
                node = review.node_of(function)
                if node is not None and _looks_at_size(node, None):
                    return True
            if any(
                {"size", "limit"} <= set(words(name.rpartition(".")[2]))
                or "BodyLimit" in name
                for name in kinds.lineage(atom)
            ):
                return True
    return False
