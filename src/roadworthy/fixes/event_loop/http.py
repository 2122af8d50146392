"""`requests` as `httpx.AsyncClient`: the calls of one function, and what they hand on.

All calls of a function are converted together, with the exceptions that it catches, or
none is: then they run in threads. The client is shared by the whole application.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence

from roadworthy.findings import Edit, Fix, Import
from roadworthy.fixes import places
from roadworthy.fixes.event_loop.client import (
    CLIENT,
    TIMEOUT,
    library_of,
    shared_client,
)
from roadworthy.fixes.event_loop.grounds import needs_parentheses, obstacle
from roadworthy.fixes.event_loop.threads import function_text
from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.trees import keyword
from roadworthy.values.atoms import Const, Mapping

_METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
_NO_BODY = frozenset({"get", "delete", "head", "options"})
_KEPT = frozenset({"params", "headers", "json", "timeout", "auth", "data"})
_SAME = frozenset(
    {"json", "text", "content", "status_code", "headers", "raise_for_status"}
    | {"cookies", "encoding", "elapsed"}
)
_EXCEPTIONS = {
    "RequestException": "HTTPError",
    "HTTPError": "HTTPStatusError",
    "ConnectionError": "NetworkError",
    "Timeout": "TimeoutException",
    "ReadTimeout": "ReadTimeout",
    "ConnectTimeout": "ConnectTimeout",
    "TooManyRedirects": "TooManyRedirects",
    "ProxyError": "ProxyError",
    "InvalidURL": "InvalidURL",
    "MissingSchema": "UnsupportedProtocol",
    "InvalidSchema": "UnsupportedProtocol",
    "ChunkedEncodingError": "RemoteProtocolError",
}
_DECODING = frozenset({"JSONDecodeError", "InvalidJSONError"})
_REPLACED_IN_TESTS = re.compile(
    r"\brequests_mock\b|^\s*(?:import|from) responses\b|[\"']requests\.|\.requests\.\w+[\"']"
    r"|setattr\(\s*requests\b|patch\.object\(\s*requests\b",
    re.MULTILINE,
)


def rewrite(
    review: Review,
    file: ReviewedFile,
    call: ast.Call,
    function: FunctionNode,
    becoming: FunctionNode | None,
) -> Fix | None:
    """Return the fix for all `requests` calls of a function; None where they must stay.

    The library must be one that the project asks for: a fix adds no requirement.
    """
    library = library_of(review)
    if library is None or CLIENT in file.local_names(function):
        return None
    if is_replaced_in_tests(review):
        return None
    calls = [
        node
        for node in own_nodes(function)
        if isinstance(node, ast.Call) and _requested(review, file, node)
    ]
    if call not in calls:
        return None
    if any(
        _requested(review, file, one) not in _METHODS or obstacle(file, one, becoming)
        for one in calls
    ):
        return None
    changes = converted(review, file, function, calls, library)
    if changes is None or _caught_elsewhere(review, function):
        return None
    edits = list(changes)
    for one in calls:
        edits.extend(_head(file, one, _requested(review, file, one)))
    users = [
        other
        for other in review.files
        if any(_requested(review, other, c) for c in other.nodes(ast.Call))
    ]
    place = shared_client(review, file, library, users)
    if place is None:
        return None
    needs = list(place.imports)
    if any(f"{library}." in edit.replacement for edit in edits):
        needs.append(Import(file.relative, f"import {library}"))
    return Fix(
        False,
        (*edits, *place.edits),
        note(library, calls) + place.remark,
        tuple(dict.fromkeys(needs)),
    )


def converted(
    review: Review,
    file: ReviewedFile,
    function: FunctionNode,
    calls: Sequence[ast.Call],
    library: str,
) -> list[Edit] | None:
    """Return the edits of all that goes with a function's calls: arguments, responses
    and exceptions. None where one of them has no like in the other library."""
    edits: list[Edit] = []
    assigned: dict[str, list[ast.stmt]] = {}
    for one in calls:
        name = one.func.attr if isinstance(one.func, ast.Attribute) else ""
        if isinstance(one.func, ast.Name):
            name = _requested(review, file, one)
        if name not in _METHODS:
            return None
        arguments = _arguments(review, file, one, name, library)
        target = _result(file, one)
        if arguments is None or target is None:
            return None
        edits.extend(arguments)
        if target:
            assigned.setdefault(target, []).append(file.statement_of(one))
    for target, statements in assigned.items():
        used = _responses(file, function, target, statements)
        if used is None:
            return None
        edits.extend(used)
    for one in calls:
        if isinstance(file.parent(one), ast.Attribute):
            changed = _attribute(file, file.parent(one))
            if changed is None:
                return None
            edits.extend(changed)
    handled = _handlers(review, file, function, library)
    if handled is None:
        return None
    return [*edits, *handled]


def is_replaced_in_tests(review: Review) -> bool:
    """Whether tests put something in the place of `requests`."""
    return any(
        _REPLACED_IN_TESTS.search(test.source.text)
        for test in review.test_files
        if test.source is not None
    )


def note(library: str, calls: Iterable[ast.Call]) -> str:
    """Return what is different afterwards, in one line."""
    parts = [
        f"{library} in place of requests: `raise_for_status` counts everything but 2xx "
        "as an error, the client keeps cookies, and proxies and certificates come from "
        "its own settings"
    ]
    if any(not keyword(one, "timeout") for one in calls):
        parts.append(f"a request without a timeout now gives up after {TIMEOUT} s")
    return "; ".join(parts)


# -- calls -------------------------------------------------------------------------------


def _requested(review: Review, file: ReviewedFile, call: ast.Call) -> str:
    """Return the method of a call of `requests`; empty for any other call.

    For what a session is asked for, and the like, it is the whole name.
    """
    for name in review.static_names(file, call):
        if name.startswith("requests."):
            short = name.removeprefix("requests.").removeprefix("api.")
            return short if "." not in short else name
    return ""


def _head(file: ReviewedFile, call: ast.Call, method: str) -> Iterator[Edit]:
    text = function_text(file, call)
    start = places.before(file, call, "")
    lines = text.split("\n")
    if len(lines) > 1:
        end = (start.line + len(lines) - 1, len(lines[-1]) + 1)
    else:
        end = (start.line, start.column + len(text))
    opened = "(" if needs_parentheses(file, call) else ""
    put = f"{opened}await {CLIENT}.{method}"
    yield Edit(file.relative, start.line, start.column, *end, put)
    if opened:
        yield places.after(file, call, ")")


def _arguments(
    review: Review, file: ReviewedFile, call: ast.Call, method: str, library: str
) -> list[Edit] | None:
    """Return the edits that a call's arguments need; None where one has no like."""
    edits: list[Edit] = []
    if not call.args and keyword(call, "url") is None:
        return None
    if any(isinstance(argument, ast.Starred) for argument in call.args):
        return None
    for number, argument in enumerate(call.args[1:]):
        names = ("params",) if method == "get" else ("data", "json")
        if method in ("delete", "head", "options") or number >= len(names):
            return None
        name = names[number]
        if name == "data":
            name = _body_keyword(review, file, argument)
            if not name:
                return None
        edits.append(places.before(file, argument, f"{name}="))
    for given in call.keywords:
        value = given.value
        if given.arg == "allow_redirects":
            edits.append(_renamed(file, given, "follow_redirects"))
            continue
        if given.arg == "url":
            continue
        if given.arg not in _KEPT:
            return None
        if given.arg in ("json", "data") and method in _NO_BODY:
            return None
        if given.arg == "data":
            name = _body_keyword(review, file, value)
            if not name:
                return None
            if name != "data":
                edits.append(_renamed(file, given, name))
        elif given.arg == "timeout" and isinstance(value, ast.Tuple):
            if len(value.elts) != 2:
                return None
            connect, read = (places.source_text(file, e) for e in value.elts)
            edits.append(
                places.replace(
                    file, value, f"{library}.Timeout({read}, connect={connect})"
                )
            )
        elif given.arg == "auth" and not isinstance(value, ast.Tuple):
            return None
    if method == "head" and not keyword(call, "allow_redirects"):
        last = [*call.args, *(k.value for k in call.keywords)][-1]
        edits.append(places.after(file, last, ", follow_redirects=False"))
    return edits


def _renamed(file: ReviewedFile, keyword: ast.keyword, name: str) -> Edit:
    """Return the edit that gives a keyword argument another name."""
    start = places.before(file, keyword, "")
    stop = places.before(file, keyword.value, "")
    return Edit(
        file.relative, start.line, start.column, stop.line, stop.column, f"{name}="
    )


def _body_keyword(review: Review, file: ReviewedFile, value: ast.expr) -> str:
    """Return how httpx calls a body: form fields, or content as it is; else empty."""
    if isinstance(value, ast.Dict):
        return "data"
    if isinstance(value, ast.Call) and (
        "json.dumps" in review.static_names(file, value)
    ):
        return "content"
    known = review.value(file, value)
    if kinds.all_are(known, lambda atom: isinstance(atom, Mapping)):
        return "data"
    if kinds.all_are(
        known,
        lambda atom: (isinstance(atom, Const) and isinstance(atom.value, (str, bytes)))
        or kinds.inherits(atom, ("builtins.str", "builtins.bytes")),
    ):
        return "content"
    return ""


# -- responses ---------------------------------------------------------------------------


def _result(file: ReviewedFile, call: ast.Call) -> str | None:
    """Return the name that a response is bound to, empty for none; None if it goes on."""
    parent = file.parent(call)
    if isinstance(parent, ast.Expr):
        return ""
    if isinstance(parent, ast.Attribute):
        return ""
    if (
        isinstance(parent, ast.Assign)
        and len(parent.targets) == 1
        and isinstance(parent.targets[0], ast.Name)
    ):
        return parent.targets[0].id
    if (
        isinstance(parent, ast.AnnAssign)
        and isinstance(parent.target, ast.Name)
        and "requests" not in ast.unparse(parent.annotation)
    ):
        return parent.target.id
    return None


def _responses(
    file: ReviewedFile, function: FunctionNode, name: str, statements: list[ast.stmt]
) -> list[Edit] | None:
    """Return the edits for all that is done with a response; None if it goes on."""
    edits: list[Edit] = []
    for node in ast.walk(function):
        if isinstance(node, (ast.Global, ast.Nonlocal)) and name in node.names:
            return None
        if isinstance(node, ast.arg) and node.arg == name:
            return None
        if not isinstance(node, ast.Name) or node.id != name:
            continue
        if isinstance(node.ctx, ast.Store):
            if file.statement_of(node) not in statements:
                parent = file.parent(node)
                cleared = isinstance(parent, ast.Assign) and isinstance(
                    parent.value, ast.Constant
                )
                if not cleared:
                    return None
            continue
        parent = file.parent(node)
        if isinstance(parent, ast.Attribute):
            changed = _attribute(file, parent)
            if changed is None:
                return None
            edits.extend(changed)
        elif not _is_truth(file, node):
            return None
    return edits


def _is_truth(file: ReviewedFile, node: ast.expr) -> bool:
    parent = file.parent(node)
    return (
        isinstance(parent, ast.Compare)
        and isinstance(parent.ops[0], (ast.Is, ast.IsNot))
        and len(parent.ops) == 1
    )


def _attribute(file: ReviewedFile, node: ast.AST | None) -> list[Edit] | None:
    if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
        return None
    if node.attr in _SAME:
        return []
    end = places.after(file, node, "")
    before = (end.line, end.column - len(node.attr))
    owner = places.source_text(file, node.value)
    if node.attr == "reason":
        return [
            Edit(file.relative, *before, end.line, end.column, "reason_phrase"),
        ]
    if node.attr == "ok" and isinstance(node.value, ast.Name):
        parent = file.parent(node)
        if isinstance(parent, ast.UnaryOp) and isinstance(parent.op, ast.Not):
            return [places.replace(file, parent, f"{owner}.is_error")]
        if isinstance(parent, (ast.If, ast.While, ast.BoolOp, ast.Return, ast.Assign)):
            return [places.replace(file, node, f"not {owner}.is_error")]
        return [places.replace(file, node, f"(not {owner}.is_error)")]
    if node.attr == "url" and isinstance(node.value, ast.Name):
        return [places.replace(file, node, f"str({owner}.url)")]
    return None


# -- exceptions --------------------------------------------------------------------------


def _handlers(
    review: Review, file: ReviewedFile, function: FunctionNode, library: str
) -> list[Edit] | None:
    edits: list[Edit] = []
    for node in ast.walk(function):
        if not isinstance(node, (ast.Attribute, ast.Name)):
            continue
        if not isinstance(node.ctx, ast.Load):
            continue
        parent = file.parent(node)
        if isinstance(parent, ast.Attribute):
            continue
        value = review.static(file, node) or ()
        for atom in kinds.known(value):
            path = kinds.path_of(atom) or ""
            if not path.startswith("requests."):
                continue
            if isinstance(parent, ast.Call) and parent.func is node:
                if path.rpartition(".")[2] in _METHODS:
                    continue
                return None
            name = path.rpartition(".")[2]
            put = (
                "ValueError"
                if name in _DECODING
                else f"{library}.{_EXCEPTIONS[name]}" if name in _EXCEPTIONS else ""
            )
            if not put or not _is_caught(file, node):
                return None
            edits.append(places.replace(file, node, put))
            break
    for handler in ast.walk(function):
        if isinstance(handler, ast.ExceptHandler) and handler.name:
            for node in ast.walk(handler):
                if (
                    isinstance(node, ast.Attribute)
                    and isinstance(node.value, ast.Name)
                    and node.value.id == handler.name
                    and node.attr in ("response", "request")
                    and handler.type is not None
                    and "HTTPError" not in ast.unparse(handler.type)
                    and edits
                ):
                    return None
    return edits


def _is_caught(file: ReviewedFile, node: ast.expr) -> bool:
    parent = file.parent(node)
    if isinstance(parent, ast.Tuple):
        parent = file.parent(parent)
    if isinstance(parent, ast.ExceptHandler):
        return True
    return isinstance(parent, ast.Call) and (
        isinstance(parent.func, ast.Name) and parent.func.id == "isinstance"
    )


def _caught_elsewhere(review: Review, function: FunctionNode) -> bool:
    """Whether another function catches what `requests` raises, and calls none of it."""
    for other in review.files:
        if not other.mentions("requests"):
            continue
        for handler in other.nodes(ast.ExceptHandler):
            if handler.type is None:
                continue
            owner = other.function_of(handler)
            if owner is function:
                continue
            for node in ast.walk(handler.type):
                if not isinstance(node, (ast.Attribute, ast.Name)):
                    continue
                value = kinds.known(review.static(other, node) or ())
                if any(
                    (kinds.path_of(atom) or "").startswith("requests.exceptions")
                    or (kinds.path_of(atom) or "").startswith("requests.")
                    for atom in value
                ):
                    if owner is None or not any(
                        isinstance(n, ast.Call) and _requested(review, other, n)
                        for n in own_nodes(owner)
                    ):
                        return True
    return False
